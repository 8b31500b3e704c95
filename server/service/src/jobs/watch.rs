//! The timers of watched folders: one job for each source that has a folder and minutes.

use std::sync::Arc;

use domain::id::SourceId;
use domain::job::JobKind;
use domain::lifecycle::Lifecycle;
use domain::permission::Actor;
use domain::time::{Instant, MINUTE};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::ReadTx;

use super::enqueue::{NewJob, enqueue};
use super::handlers::{Ended, Job};
use super::lease::said;
use super::work::Work;
use crate::{Cx, Error, Result, Service, imports};

/// Looks into the folder of a source, again and again.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(super) struct WatchFolder {
    source: SourceId,
}

impl Job for WatchFolder {
    const KIND: JobKind = JobKind::WatchFolder;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        if next(service, self.source).await?.is_none() {
            return Ok(Ended::Done(json!({})));
        }
        match imports::watch(service, self.source, work).await {
            Ok(()) => work.problems(0),
            // The timer goes on: the next look may find what this one missed. The run itself, or the page of the source,
            // says what was wrong; to the machine nothing happened.
            Err(error @ (Error::Refused(_) | Error::Invalid(_) | Error::State(_))) => {
                work.problems(1);
                work.note(said(work, &error));
            }
            Err(error) => return Err(error),
        }
        if work.stopping().is_some() {
            return Ok(Ended::Stopped);
        }
        // The source may have been changed while its files were read.
        Ok(match next(service, self.source).await? {
            Some(at) => Ended::Again(at),
            None => Ended::Done(json!({})),
        })
    }
}

/// When the folder is looked at next; never when it no longer is to be.
async fn next(service: &Service, id: SourceId) -> Result<Option<Instant>> {
    let source = service.store.read().await?.source(id).await?;
    let content = source.map(|source| source.content);
    let watched = content.filter(|it| !it.folder.is_empty() && it.status == Lifecycle::Active);
    let minutes = watched.and_then(|it| it.every_minutes);
    Ok(minutes.map(|minutes| service.now().plus(minutes * MINUTE)))
}

/// Sees to it that each source to be watched has its timer.
pub(crate) async fn ensure_timers(service: &Service) -> Result<()> {
    let mut missing = Vec::new();
    let mut tx = service.store.read().await?;
    for source in tx.sources_to_watch().await? {
        if tx.live_job(&key(source.id)).await?.is_none() {
            missing.push(source);
        }
    }
    drop(tx);
    if missing.is_empty() {
        return Ok(());
    }
    let cx = Cx::of(Actor::System);
    let mut tx = service
        .store
        .write(service.now(), Arc::clone(&service.entropy))
        .await?;
    for source in missing {
        let job = NewJob::of(&WatchFolder { source: source.id })?
            .about(source.id)
            .title(format!("{}: look into its folder", source.content.name))
            .once(key(source.id))
            .for_good();
        enqueue(&mut tx, &cx, &job).await?;
    }
    tx.commit_unaudited("timers of watched folders; what they import has entries of its own")
        .await?;
    service.wake_worker();
    Ok(())
}

/// What hindered the last look into the folder of a source.
pub(crate) async fn hindered(tx: &mut ReadTx, source: SourceId) -> Result<Option<String>> {
    let Some(id) = tx.live_job(&key(source)).await? else {
        return Ok(None);
    };
    let progress = tx.job(id).await?.map(|job| job.progress);
    Ok(progress
        .filter(|progress| progress.problems > 0 && !progress.note.is_empty())
        .map(|progress| progress.note))
}

fn key(source: SourceId) -> String {
    format!("watch:{source}")
}
