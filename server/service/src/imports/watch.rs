//! The watched folder of a source: when its files changed, they are imported.

use domain::id::SourceId;
use domain::lifecycle::Lifecycle;
use domain::permission::Actor;
use domain::source::RunState;

use super::folder::folder;
use super::progress::Progress;
use super::resume::{broken_off, key};
use super::run::{Outcome, Worker, apply, check};
use crate::boxed;
use crate::jobs::Work;
use crate::{Cx, Error, Result, Service};

/// Looks into the folder of a source, and imports what is there unless the last run had the very same files.
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
    let run = folder(service, &cx, source, found.content.mode, path).await?;
    if same_as_last(service, source, run).await? {
        super::cancel(service, &cx, run).await?;
        return Ok(());
    }
    if let Outcome::Done(checked) = check(service, &cx, run, &progress).await?
        && checked.state == RunState::Checked
    {
        apply(service, &cx, run, None, worker, &progress).await?;
    }
    Ok(())
}

async fn same_as_last(
    service: &Service,
    source: SourceId,
    run: domain::id::SourceRunId,
) -> Result<bool> {
    let mut tx = service.store.read().await?;
    let Some(last) = tx.last_applied_run(source).await? else {
        return Ok(false);
    };
    let hashes = |files: Vec<domain::source::RunFile>| {
        let mut hashes: Vec<_> = files
            .into_iter()
            .map(|file| (file.kind, file.sha256))
            .collect();
        hashes.sort();
        hashes
    };
    let (now, before) = (tx.run_files(run).await?, tx.run_files(last.id).await?);
    Ok(hashes(now) == hashes(before))
}
