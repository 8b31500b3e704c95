//! `bailiwick audit verify`: whether the log and what it covers are as they were written.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use service::audit::{Report, verify};

use crate::config::Data;
use crate::{home, keys};

/// What can be done to the log.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check sequence, hashes, tree, checkpoints, and the content of every covered table against the log; names the
    /// first thing that does not hold. Cannot see what somebody did who holds both the database and the signing key,
    /// after the last checkpoint that was copied elsewhere: keep copies, and check against one with --since.
    Verify(Verify),
}

/// Flags of `audit verify`.
#[derive(Debug, Args)]
pub(crate) struct Verify {
    /// A checkpoint that was copied elsewhere: the log must still begin with exactly what it covers.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,

    /// The log's verifying key, instead of keys/audit.pub in the data directory.
    #[arg(long, value_name = "KEY")]
    key: Option<String>,

    /// Print the result as JSON.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: Data,
}

/// Exit code 0: everything holds; 1: something does not; 2: it could not be checked.
pub(crate) async fn run(command: Command) -> ExitCode {
    let Command::Verify(arguments) = command;
    match check(&arguments).await {
        Ok(report) => {
            if arguments.json {
                println!(
                    "{}",
                    serde_json::to_string_pretty(&report).unwrap_or_default()
                );
            } else {
                println!("{report}");
            }
            if report.finding.is_none() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(error) => {
            eprintln!("bailiwick: the log could not be checked: {error:#}");
            ExitCode::from(2)
        }
    }
}

async fn check(arguments: &Verify) -> Result<Report> {
    let key = match &arguments.key {
        Some(text) => text
            .trim()
            .parse()
            .map_err(|e| anyhow::anyhow!("--key is no verifying key: {e}"))?,
        None => keys::verifying(&arguments.data)?,
    };
    let since = match &arguments.since {
        Some(file) => Some(
            std::fs::read_to_string(file)
                .with_context(|| format!("cannot read {}", file.display()))?,
        ),
        None => None,
    };
    if arguments.data.database_url.is_none()
        && !arguments.data.data_dir.join(home::DATABASE).exists()
    {
        anyhow::bail!(
            "there is no database in {}",
            arguments.data.data_dir.display()
        );
    }
    let store = home::store(&arguments.data).await?;
    let report = verify(&store, &[key], since.as_deref()).await;
    store.close().await;
    Ok(report?)
}
