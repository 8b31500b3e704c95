//! How many have an entitlement or hold a role, exactly: by sets of people, of whom only those with an exclusion are
//! resolved. Where there are so many candidates that counting would take longer than a page, they are only counted up to
//! what lists count to; of a past moment that is sooner, because there everybody is resolved.

use std::sync::Arc;

use domain::id::IdentityId;
use domain::resolution::RoleGraph;
use domain::role::Grantable;
use domain::time::MINUTE;
use jiff::tz::TimeZone;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::AsOf;
use super::holders::{MOST_COUNTED, Scope, candidates, things};
use super::load::load_in;
use super::roles::{held, reaches};
use crate::Result;

/// So many candidates are counted by sets.
const MOST: i64 = 100_000;
/// So many people of a past moment are resolved to be counted.
const MOST_PAST: i64 = 2_000;
/// So many with an exclusion are resolved to be counted.
const MOST_EXCLUDED: u64 = 2_000;
/// People asked after at a time.
const MANY_AT_ONCE: usize = 20_000;
/// People resolved at a time.
const CHUNK: usize = 500;
/// More roles than that are not gone through for everybody in them.
const MOST_ROLES: usize = 200;

/// What is kept.
const HOLDERS: &str = "holders, exactly";

/// How many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Total {
    /// So many.
    Exactly(u64),
    /// So many at most: people whom something gives it, also who turns out to be excluded or to have left.
    AtMost(u64),
    /// More than lists count to.
    Many,
}

impl Total {
    /// As it is kept: twice the number, and one more when it is the most there may be.
    const fn number(self) -> u64 {
        match self {
            Self::Exactly(count) => count << 1,
            Self::AtMost(count) => count << 1 | 1,
            Self::Many => u64::MAX,
        }
    }

    const fn of_number(number: u64) -> Self {
        match (number, number & 1) {
            (u64::MAX, _) => Self::Many,
            (_, 0) => Self::Exactly(number >> 1),
            _ => Self::AtMost(number >> 1),
        }
    }

    /// The number that says whether a list is long; one more than lists count to when there are too many.
    pub(super) fn shown(self) -> u64 {
        match self {
            Self::Exactly(count) | Self::AtMost(count) => count,
            Self::Many => u64::try_from(MOST_COUNTED).unwrap_or(0).saturating_add(1),
        }
    }
}

/// Counts them. What was counted of the present is kept until something changes, and for ten minutes at most.
pub(super) async fn of(
    tx: &mut ReadTx,
    graph: &Arc<RoleGraph>,
    scope: Scope,
    moment: AsOf,
) -> Result<Total> {
    if !moment.present {
        return counted(tx, graph, scope, moment).await;
    }
    // What begins and ends by itself is in it for the next minutes only.
    let minutes = moment.at.micros() / (10 * MINUTE);
    let of = match scope {
        Scope::Entitlement(id) => [id.raw(), 0, minutes],
        Scope::Role(id) => [id.raw(), 1, minutes],
    };
    if let Some(kept) = tx.kept_number(HOLDERS, &of).await? {
        return Ok(Total::of_number(kept));
    }
    let total = counted(tx, graph, scope, moment).await?;
    tx.keep_number(HOLDERS, &of, total.number());
    Ok(total)
}

async fn counted(
    tx: &mut ReadTx,
    graph: &Arc<RoleGraph>,
    scope: Scope,
    moment: AsOf,
) -> Result<Total> {
    let (roles, entitlement) = things(graph, scope);
    let most = match (moment.present, roles.len() > MOST_ROLES) {
        (true, false) => MOST,
        _ => MOST_COUNTED,
    };
    let moments = (moment.known, moment.at);
    let what = (&roles[..], entitlement);
    let count = tx
        .count_holders(what, moments, moment.present, most + 1)
        .await?;
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    if count > most {
        return Ok(Total::Many);
    }
    if moment.present {
        let all = having(tx, graph, scope, moment, most + 1).await?;
        return settled(tx, graph, scope, moment, all).await;
    }
    let some = candidates(tx, graph, scope, moment, 0, most + 1).await?;
    if count > MOST_PAST {
        return Ok(Total::AtMost(some.len() as u64));
    }
    resolved(tx, graph, scope, moment, &some)
        .await
        .map(Total::Exactly)
}

