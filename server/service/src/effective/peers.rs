//! Peers: people with the same department and title, and how many of them have something.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{EntitlementId, IdentityId};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;

use super::AsOf;
use super::load::{Whole, load};
use super::person::MOST_PEERS;
use crate::Result;

type Counts = BTreeMap<EntitlementId, usize>;

/// How many peers of a person have something, and how many peers there are; none without peers. A role is had by whoever
/// has everything that is in it.
pub(crate) async fn peers_with(
    tx: &mut ReadTx,
    person: IdentityId,
    what: Grantable,
    now: Instant,
) -> Result<Option<(usize, usize)>> {
    let moment = AsOf::now(now);
    let Some(identity) = tx.identity(person).await? else {
        return Ok(None);
    };
    let content = &identity.content;
    if content.department.is_empty() && content.title.is_empty() {
        return Ok(None);
    }
    let mut peers = tx
        .peers(&content.department, &content.title, MOST_PEERS)
        .await?;
    peers.retain(|id| *id != person);
    if peers.is_empty() {
        return Ok(None);
    }
    let people = load(tx, &peers, moment).await?;
    let wanted: BTreeSet<EntitlementId> = match what {
        Grantable::Entitlement(id) => BTreeSet::from([id]),
        Grantable::Role(id) => people.graph.reach(id).iter().copied().collect(),
    };
    let have = people.by_id.values().filter(|peer| {
        !wanted.is_empty() && wanted.is_subset(&peer.entitlements(&people.graph, moment))
    });
    Ok(Some((have.count(), peers.len())))
}

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
