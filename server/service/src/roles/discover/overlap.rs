//! Which roles there are already that hold the same, or some of it.

use std::collections::BTreeMap;

use domain::id::{EntitlementId, RoleId};
use storage::ReadTx;

use crate::Result;
use crate::effective::NamedRole;

/// Roles that are named; the others are counted.
const MOST: usize = 10;

/// A role that gives some of the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overlap {
    /// Which.
    pub role: NamedRole,
    /// How many entitlements both give.
    pub shared: usize,
    /// How many the role gives in all.
    pub gives: usize,
}

/// Roles that hold exactly these entitlements.
pub(super) async fn same(tx: &mut ReadTx, parts: &[EntitlementId]) -> Result<Vec<NamedRole>> {
    let mut ids = tx.roles_of_exactly(parts).await?;
    ids.truncate(MOST);
    let mut found = named(tx, &ids).await?;
    found.sort_by_key(|role| role.id);
    Ok(found)
}

/// Roles that give some of these entitlements, those that share the most first, without those in `but`; and how many more
/// there are.
pub(super) async fn overlaps(
    tx: &mut ReadTx,
    parts: &[EntitlementId],
    but: &[NamedRole],
) -> Result<(Vec<Overlap>, usize)> {
    let graph = tx.role_graph().await?;
    let mut shared: BTreeMap<RoleId, usize> = BTreeMap::new();
    for role in parts.iter().flat_map(|part| graph.giving(*part)) {
        *shared.entry(*role).or_default() += 1;
    }
    for role in but {
        shared.remove(&role.id);
    }
    let mut most: Vec<(RoleId, usize, usize)> = shared
        .into_iter()
        .map(|(role, shared)| (role, shared, graph.reach(role).len()))
        .collect();
    // Of those that share the same, those that give less else come first.
    most.sort_unstable_by_key(|(role, shared, gives)| (std::cmp::Reverse(*shared), *gives, *role));
    let more = most.len().saturating_sub(MOST);
    most.truncate(MOST);
    let ids: Vec<RoleId> = most.iter().map(|(role, ..)| *role).collect();
    let found = named(tx, &ids).await?;
    let overlaps = most.into_iter().filter_map(|(id, shared, gives)| {
        let role = found.iter().find(|role| role.id == id)?.clone();
        Some(Overlap {
            role,
            shared,
            gives,
        })
    });
    Ok((overlaps.collect(), more))
}

async fn named(tx: &mut ReadTx, ids: &[RoleId]) -> Result<Vec<NamedRole>> {
    let roles = tx.roles_with(ids).await?.into_iter();
    let named = roles.map(|role| NamedRole {
        id: role.id,
        display_name: role.content.display_name,
    });
    Ok(named.collect())
}
