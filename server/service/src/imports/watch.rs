//! The watched folder of a source: when its files changed, they are imported.

use domain::id::{SourceId, SourceRunId};
use domain::lifecycle::Lifecycle;
use domain::permission::Actor;
use domain::source::{FileKind, RunState, Source};
use domain::time::{HOUR, Instant, MINUTE};
use storage::ReadTx;

use super::finish::fail;
use super::folder::{folder, hashes};
use super::progress::{Halt, Progress};
use super::resume::{broken_off, key};
use super::run::{Outcome, Worker, apply, check};
use crate::boxed;
use crate::jobs::Work;
use crate::{Cx, Error, Result, Service};

/// Runs that are looked at together.
const PAGE: i64 = 20;
/// How long the very same files wait after they failed once, twice, and more often: what makes an import fail is seldom
/// gone a minute later, and each attempt reads and writes everything again.
const PAUSES: [i64; 3] = [5 * MINUTE, 15 * MINUTE, HOUR];

/// Kinds and hashes of files, in the order of kinds.
type Files = Vec<(FileKind, [u8; 32])>;

/// Looks into the folder of a source, and imports what is there unless the very same files were imported or refused before,
/// or have failed a short while ago. An import of the source that broke off comes first.
#[boxed]
pub async fn watch(service: &Service, source: SourceId, work: &Work) -> Result<()> {
    let cx = Cx::of(Actor::System);
    let found = service
        .store
        .read()
        .await?
        .source(source)
        .await?
        .ok_or(Error::NotFound)?;
    if found.content.folder.is_empty() || found.content.status != Lifecycle::Active {
        return Ok(());
    }
    let progress = Progress::new(|_| {}, work.flag());
    let name = work.job().to_string();
    // Nobody sits before a folder and agrees.
    let worker = Worker::job(&name, work).unasked();
    for broken in broken_off(service, source).await? {
        // A job has it; perhaps somebody paused that to look at something first.
        let job = service.store.read().await?.live_job(&key(broken)).await?;
        if job.is_some() {
            return Ok(());
        }
        let outcome = apply(service, &cx, broken, None, worker, &progress).await?;
        if !matches!(outcome, Outcome::Done(_)) {
            return Ok(());
        }
    }
    let path = found.content.folder.as_ref();
    let hashes = hashes(path)?;
    if known(service, &found, &hashes).await? {
        return Ok(());
    }
    let run = folder(service, &cx, source, found.content.mode, path).await?;
    let outcome = async {
        match check(service, &cx, run, &progress).await? {
            Outcome::Done(checked) if checked.state == RunState::Checked => {
                apply(service, &cx, run, None, worker, &progress).await
            }
            outcome => Ok(outcome),
        }
    };
    let outcome = match outcome.await {
        // The run says so and counts as failed: otherwise the same would happen at each look.
        Err(error @ (Error::Storage(_) | Error::Internal(_))) => {
            let broken = service.store.read().await?.run(run).await?;
            match broken.filter(|run| !run.state.is_over()) {
                Some(run) => fail(service, &cx, &run, Halt::Failed(error), None).await,
                None => Err(error),
            }
        }
        outcome => outcome,
    };
    if !matches!(outcome, Ok(Outcome::Done(_))) {
        give_up(service, &cx, run).await?;
    }
    outcome.map(drop)
}

/// Calls a run off that has written nothing: the next look brings the files in anew.
async fn give_up(service: &Service, cx: &Cx, id: SourceRunId) -> Result<()> {
    let run = service.store.read().await?.run(id).await?;
    match run.map(|run| run.state) {
        Some(RunState::Staged | RunState::Checking | RunState::Checked) => {
            super::cancel(service, cx, id).await
        }
        _ => Ok(()),
    }
}

/// Whether these files are not to be imported now: the last run of the source had the very same ones and would lead to the
/// same again, or it failed and the pause after that is not over.
async fn known(
    service: &Service,
    source: &Source,
    hashes: &[(FileKind, [u8; 32])],
) -> Result<bool> {
    let mut tx = service.store.read().await?;
    let last = last(&mut tx, source).await?;
    Ok(last.is_some_and(|last| {
        last.files == hashes && last.again.is_none_or(|again| service.now() < again)
    }))
}

/// Until when the files of a watched folder are held back, because importing them failed; other files are not.
pub(crate) async fn held_back(tx: &mut ReadTx, source: &Source) -> Result<Option<Instant>> {
    if source.content.folder.is_empty() || source.content.status != Lifecycle::Active {
        return Ok(None);
    }
    Ok(last(tx, source).await?.and_then(|last| last.again))
}

/// What a source brought last and saw an end of.
struct Last {
    files: Files,
    /// When they may be tried again; none unless they failed.
    again: Option<Instant>,
}

/// The last run of a source that was applied, refused or failed since something was said of the source: before, it may have
/// been read otherwise. It is all in the runs, so a program that starts again knows as much as the one before.
async fn last(tx: &mut ReadTx, source: &Source) -> Result<Option<Last>> {
    let mut newest: Option<(Instant, Files)> = None;
    let mut failures = 0;
    let mut below = None;
    'runs: while failures < PAUSES.len() {
        let page = tx.latest_runs(Some(source.id), below, PAGE).await?;
        let Some(lowest) = page.last() else { break };
        below = Some(lowest.id);
        for run in page {
            let failed = run.state == RunState::Failed;
            let counts = failed || matches!(run.state, RunState::Applied | RunState::Refused);
            let Some(at) = run.finished.filter(|_| counts) else {
                continue;
            };
            if at <= source.recorded_from {
                break 'runs;
            }
            let files = files(tx, run.id).await?;
            match &newest {
                None => newest = Some((at, files)),
                Some((_, known)) if failed && *known == files => {}
                Some(_) => break 'runs,
            }
            if !failed {
                break 'runs;
            }
            failures += 1;
        }
    }
    let pause = PAUSES.iter().take(failures).next_back();
    Ok(newest.map(|(at, files)| Last {
        files,
        again: pause.map(|pause| at.plus(*pause)),
    }))
}

async fn files(tx: &mut ReadTx, run: SourceRunId) -> Result<Files> {
    let files = tx.run_files(run).await?.into_iter();
    let mut files: Vec<_> = files.map(|file| (file.kind, file.sha256)).collect();
    files.sort_unstable();
    Ok(files)
}
