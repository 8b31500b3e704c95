//! Whose access may differ between two moments: rather too many people than too few, because each of them is resolved at
//! both. Who keeps the same assignments, exclusions and days, and of whom sources see the same, gains or loses something
//! only when roles give something else or somebody can have it no longer; those are found by what changed in the model.

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::resolution::RoleGraph;
use domain::role::Grantable;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::holders::{Scope, candidates};
use super::load::{People, graph, load_in};
use super::{AsOf, Span};
use crate::{Error, Result};

/// Changed people that are listed; with more of them everybody who may have it is looked at instead.
const MOST_CHANGED: i64 = 50_000;

/// Entitlements of which it is cheaper to ask who may have them than to look at everybody who changed.
const FEW: usize = 20;

/// All of them: more people than an organisation has.
const ALL: i64 = 100_000_000;

/// Two moments with the roles of each.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) span: Span,
    before: Arc<RoleGraph>,
    after: Arc<RoleGraph>,
}

impl Pair {
    pub(super) async fn read(tx: &mut ReadTx, span: Span) -> Result<Self> {
        Ok(Self {
            span,
            before: graph(tx, span.from).await?,
            after: graph(tx, span.to).await?,
        })
    }

    /// Some people at both moments.
    pub(super) async fn load(
        &self,
        tx: &mut ReadTx,
        ids: &[IdentityId],
    ) -> Result<(People, People)> {
        let before = load_in(tx, Arc::clone(&self.before), ids, self.span.from).await?;
        let after = load_in(tx, Arc::clone(&self.after), ids, self.span.to).await?;
        Ok((before, after))
    }

    fn sides(&self) -> [(&RoleGraph, AsOf); 2] {
        [(&self.before, self.span.from), (&self.after, self.span.to)]
    }
}

/// Everybody who may have gained or lost one of some entitlements, or any when none are named. Refused when there are more
/// than `most`.
pub(super) async fn concerned(
    tx: &mut ReadTx,
    pair: &Pair,
    of: Option<&[EntitlementId]>,
    most: u64,
) -> Result<RoaringTreemap> {
    let changed = changed(tx, pair.span).await?;
    let within = match of {
        Some(of) if of.len() <= FEW || changed.is_none() => Some(having(tx, pair, of, most).await?),
        _ => None,
    };
    let mut all = match (changed, &within) {
        (Some(changed), Some(within)) => changed & within,
        (Some(changed), None) => changed,
        (None, Some(within)) => return Ok(within.clone()),
        (None, None) => return Err(too_many(most)),
    };
    let mut others = by_model(tx, pair, of, most).await?;
    if let Some(within) = within {
        others &= within;
    }
    all |= others;
    if all.len() > most {
        return Err(too_many(most));
    }
    Ok(all)
}

/// People by number.
pub(super) fn ids(people: &RoaringTreemap) -> Vec<IdentityId> {
    let raw = people.iter().filter_map(|id| i64::try_from(id).ok());
    raw.map(IdentityId::from_raw).collect()
}

fn set(ids: impl IntoIterator<Item = i64>) -> RoaringTreemap {
    let ids = ids.into_iter();
    ids.filter_map(|id| u64::try_from(id).ok()).collect()
}

fn too_many(most: u64) -> Error {
    Error::Refused(format!(
        "More than {},000 people may have gained or lost something between these moments, and each of them would have to be \
         looked at. Choose moments that are closer together, or look at one entitlement or one person.",
        most / 1_000
    ))
}

/// Of whom something changed that decides about their access; none when there are too many to list.
async fn changed(tx: &mut ReadTx, span: Span) -> Result<Option<RoaringTreemap>> {
    let full = |found: &[i64]| i64::try_from(found.len()).is_ok_and(|found| found >= MOST_CHANGED);
    let recorded = tx
        .people_changed(span.known(), span.at(), MOST_CHANGED)
        .await?;
    if full(&recorded) {
        return Ok(None);
    }
    let most = usize::try_from(MOST_CHANGED).unwrap_or(usize::MAX);
    let seen = tx.people_seen_otherwise(span.known(), most).await?;
    Ok((!full(&seen)).then(|| set(recorded.into_iter().chain(seen))))
}

