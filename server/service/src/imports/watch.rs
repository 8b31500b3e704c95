//! The watched folder of a source: when its files changed, they are imported.

use domain::id::{SourceId, SourceRunId};
use domain::lifecycle::Lifecycle;
use domain::permission::Actor;
use domain::source::{FileKind, RunState, Source, SourceRun};

use super::folder::{folder, hashes};
use super::progress::Progress;
use super::resume::{broken_off, key};
use super::run::{Outcome, Worker, apply, check};
use crate::boxed;
use crate::jobs::Work;
use crate::{Cx, Error, Result, Service};

/// Runs that are looked at together.
const PAGE: i64 = 20;

/// Looks into the folder of a source, and imports what is there unless the very same files
/// were imported or refused before. An import of the source that broke off comes first.
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
    let worker = Worker::job(&name, work);
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
    let outcome = outcome.await;
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

/// Whether the last run of the source that was applied or refused had the very same files, and nothing was said of the
/// source since: they would lead to the same again.
async fn known(
    service: &Service,
    source: &Source,
    hashes: &[(FileKind, [u8; 32])],
) -> Result<bool> {
    let mut tx = service.store.read().await?;
    let mut below = None;
    let last = loop {
        let page = tx.latest_runs(Some(source.id), below, PAGE).await?;
        below = page.last().map(|run| run.id);
        let over = |run: &SourceRun| matches!(run.state, RunState::Applied | RunState::Refused);
        match (page.into_iter().find(over), below) {
            (None, Some(_)) => {}
            (found, _) => break found,
        }
    };
    let Some(last) = last else {
        return Ok(false);
    };
    let mut before: Vec<_> = tx
        .run_files(last.id)
        .await?
        .into_iter()
        .map(|file| (file.kind, file.sha256))
        .collect();
    before.sort_unstable();
    let later = last.finished.is_some_and(|at| at > source.recorded_from);
    Ok(later && before == hashes)
}