fn set(ids: impl IntoIterator<Item = IdentityId>) -> RoaringTreemap {
    ids.into_iter()
        .filter_map(|id| u64::try_from(id.raw()).ok())
        .collect()
}

fn ids(people: &RoaringTreemap) -> Vec<IdentityId> {
    let people = people.iter().filter_map(|id| i64::try_from(id).ok());
    people.map(IdentityId::from_raw).collect()
}

/// Everybody to whom it is given, or of whom a source sees it and nothing ever gave it.
async fn having(
    tx: &mut ReadTx,
    graph: &RoleGraph,
    scope: Scope,
    moment: AsOf,
    most: i64,
) -> Result<RoaringTreemap> {
    let (mut roles, entitlement) = things(graph, scope);
    let moments = (moment.known, moment.at);
    match scope {
        Scope::Entitlement(id) if !graph.is_live(id) => return Ok(RoaringTreemap::new()),
        Scope::Entitlement(_) => {}
        // A role that is suspended, or in one that is, is not held through it.
        Scope::Role(id) => roles.retain(|start| reaches(graph, *start, id)),
    }
    let what = (&roles[..], entitlement);
    let mut all = set(tx
        .assigned_as_of(what, moments, moment.present, 0, most)
        .await?);
    let Some(id) = entitlement else {
        return Ok(all);
    };
    let seen = tx.observed_holders(id, moment.known, 0, most).await?;
    let mut found = &set(seen) - &all;
    if found.is_empty() {
        return Ok(all);
    }
    let past = tx.role_graph_ever(moment.known).await?;
    let roles = past.giving(id).iter().map(|role| Grantable::Role(*role));
    for what in roles.chain([Grantable::Entitlement(id)]) {
        let ever = tx.people_ever_assigned(what).await?.into_iter();
        found -= set(ever.map(IdentityId::from_raw));
    }
    let left = ids(&found);
    for some in left.chunks(MANY_AT_ONCE) {
        found -= set(tx.ended_among(some).await?);
    }
    all |= found;
    Ok(all)
}

/// Without those who can use nothing, and without those whom an exclusion keeps from it.
async fn settled(
    tx: &mut ReadTx,
    graph: &Arc<RoleGraph>,
    scope: Scope,
    moment: AsOf,
    mut all: RoaringTreemap,
) -> Result<Total> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    let absent = tx.absent_people(moment.at.day(&zone)).await?.into_iter();
    all -= set(absent.map(IdentityId::from_raw));
    let excluded = &all & &set(tx.excluded_people().await?);
    all -= &excluded;
    if excluded.len() > MOST_EXCLUDED {
        return Ok(Total::AtMost(all.len() + excluded.len()));
    }
    let kept = resolved(tx, graph, scope, moment, &ids(&excluded)).await?;
    Ok(Total::Exactly(all.len() + kept))
}

/// How many of some people really have it.
async fn resolved(
    tx: &mut ReadTx,
    graph: &Arc<RoleGraph>,
    scope: Scope,
    moment: AsOf,
    some: &[IdentityId],
) -> Result<u64> {
    let mut count = 0;
    for some in some.chunks(CHUNK) {
        let people = load_in(tx, Arc::clone(graph), some, moment).await?;
        for whole in people.by_id.values() {
            let has = match scope {
                Scope::Entitlement(id) => whole.entitlements(graph, moment).contains(&id),
                Scope::Role(id) => held(whole, graph, moment, id).is_some(),
            };
            count += u64::from(has);
        }
    }
    Ok(count)
}
