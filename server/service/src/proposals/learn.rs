//! Learning from everything that was decided, in memory.

use std::collections::HashSet;

use domain::proposal::{Learnt, Peers, TooFew, begin};
use domain::time::Instant;
use storage::proposals::BasisHead;

use super::gather::{Pair, gather};
use super::holdings::{Group, Holdings};
use crate::{Error, Result, Service};

/// Peers that are looked at for each decision that is held back.
const PEERS: i64 = 20;

/// What was learnt, and on what.
#[derive(Debug)]
pub(super) struct Lessons {
    pub(super) head: BasisHead,
    pub(super) learnt: Learnt,
}

/// Learns; says why when there is nothing to learn.
pub(super) async fn learn(service: &Service) -> Result<std::result::Result<Lessons, TooFew>> {
    let moment = service.now();
    let gathered = gather(service).await?;
    let (past, pairs) = (gathered.past, gathered.pairs);
    let trial = match beside(move || begin(&past)).await? {
        Ok(trial) => trial,
        Err(few) => return Ok(Err(few)),
    };
    let kept_back: Vec<&(Pair, Group)> = trial.held().map(|place| &pairs[place]).collect();
    let peers = peers(service, moment, &kept_back).await?;
    let sampled_below = gathered.sampled_below;
    let learnt = beside(move || trial.finish(&peers, sampled_below)).await?;
    let head = BasisHead {
        learnt: moment,
        basis: gathered.basis.unwrap_or(moment),
        approved: learnt.approved,
        denied: learnt.denied,
        quality: learnt.quality.map(millionths),
    };
    Ok(Ok(Lessons { head, learnt }))
}

async fn peers(service: &Service, moment: Instant, held: &[&(Pair, Group)]) -> Result<Vec<Peers>> {
    let mut tx = service.store.read().await?;
    let wanted: HashSet<_> = held.iter().map(|one| one.0.1).collect();
    let groups = held.iter().map(|one| one.1.clone());
    let nobody = std::iter::empty();
    let holdings = Holdings::read(&mut tx, moment, groups, PEERS, nobody, &wanted).await?;
    let held = held.iter();
    Ok(held
        .map(|(pair, group)| holdings.peers(*pair, group, PEERS))
        .collect())
}

/// Reckons beside what answers requests.
async fn beside<T: Send + 'static>(reckon: impl FnOnce() -> T + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(reckon)
        .await
        .map_err(|error| Error::Internal(format!("learning broke off: {error}")))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a share from 0 to 1"
)]
fn millionths(share: f64) -> u32 {
    (share * 1_000_000.0).round() as u32
}
