//! Keeping what was found: in parts that let other writers in between, and shown in the last one.

use domain::audit::AuditAction;
use domain::id::DiscoveryId;
use serde_json::json;
use storage::discoveries::{NewProposed, Totals};

use super::gather::Gathered;
use super::packed;
use super::search::Found;
use crate::jobs::{Ended, Work};
use crate::{Cx, Error, Result, Service};

/// Roles in one transaction.
const MOST_ROLES: usize = 500;
/// Bytes of sets in one transaction, after which no further role is added to it.
const MOST_BYTES: usize = 2 << 20;
/// Rows of an attempt that broke off which are removed in one transaction.
const MOST_LEFT: i64 = 1_000;

/// Writes a proposal down and settles its job.
pub(super) async fn keep(
    service: &Service,
    cx: &Cx,
    work: &Work,
    id: DiscoveryId,
    gathered: &Gathered,
    found: &Found,
) -> Result<Ended> {
    loop {
        let mut tx = service.begin(cx).await?;
        work.keep(&mut tx).await?;
        let gone = tx.clear_proposed_roles(id, MOST_LEFT).await?;
        tx.commit_unaudited("what a search left that broke off, and nobody saw")
            .await?;
        if gone == 0 {
            break;
        }
    }
    let named = gathered.suggest(&found.proposal);
    let total = found.proposal.roles.len() as u64;
    let mut open: Vec<NewProposed> = Vec::new();
    let mut bytes = 0;
    let roles = found.proposal.roles.iter().zip(named).zip(&found.covered);
    for (number, ((role, name), covered)) in (1_i64..).zip(roles) {
        let new = NewProposed {
            number,
            name,
            entitlements: packed(&role.permissions)?,
            members: packed(&role.users)?,
            entitlement_count: role.permissions.len() as u64,
            member_count: role.users.len() as u64,
            covered: *covered,
        };
        bytes += new.entitlements.len() + new.members.len();
        open.push(new);
        if open.len() >= MOST_ROLES || bytes >= MOST_BYTES {
            if work.stopping().is_some() {
                return Ok(Ended::Stopped);
            }
            put(service, cx, work, id, &open).await?;
            open.clear();
            bytes = 0;
        }
    }
    if work.stopping().is_some() {
        return Ok(Ended::Stopped);
    }
    put(service, cx, work, id, &open).await?;
    let totals = Totals {
        people: gathered.people,
        idle: gathered.idle,
        grants: found.grants,
        left_out: gathered.left_out,
        bound: found.bound,
        roles: total,
    };
    finish(service, cx, work, id, &totals).await
}

async fn put(
    service: &Service,
    cx: &Cx,
    work: &Work,
    id: DiscoveryId,
    roles: &[NewProposed],
) -> Result<()> {
    if roles.is_empty() {
        return Ok(());
    }
    let mut tx = service.begin(cx).await?;
    work.keep(&mut tx).await?;
    tx.add_proposed_roles(id, roles).await?;
    tx.commit_unaudited("a part of a proposal, which is not shown before it is whole")
        .await?;
    Ok(())
}

async fn finish(
    service: &Service,
    cx: &Cx,
    work: &Work,
    id: DiscoveryId,
    totals: &Totals,
) -> Result<Ended> {
    work.progress(totals.roles, Some(totals.roles));
    work.note("");
    work.count("Roles found so far", totals.roles);
    work.count("Fewer than these are impossible", totals.bound);
    let result = json!({
        "roles": totals.roles,
        "grants": totals.grants,
        "people": totals.people,
        "bound": totals.bound,
    });
    let mut tx = service.begin(cx).await?;
    match tx.finish_discovery(id, totals).await {
        Ok(()) => {}
        // Called off between two steps: its job is over, and nobody waits for the proposal.
        Err(storage::Error::Stale) => return Ok(Ended::Stopped),
        Err(error) => return Err(Error::from(error)),
    }
    work.finish(&mut tx, &result).await?;
    let mut event = cx.about(AuditAction::DiscoveryFinished, id);
    if let Some(detail) = event.details.first_mut() {
        detail.note = Some(result);
    }
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Ended::Settled)
}
