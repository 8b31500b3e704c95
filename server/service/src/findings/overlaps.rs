//! Roles that overlap: the pairs, and two roles side by side. The pairs are kept as long as nobody changes roles.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use domain::id::{EntitlementId, RoleId};
use domain::overlap::{Overlap, Sides, overlaps};
use domain::page::COUNT_CAP;
use domain::permission::{Action, Facts};
use domain::role::Role;
use domain::time::Instant;
use storage::ReadTx;

use crate::effective::{NamedEntitlement, names_of};
use crate::{Cx, Error, Result, Service, boxed};

/// Pairs of a page.
pub const PAIRS: usize = 50;
/// Names of things that a pair shows of each side.
const NAMED: usize = 5;
/// Things of each side that are listed where two roles stand side by side.
const LISTED: usize = 500;

/// The pairs that were found last.
#[derive(Debug, Default)]
pub(crate) struct LastOverlaps(Mutex<Option<(Instant, Arc<Vec<Overlap>>)>>);

/// One side of a comparison: the first few by name, and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Side {
    /// The first of them.
    pub named: Vec<NamedEntitlement>,
    /// How many there are in all.
    pub all: usize,
}

/// Two roles with what they share and what only one of them gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// How they overlap; none when they do not.
    pub overlap: Option<Overlap>,
    /// One of them.
    pub one: Role,
    /// The other.
    pub other: Role,
    /// What both give.
    pub shared: Side,
    /// What only the first gives.
    pub only_one: Side,
    /// What only the other gives.
    pub only_other: Side,
}

/// Some of the pairs.
#[derive(Debug, Clone)]
pub struct OverlapsPage {
    /// The pairs.
    pub rows: Vec<Pair>,
    /// How many come before them.
    pub before: usize,
    /// How many there are, at most [`COUNT_CAP`] + 1.
    pub total: usize,
}

/// All pairs of the present, found anew only when roles changed.
pub(super) async fn pairs(service: &Service, tx: &mut ReadTx) -> Result<Arc<Vec<Overlap>>> {
    let state = tx.model_state().await?.roles;
    let last = service.overlaps.0.lock().ok().and_then(|last| last.clone());
    if let Some((at, pairs)) = last
        && at == state
    {
        return Ok(pairs);
    }
    let graph = tx.role_graph().await?;
    let most = usize::try_from(COUNT_CAP + 1).unwrap_or(usize::MAX);
    let pairs = Arc::new(overlaps(&graph, most));
    if let Ok(mut last) = service.overlaps.0.lock()
        && last.as_ref().is_none_or(|(at, _)| *at < state)
    {
        *last = Some((state, Arc::clone(&pairs)));
    }
    Ok(pairs)
}

/// Pairs of roles that overlap, from one on, for those who see all roles.
#[boxed]
pub async fn overlapping(service: &Service, cx: &Cx, before: usize) -> Result<OverlapsPage> {
    let result = page(service, cx, before).await;
    service.noted(cx, result).await
}

async fn page(service: &Service, cx: &Cx, before: usize) -> Result<OverlapsPage> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let pairs = pairs(service, &mut tx).await?;
    // Who comes to a page that is no longer there finds the last one.
    let last = pairs.len().saturating_sub(1) / PAIRS * PAIRS;
    let before = (before / PAIRS * PAIRS).min(last);
    let shown: Vec<Overlap> = pairs.iter().skip(before).take(PAIRS).copied().collect();
    Ok(OverlapsPage {
        rows: named(&mut tx, &shown, NAMED).await?,
        before,
        total: pairs.len(),
    })
}

/// Two roles side by side as they are now, for those who see all roles.
#[boxed]
pub async fn beside(service: &Service, cx: &Cx, one: RoleId, other: RoleId) -> Result<Pair> {
    let result = side_by_side(service, cx, one, other).await;
    service.noted(cx, result).await
}

async fn side_by_side(service: &Service, cx: &Cx, one: RoleId, other: RoleId) -> Result<Pair> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let pairs = pairs(service, &mut tx).await?;
    let is_theirs = |pair: &&Overlap| {
        (pair.one, pair.other) == (one, other) || (pair.one, pair.other) == (other, one)
    };
    let overlap = pairs.iter().find(is_theirs).copied();
    let (one, other) = overlap.map_or((one, other), |pair| (pair.one, pair.other));
    let mut found = of(&mut tx, &[(one, other, overlap)], LISTED).await?;
    found.pop().ok_or(Error::NotFound)
}

async fn named(tx: &mut ReadTx, pairs: &[Overlap], most: usize) -> Result<Vec<Pair>> {
    let asked: Vec<_> = pairs
        .iter()
        .map(|pair| (pair.one, pair.other, Some(*pair)))
        .collect();
    of(tx, &asked, most).await
}

/// Roles with names and sides; those that are not there are left out.
async fn of(
    tx: &mut ReadTx,
    asked: &[(RoleId, RoleId, Option<Overlap>)],
    most: usize,
) -> Result<Vec<Pair>> {
    let graph = tx.role_graph().await?;
    let sides: Vec<Sides> = asked
        .iter()
        .map(|(one, other, _)| Sides::of(graph.reach(*one), graph.reach(*other)))
        .collect();
    let wanted: BTreeSet<EntitlementId> = sides
        .iter()
        .flat_map(|sides| [&sides.shared, &sides.only_one, &sides.only_other])
        .flat_map(|side| side.iter().take(most))
        .copied()
        .collect();
    let names = names_of(tx, &wanted.into_iter().collect::<Vec<_>>()).await?;
    let ids: BTreeSet<RoleId> = asked
        .iter()
        .flat_map(|(one, other, _)| [*one, *other])
        .collect();
    let ids: Vec<RoleId> = ids.into_iter().collect();
    let roles = if ids.is_empty() {
        Vec::new()
    } else {
        tx.roles_with(&ids).await?
    };
    let roles: BTreeMap<RoleId, Role> = roles.into_iter().map(|role| (role.id, role)).collect();
    let some = |side: &[EntitlementId]| {
        let mut shown: Vec<NamedEntitlement> = side
            .iter()
            .take(most)
            .filter_map(|id| names.get(id).cloned())
            .collect();
        shown.sort_by_cached_key(|one| {
            let fold = domain::text::fold;
            (
                fold(&one.application_display),
                fold(&one.display_name),
                one.id,
            )
        });
        Side {
            named: shown,
            all: side.len(),
        }
    };
    let pairs = asked.iter().zip(&sides).filter_map(|(asked, sides)| {
        let (one, other, overlap) = asked;
        Some(Pair {
            overlap: *overlap,
            one: roles.get(one)?.clone(),
            other: roles.get(other)?.clone(),
            shared: some(&sides.shared),
            only_one: some(&sides.only_one),
            only_other: some(&sides.only_other),
        })
    });
    Ok(pairs.collect())
}
