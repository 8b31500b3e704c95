//! Peers: people with the same department and title, and how many of them have something.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{EntitlementId, IdentityId};
use storage::ReadTx;

use super::AsOf;
use super::load::{Whole, load};
use super::person::MOST_PEERS;
use crate::Result;

type Counts = BTreeMap<EntitlementId, usize>;

/// How many peers have each of these, and how many peers were looked at; none for who has neither department nor title.
pub(super) async fn count(
    tx: &mut ReadTx,
    whole: &Whole,
    moment: AsOf,
    of: &BTreeSet<EntitlementId>,
) -> Result<Option<(Counts, usize)>> {
    let content = &whole.identity.content;
    if of.is_empty() || (content.department.is_empty() && content.title.is_empty()) {
        return Ok(None);
    }
    let peers: Vec<IdentityId> = tx
        .peers(&content.department, &content.title, MOST_PEERS)
        .await?
        .into_iter()
        .filter(|id| *id != whole.identity.id)
        .collect();
    if peers.is_empty() {
        return Ok(None);
    }
    let people = load(tx, &peers, moment).await?;
    let mut counts = Counts::new();
    for peer in people.by_id.values() {
        for id in peer.entitlements(&people.graph, moment).intersection(of) {
            *counts.entry(*id).or_default() += 1;
        }
    }
    Ok(Some((counts, peers.len())))
}
