//! `bailiwick import`: the files of a folder into the database, also while a server runs on it.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::{Args, ValueEnum};
use domain::id::{SourceId, SourceRunId};
use domain::permission::Actor;
use domain::source::{FileTotals, ImportMode, RunState, SourceRun};
use serde_json::json;
use service::clock::SystemEntropy;
use service::imports::{self, Foretold, Outcome, Progress, RunView, Step, Worker};
use service::{Cx, Service, sources};

use crate::config::{Data, LISTEN};
use crate::home;

/// Done, but some lines were rejected.
const SOME_REJECTED: u8 = 3;
/// Time between two looks at what somebody else is at.
const WAIT: Duration = Duration::from_secs(1);
/// Problems that are printed.
const SHOWN: usize = 20;

/// What a missing row means.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum Mode {
    /// The files are everything the source has: what is gone is ended.
    Snapshot,
    /// The files have only what is new or changed.
    Delta,
}

/// Flags of `import`.
#[derive(Debug, Args)]
pub(crate) struct Arguments {
    /// Folder with `identities.csv`, `applications.csv`, `entitlements.csv`, `accounts.csv`, `access.csv`, `roles.csv`,
    /// `role_members.csv`, `decisions.csv`, or some of them.
    #[arg(value_name = "DIR")]
    folder: PathBuf,

    /// The source these files come from; added when there is none of this name. By default the folder's name.
    #[arg(long, value_name = "NAME")]
    source: Option<String>,

    /// What a missing row means.
    #[arg(long, value_enum, default_value = "snapshot")]
    mode: Mode,

    /// Only say what would change.
    #[arg(long)]
    dry_run: bool,

    /// Let a snapshot end more than a tenth of the source, and why.
    #[arg(long, value_name = "REASON")]
    allow_shrink: Option<String>,

    /// Print the totals as JSON.
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    data: Data,
}

