//! The job of a search: read, search, keep. Nothing of it is shown before it is whole, so beginning again is harmless.

use std::ops::ControlFlow;
use std::sync::atomic::Ordering;

use domain::discovery::Progress;
use domain::id::DiscoveryId;
use domain::job::JobKind;
use serde::{Deserialize, Serialize};
use storage::WriteTx;

use super::gather::gather;
use super::keep::keep;
use super::search::{Found, search};
use super::{known, permitted};
use crate::jobs::{Ended, Job, Work, cx_of};
use crate::{Cx, Result, Service};

/// Looks for roles and keeps what it finds as a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DiscoverRoles {
    /// Which search.
    pub(crate) discovery: DiscoveryId,
}

impl Job for DiscoverRoles {
    const KIND: JobKind = JobKind::DiscoverRoles;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        service.noted(&cx, permitted(&cx).map(drop)).await?;
        let discovery = known(&mut service.store.read().await?, self.discovery).await?;
        work.note("Reading what people have");
        let mut reading = |people| {
            work.progress(people, None);
            goes_on(work.stopping().is_none())
        };
        let Some(mut gathered) = gather(service, &discovery.scope, &mut reading).await? else {
            return Ok(Ended::Stopped);
        };
        work.note("Looking for roles");
        let pairs = std::mem::take(&mut gathered.pairs);
        let Some(found) = look(work, pairs).await? else {
            return Ok(Ended::Stopped);
        };
        work.note("Writing down what was found");
        keep(service, &cx, work, self.discovery, &gathered, &found).await
    }

    async fn called_off(&self, tx: &mut WriteTx, _cx: &Cx) -> Result<()> {
        Ok(tx.cancel_discovery(self.discovery).await?)
    }
}

const fn goes_on(on: bool) -> ControlFlow<()> {
    if on {
        ControlFlow::Continue(())
    } else {
        ControlFlow::Break(())
    }
}

/// Searches beside this task, and says here how far it is.
async fn look(work: &Work, pairs: Vec<(u32, u32)>) -> Result<Option<Found>> {
    let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
    let stop = work.flag();
    let watch = move |progress: Progress| {
        // Nobody listens any more once this job is given up, and then it is told to stop, too.
        let heard = tell.send(progress).is_ok();
        goes_on(heard && !stop.load(Ordering::SeqCst))
    };
    let searching = search(pairs, watch);
    tokio::pin!(searching);
    loop {
        tokio::select! {
            found = &mut searching => return found,
            Some(progress) = told.recv() => show(work, progress),
        }
    }
}

fn show(work: &Work, progress: Progress) {
    let hundredths = (progress.done.min(progress.planned) * 100) / progress.planned.max(1);
    work.progress(hundredths, Some(100));
    if let Some(roles) = progress.roles {
        work.note("Looking for fewer roles, in hundredths of the effort that this may take");
        work.count("Roles found so far", roles as u64);
    }
    if progress.bound > 0 {
        work.count("Fewer than these are impossible", progress.bound as u64);
    }
}