/// Everybody who may have one of some entitlements at one of the moments.
async fn having(
    tx: &mut ReadTx,
    pair: &Pair,
    of: &[EntitlementId],
    most: u64,
) -> Result<RoaringTreemap> {
    let mut all = RoaringTreemap::new();
    for id in of {
        for (graph, moment) in pair.sides() {
            let some = candidates(tx, graph, Scope::Entitlement(*id), moment, 0, ALL).await?;
            all |= set(some.into_iter().map(IdentityId::raw));
        }
        if all.len() > most {
            return Err(too_many(most));
        }
    }
    Ok(all)
}

/// Entitlements with the roles that give them at only one of two moments.
fn differing(before: &RoleGraph, after: &RoleGraph) -> BTreeMap<EntitlementId, BTreeSet<RoleId>> {
    let roles: BTreeSet<RoleId> = before.roles().into_iter().chain(after.roles()).collect();
    let mut all: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for role in roles {
        let (had, has) = (before.reach(role), after.reach(role));
        if had == has {
            continue;
        }
        let (had, has): (BTreeSet<_>, BTreeSet<_>) = (had.iter().collect(), has.iter().collect());
        for id in had.symmetric_difference(&has) {
            all.entry(**id).or_default().insert(role);
        }
    }
    all
}

/// Who may gain or lose something because roles, entitlements or applications changed.
async fn by_model(
    tx: &mut ReadTx,
    pair: &Pair,
    of: Option<&[EntitlementId]>,
    most: u64,
) -> Result<RoaringTreemap> {
    let mut all = RoaringTreemap::new();
    // Roles that nobody changed are the same piece of memory.
    if Arc::ptr_eq(&pair.before, &pair.after) {
        return Ok(all);
    }
    let of: Option<BTreeSet<EntitlementId>> = of.map(|of| of.iter().copied().collect());
    let asked = |id: &EntitlementId| of.as_ref().is_none_or(|of| of.contains(id));
    let differ = differing(&pair.before, &pair.after).into_iter();
    let roles: BTreeSet<RoleId> = differ
        .filter(|(id, _)| asked(id))
        .flat_map(|(_, roles)| roles)
        .collect();
    let roles: Vec<RoleId> = roles.into_iter().collect();
    for (_, moment) in pair.sides() {
        let (known, at) = (moment.known, moment.at);
        let some = tx
            .assigned_as_of((&roles, None), (known, at), moment.present, 0, ALL)
            .await?;
        all |= set(some.into_iter().map(IdentityId::raw));
        if all.len() > most {
            return Err(too_many(most));
        }
    }
    let switched = tx.entitlements_switched(pair.span.known()).await?;
    let switched: Vec<EntitlementId> = switched
        .into_iter()
        .filter(|id| asked(id) && pair.before.is_live(*id) != pair.after.is_live(*id))
        .collect();
    all |= having(tx, pair, &switched, most).await?;
    // What a role gives reaches these by other ways than others, so it may end for them alone.
    let excluded = tx.people_excluded_from_roles(pair.span.from.known).await?;
    all |= set(excluded.into_iter().map(IdentityId::raw));
    all |= no_baseline(tx, pair, &asked).await?;
    Ok(all)
}

/// Of whom a source sees something that a role they once had holds only since: that nothing ever gave it to them was true
/// at the earlier moment only.
async fn no_baseline(
    tx: &mut ReadTx,
    pair: &Pair,
    asked: &(impl Fn(&EntitlementId) -> bool + Sync),
) -> Result<RoaringTreemap> {
    let (from, to) = pair.span.known();
    let ever = (
        tx.role_graph_ever(from).await?,
        tx.role_graph_ever(to).await?,
    );
    let (mut all, mut of_role) = (RoaringTreemap::new(), BTreeMap::new());
    for (id, roles) in differing(&ever.0, &ever.1) {
        if !asked(&id) {
            continue;
        }
        let mut seen = RoaringTreemap::new();
        for (_, moment) in pair.sides() {
            let some = tx.observed_holders(id, moment.known, 0, ALL).await?;
            seen |= set(some.into_iter().map(IdentityId::raw));
        }
        if seen.is_empty() {
            continue;
        }
        for role in roles {
            let had = match of_role.entry(role) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => {
                    let ever = tx.people_ever_assigned(Grantable::Role(role)).await?;
                    new.insert(set(ever))
                }
            };
            all |= &*had & &seen;
        }
    }
    Ok(all)
}