/// Exits with 0 when everything was imported, 1 when the import was refused or failed, and 3 when some lines were rejected.
pub(crate) async fn run(arguments: Arguments) -> ExitCode {
    match import(&arguments).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("bailiwick: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn import(arguments: &Arguments) -> Result<ExitCode> {
    // Before anything is made on this data: a wrong folder is the most likely mistake.
    imports::files(&arguments.folder)?;
    let service = home::open(&arguments.data, format!("http://{LISTEN}")).await?;
    let (mut lock, name) = home::import_lock(&arguments.data.data_dir, &SystemEntropy)?;
    let result = match lock.try_write() {
        Ok(_alone) => carry_out(&service, arguments, &name).await,
        Err(_) => Err(anyhow::anyhow!(
            "another import from the command line is at work on this data directory; wait until it is through"
        )),
    };
    service.store().close().await;
    result
}

async fn carry_out(
    service: &Arc<Service>,
    arguments: &Arguments,
    worker: &str,
) -> Result<ExitCode> {
    let cx = Cx::of(Actor::CommandLine);
    let name = match &arguments.source {
        Some(name) => name.clone(),
        None => folder_name(arguments)?,
    };
    let mode = match arguments.mode {
        Mode::Snapshot => ImportMode::Snapshot,
        Mode::Delta => ImportMode::Delta,
    };
    let source = sources::or_create(service, &cx, &name).await?;
    let progress = progress(arguments.json);
    if !arguments.dry_run {
        go_on_with_broken_off(service, &cx, source, worker, &progress).await?;
    }
    let id = imports::folder(service, &cx, source, mode, &arguments.folder).await?;
    let Outcome::Done(mut run) = imports::check(service, &cx, id, &progress).await? else {
        bail!("the import was stopped");
    };
    if run.state == RunState::Checked && !arguments.dry_run {
        let reason = arguments.allow_shrink.as_deref();
        run = apply(service, &cx, id, reason, worker, &progress).await?;
    }
    let view = imports::run(service, &cx, id).await?;
    if arguments.dry_run && run.state == RunState::Checked {
        imports::cancel(service, &cx, id).await?;
    }
    let problems = imports::problems(service, &cx, id, None).await?;
    let lines: Vec<String> = problems
        .rows
        .iter()
        .map(|row| {
            let problem = &row.problem;
            let column = if problem.column.is_empty() {
                String::new()
            } else {
                format!(", {}", problem.column)
            };
            format!(
                "{} line {}{column}: {}",
                problem.kind.file_name(),
                problem.line,
                problem.message
            )
        })
        .collect();
    if arguments.json {
        println!("{:#}", as_json(&run, &name, arguments, &lines, &view));
    } else {
        if let Some(told) = &view.plan {
            println!("{}", told.sentence(|n| n.to_string()));
        }
        print_table(&run, arguments.dry_run);
    }
    for line in lines.iter().take(SHOWN) {
        eprintln!("{line}");
    }
    if view.problems > SHOWN as u64 {
        eprintln!(
            "… and {} more problems; the page of the import has them.",
            view.problems - SHOWN as u64
        );
    }
    if !matches!(run.state, RunState::Applied | RunState::Checked) {
        eprintln!("bailiwick: {}", run.message);
        return Ok(ExitCode::FAILURE);
    }
    if arguments.dry_run && arguments.allow_shrink.is_none() && !view.shrink.is_empty() {
        eprintln!(
            "This snapshot would end more than a tenth of what the source has; to apply it, say why with --allow-shrink."
        );
    }
    let rejected = run.totals.values().any(|totals| totals.rejected > 0);
    Ok(if rejected {
        ExitCode::from(SOME_REJECTED)
    } else {
        ExitCode::SUCCESS
    })
}

/// Takes imports of the source to their end that were killed while they wrote: nothing else can be applied before.
async fn go_on_with_broken_off(
    service: &Service,
    cx: &Cx,
    source: SourceId,
    worker: &str,
    progress: &Progress,
) -> Result<()> {
    for run in imports::broken_off(service, source).await? {
        eprintln!(
            "An earlier import of this source was broken off; it is carried to its end first."
        );
        apply(service, cx, run, None, worker, progress).await?;
    }
    Ok(())
}

/// Applies a run; waits while somebody else is at it.
async fn apply(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    reason: Option<&str>,
    worker: &str,
    progress: &Progress,
) -> Result<Box<SourceRun>> {
    let mut told = false;
    // Whoever wants to see first what it would do asks for that alone.
    let worker = Worker::named(worker).unasked();
    loop {
        match imports::apply(service, cx, run, reason, worker, progress).await? {
            Outcome::Done(run) => return Ok(run),
            Outcome::Stopped => bail!("the import was stopped"),
            Outcome::Held(_) => {
                if !told {
                    eprintln!("The server is at work on it; waiting.");
                    told = true;
                }
                tokio::time::sleep(WAIT).await;
                let now = imports::run(service, cx, run).await?.run;
                if now.state.is_over() {
                    return Ok(Box::new(now));
                }
            }
        }
    }
}

/// The name of a folder, also of `.` and of one with a slash behind it.
fn folder_name(arguments: &Arguments) -> Result<String> {
    let folder = arguments
        .folder
        .canonicalize()
        .with_context(|| format!("cannot find {}", arguments.folder.display()))?;
    let name = folder.file_name().and_then(|name| name.to_str());
    name.map(str::to_owned)
        .context("the folder has no name that could be the source's; give one with --source")
}

/// One line on the terminal that is written over, when somebody looks at it.
fn progress(json: bool) -> Progress {
    if json || !std::io::stderr().is_terminal() {
        return Progress::silent();
    }
    let show = |step: Step| {
        let percent = step
            .done
            .saturating_mul(100)
            .checked_div(step.total)
            .unwrap_or(100);
        eprint!("\r{:<16} {:>3} %", step.kind.label(), percent.min(100));
        if step.done >= step.total {
            eprint!("\r{:<24}\r", "");
        }
    };
    Progress::new(show, Arc::default())
}

fn cells(totals: &FileTotals) -> [(&'static str, u64); 6] {
    [
        ("rows", totals.rows),
        ("added", totals.added),
        ("changed", totals.changed),
        ("ended", totals.ended),
        ("unchanged", totals.unchanged),
        ("rejected", totals.rejected),
    ]
}

fn print_table(run: &SourceRun, dry_run: bool) {
    print!("{:<14}", "file");
    for (name, _) in cells(&FileTotals::default()) {
        print!("{name:>11}");
    }
    println!();
    for (kind, totals) in &run.totals {
        print!("{:<14}", kind.word());
        for (_, count) in cells(totals) {
            print!("{count:>11}");
        }
        println!();
    }
    match run.state {
        RunState::Applied => println!("Imported as {}.", run.id),
        _ if dry_run => println!("Nothing was changed: this was a dry run."),
        _ => println!(
            "Nothing more was changed: {}.",
            run.state.label().to_lowercase()
        ),
    }
}

fn as_json(
    run: &SourceRun,
    source: &str,
    arguments: &Arguments,
    problems: &[String],
    view: &RunView,
) -> serde_json::Value {
    let files: serde_json::Map<String, serde_json::Value> = run
        .totals
        .iter()
        .map(|(kind, totals)| {
            (
                kind.word().to_owned(),
                cells(totals)
                    .iter()
                    .map(|(name, count)| ((*name).to_owned(), json!(count)))
                    .collect(),
            )
        })
        .collect();
    let mut all = json!({
        "run": run.id,
        "source": source,
        "mode": run.mode,
        "state": run.state,
        "dry_run": arguments.dry_run,
        "message": run.message,
        "files": files,
        "problems": problems,
        "problems_found": view.problems,
    });
    if let Some(told) = &view.plan {
        all["plan"] = plan(told);
    }
    all
}

/// What a dry run foresees of access; entitlements and people are the first ones.
fn plan(told: &Foretold) -> serde_json::Value {
    let plan = &told.plan;
    let effects = plan.effects.iter().map(|effect| {
        json!({
            "application": effect.entitlement.application_name,
            "entitlement": effect.entitlement.name,
            "risk": effect.entitlement.risk,
            "gains": effect.gains,
            "losses": effect.losses,
        })
    });
    let lines = plan.lines.iter().map(|line| {
        let username = told.usernames.get(&line.person);
        json!({
            "person": username.is_none().then_some(line.person),
            "username": username,
            "name": line.name,
            "application": line.entitlement.application_name,
            "entitlement": line.entitlement.name,
            "gains": line.gains,
        })
    });
    let applications = told.by_application().into_iter().map(
        |(name, gains, losses)| json!({ "application": name, "gains": gains, "losses": losses }),
    );
    let risks = told
        .by_risk()
        .into_iter()
        .map(|(risk, gains, losses)| json!({ "risk": risk, "gains": gains, "losses": losses }));
    json!({
        "hash": plan.hash,
        "sentence": told.sentence(|n| n.to_string()),
        "people": plan.people,
        "gaining": plan.gaining,
        "losing": plan.losing,
        "new_people": told.newcomers,
        "gains": plan.gains,
        "losses": plan.losses,
        "end_after_hand_over": told.handed_over,
        "entitlements": told.entitlements,
        "applications": applications.collect::<Vec<_>>(),
        "risks": risks.collect::<Vec<_>>(),
        "effects": effects.collect::<Vec<_>>(),
        "first_people": lines.collect::<Vec<_>>(),
    })
}
