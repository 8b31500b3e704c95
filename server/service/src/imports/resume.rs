//! Runs that broke off while they wrote: somebody has to take them to their end, because nothing else of their source can
//! be applied before.

use domain::audit::AuditAction;
use domain::id::{SourceId, SourceRunId};
use domain::permission::Actor;
use domain::source::{RunState, SourceRun};
use domain::time::DAY;

use super::finish::delete_pieces;
use super::jobs::ApplyImport;
use crate::boxed;
use crate::jobs::{NewJob, enqueue};
use crate::{Cx, Result, Service};

/// How long files wait that nobody applies.
const FORGOTTEN: i64 = 7 * DAY;

/// Runs of a source that have begun to write and are not over.
#[boxed]
pub async fn broken_off(service: &Service, source: SourceId) -> Result<Vec<SourceRunId>> {
    let applying = service
        .store
        .read()
        .await?
        .runs_in(RunState::Applying)
        .await?;
    Ok(applying
        .into_iter()
        .filter(|run| run.source == source)
        .map(|run| run.id)
        .collect())
}

/// Asks for jobs that take up what broke off, removes the files of runs that are over, and calls off what was brought in
/// and forgotten.
#[boxed]
pub async fn take_up(service: &Service) -> Result<()> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let applying = tx.runs_in(RunState::Applying).await?;
    let mut left = Vec::new();
    for run in applying {
        let held = tx.run_holder(run.id).await?;
        if held.is_none_or(|(_, until)| until < now) && tx.live_job(&key(run.id)).await?.is_none() {
            left.push(run);
        }
    }
    let mut forgotten = Vec::new();
    for state in [RunState::Staged, RunState::Checking, RunState::Checked] {
        let old = tx.runs_in(state).await?;
        forgotten.extend(
            old.into_iter()
                .filter(|run| now.since(run.created) > FORGOTTEN),
        );
    }
    let littered = tx.runs_over_with_files().await?;
    drop(tx);
    for run in left {
        tried(run.id, ask(service, &run).await);
    }
    for run in littered {
        tried(run, delete_pieces(service, run).await);
    }
    let cx = Cx::of(Actor::System);
    for run in forgotten {
        tried(run.id, super::cancel(service, &cx, run.id).await);
    }
    Ok(())
}

/// One run that cannot be dealt with must not keep the others from it; it is tried again at the next round.
fn tried(run: SourceRunId, result: Result<()>) {
    if let Err(error) = result {
        tracing::error!(%run, %error, "an import that nobody works on could not be dealt with");
    }
}

/// The key under which a run is applied by one job at a time.
pub(super) fn key(run: SourceRunId) -> String {
    format!("apply:{run}")
}

async fn ask(service: &Service, run: &SourceRun) -> Result<()> {
    let cx = Cx::of(Actor::System);
    let mut tx = service.begin(&cx).await?;
    let name = tx
        .source(run.source)
        .await?
        .map(|source| source.content.name);
    let job = NewJob::of(&ApplyImport { run: run.id })?
        .title(format!(
            "{}: go on with an import that broke off",
            name.unwrap_or_default()
        ))
        .once(key(run.id))
        .about(run.id);
    let job = enqueue(&mut tx, &cx, &job).await?;
    tx.set_run_job(run.id, Some(job.raw())).await?;
    let event = cx.about(AuditAction::JobCreated, job);
    service.commit(&cx, tx, job, event, Vec::new()).await?;
    service.wake_worker();
    Ok(())
}
