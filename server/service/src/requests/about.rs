//! What an item is about, as its pages show it: the thing, similar decisions, and what was given.

use domain::assignment::AssignmentState;
use domain::id::{AssignmentId, IdentityId, RequestItemId};
use domain::request::ItemState;
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;

use super::detail::{Given, Named, Similar, Thing};
use crate::effective::{NamedEntitlement, names_of};
use crate::{Error, Result};

/// Similar decisions that are looked at.
const SIMILAR: i64 = 20;
/// Entitlements of a role that are shown at most.
const MOST_PARTS: usize = 200;

/// What became of the assignment that an item gave.
pub(super) async fn given(
    tx: &mut ReadTx,
    assignment: Option<AssignmentId>,
    now: Instant,
) -> Result<Option<Given>> {
    let Some(id) = assignment else {
        return Ok(None);
    };
    Ok(tx.assignment(id).await?.map(|found| Given {
        until: found.content.valid_until,
        over: found.content.state == AssignmentState::Ended
            || found.content.valid_until.is_some_and(|until| until <= now),
    }))
}

/// What is asked for, with names.
pub(super) async fn thing(tx: &mut ReadTx, what: Grantable) -> Result<Thing> {
    match what {
        Grantable::Entitlement(id) => {
            let named = names_of(tx, &[id]).await?.remove(&id);
            let found = tx.entitlement(id).await?.ok_or(Error::NotFound)?;
            let application = tx.application(found.content.application).await?;
            let owner = found
                .content
                .owner
                .or_else(|| application.and_then(|one| one.content.owner));
            Ok(Thing {
                what,
                technical: named.as_ref().map_or_else(String::new, |named| {
                    format!("{}/{}", named.application_name, named.name)
                }),
                application: named.map(|named| named.application_display),
                name: found.content.display_name,
                description: found.content.description,
                risk: found.content.risk,
                owner: owner_named(tx, owner).await?,
                contains: Vec::new(),
                contains_count: 0,
            })
        }
        Grantable::Role(id) => {
            let found = tx.role(id).await?.ok_or(Error::NotFound)?;
            let all = tx.role_graph().await?.reach(id).to_vec();
            let contains: Vec<NamedEntitlement> = names_of(tx, &all).await?.into_values().collect();
            Ok(Thing {
                what,
                name: found.content.display_name,
                technical: format!("role:{}", found.content.name),
                description: found.content.description,
                application: None,
                risk: contains.iter().filter_map(|one| one.risk).max(),
                owner: owner_named(tx, found.content.owner).await?,
                contains_count: contains.len(),
                contains: contains.into_iter().take(MOST_PARTS).collect(),
            })
        }
    }
}

async fn owner_named(tx: &mut ReadTx, owner: Option<IdentityId>) -> Result<Option<Named>> {
    let Some(id) = owner else { return Ok(None) };
    let name = super::words::person(tx, id).await?;
    Ok(Some(Named { id, name }))
}

/// How requests for the same thing were decided lately, without this one.
pub(super) async fn similar(
    tx: &mut ReadTx,
    what: Grantable,
    but: RequestItemId,
) -> Result<Similar> {
    let mut similar = Similar::default();
    let mut times = Vec::new();
    for item in tx.items_about(what, SIMILAR).await? {
        if item.id == but {
            continue;
        }
        match item.state {
            ItemState::Granted => {
                similar.granted += 1;
                let ended = item.ended;
                times.extend(ended.map(|ended| ended.since(item.created)));
            }
            ItemState::Rejected => similar.rejected += 1,
            _ => {}
        }
    }
    times.sort_unstable();
    similar.usual = times.get(times.len() / 2).copied();
    Ok(similar)
}
