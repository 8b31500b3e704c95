//! `bailiwick evidence`: makes the evidence pack of a campaign, and checks one anywhere, without a database.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use domain::id::CampaignId;
use domain::time::Instant;
use proof::checkpoint::VerifyingKey;
use proof::pack::{Verified, verify};
use service::reviews::evidence;
use service::{Cx, Service};

use super::access::with;
use crate::config::Data;

/// Acts on evidence packs.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make the evidence pack of a campaign: one file that proves the whole campaign, offline and for years. Everything is
    /// compared with the audit log first; nothing is made of a database that was changed behind its back.
    Export(Export),
    /// Check an evidence pack, without a database: every line, every entry of the log, signatures and totals. Names the first
    /// thing that does not hold.
    Verify(Verify),
}

/// Flags of `evidence export`.
#[derive(Debug, Args)]
pub(crate) struct Export {
    /// The campaign's id.
    id: CampaignId,
    /// The file to make; one that is there is not replaced.
    file: PathBuf,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    data: Data,
}

/// Flags of `evidence verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// The evidence pack.
    file: PathBuf,
    /// The log's verifying key as the organisation publishes it, or a file that has it (one a line). Without it the pack's own
    /// is taken, which shows that the pack is whole, not whose it is.
    #[arg(long, value_name = "KEY|FILE")]
    key: Vec<String>,
    /// Print the result as JSON.
    #[arg(long)]
    json: bool,
}

/// Exit code 0: it holds, or was made; 1: it does not, or could not be made; 2: it could not be checked.
pub(crate) async fn run(command: Command) -> ExitCode {
    match command {
        Command::Export(arguments) => match export(&arguments).await {
            Ok(verified) => {
                told(&verified, arguments.json);
                ExitCode::SUCCESS
            }
            Err(error) => {
                eprintln!("bailiwick: {error:#}");
                ExitCode::FAILURE
            }
        },
        Command::Verify(arguments) => check(&arguments),
    }
}

/// Makes the pack beside its place, and moves it there when it is verified.
async fn export(arguments: &Export) -> Result<Verified> {
    let place = &arguments.file;
    if place.exists() {
        anyhow::bail!("{} is there already; name another file", place.display());
    }
    let mut beside = place.clone().into_os_string();
    beside.push(".part");
    let beside = PathBuf::from(beside);
    let made = make(arguments, &beside).await;
    if made.is_err() {
        // It proves nothing; what was wrong is said.
        let _ = fs::remove_file(&beside);
    }
    let verified = made?;
    fs::rename(&beside, place).with_context(|| format!("cannot write {}", place.display()))?;
    Ok(verified)
}

async fn make(arguments: &Export, beside: &Path) -> Result<Verified> {
    let mut options = fs::OpenOptions::new();
    options.read(true).write(true).create(true).truncate(true);
    let mut file = options
        .open(beside)
        .with_context(|| format!("cannot write {}", beside.display()))?;
    let verified = with(&arguments.data, async |service: &Arc<Service>, cx: &Cx| {
        Ok(evidence::write(service, cx, arguments.id, &mut file).await?)
    })
    .await?;
    file.sync_all()
        .with_context(|| format!("cannot write {}", beside.display()))?;
    Ok(verified)
}

fn check(arguments: &Verify) -> ExitCode {
    let read = || -> Result<(Vec<u8>, Vec<VerifyingKey>)> {
        let pack = fs::read(&arguments.file)
            .with_context(|| format!("cannot read {}", arguments.file.display()))?;
        Ok((pack, keys(&arguments.key)?))
    };
    let (pack, keys) = match read() {
        Ok(read) => read,
        Err(error) => {
            eprintln!("bailiwick: the pack could not be checked: {error:#}");
            return ExitCode::from(2);
        }
    };
    match verify(&pack, &keys) {
        Ok(verified) => {
            told(&verified, arguments.json);
            ExitCode::SUCCESS
        }
        Err(error) => {
            if arguments.json {
                say!("{}", serde_json::json!({ "holds": false, "error": error }));
            }
            eprintln!("bailiwick: the pack does not hold. {error}");
            ExitCode::FAILURE
        }
    }
}

/// Keys as they were typed, or from the files that were named.
fn keys(texts: &[String]) -> Result<Vec<VerifyingKey>> {
    let mut keys = Vec::new();
    for text in texts {
        if let Ok(key) = text.trim().parse() {
            keys.push(key);
            continue;
        }
        let lines = fs::read_to_string(text)
            .with_context(|| format!("--key {text} is neither a verifying key nor a file"))?;
        for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let key = line
                .parse()
                .map_err(|e| anyhow::anyhow!("{text} has a line that is no verifying key: {e}"))?;
            keys.push(key);
        }
    }
    Ok(keys)
}

fn told(verified: &Verified, as_json: bool) {
    if as_json {
        say!(
            "{:#}",
            serde_json::json!({ "holds": true, "verified": verified })
        );
        return;
    }
    let moment = |micros: Option<i64>| {
        micros.map_or_else(
            || "an unknown time".to_owned(),
            |micros| Instant::from_micros(micros).to_string(),
        )
    };
    let population = verified.population;
    say!("The pack holds: {} ({})", verified.name, verified.campaign);
    say!(
        "{} in scope: {} to be reviewed, {} left out.",
        population.included + population.excluded,
        population.included,
        population.excluded
    );
    let decisions: Vec<String> = verified
        .decisions
        .iter()
        .map(|(word, items)| format!("{items} {}", word.replace('_', " ")))
        .chain([format!("{} without a decision", verified.undecided)])
        .collect();
    say!("Decisions: {}.", decisions.join(", "));
    say!(
        "Proven: {} lines of the population, {} records of {} acts, {} entries of the log.",
        population.lines,
        verified.records,
        verified.acts,
        verified.entries.values().sum::<u64>()
    );
    say!(
        "Launched {}, exported {} by {}.",
        moment(verified.launched_at),
        moment(verified.exported_at),
        verified.exported_by
    );
    say!(
        "Checkpoints at {} and {} entries of {}.",
        verified.checkpoint.size,
        verified.seal.size,
        verified.seal.origin
    );
    for key in &verified.keys {
        say!("Key {}", key.key);
    }
    say!("SHA-256 of the file {}", verified.sha256);
    for warning in &verified.warnings {
        eprintln!("Note: {warning}");
    }
}
