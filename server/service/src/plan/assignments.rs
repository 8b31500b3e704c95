//! What it does when assignments become others: ended, suspended, restored, with another last day. Only the people who have
//! them gain or lose anything, so these are resolved one by one, before and after.

use std::collections::{BTreeMap, BTreeSet};

use domain::assignment::AssignmentState;
use domain::id::{AssignmentId, EntitlementId, IdentityId};
use domain::resolution::{Access, Given};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;
use storage::assignments::Assignment;

use super::Effect;
use crate::Result;
use crate::effective::{AsOf, Via, Whole, load};

/// People read at a time.
const CHUNK: usize = 500;

/// What becomes of what one assignment gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// The person loses it.
    Lost(EntitlementId),
    /// They keep it: something else gives it, too. What that is; none when a source sees it and nothing ever gave it.
    Kept(EntitlementId, Option<Grantable>),
}

/// Assignments, by the people who have them.
type ByPerson<'a> = BTreeMap<IdentityId, Vec<&'a Assignment>>;

fn by_person(replaced: &[Assignment]) -> ByPerson<'_> {
    let mut all: ByPerson<'_> = BTreeMap::new();
    for one in replaced {
        all.entry(one.content.identity).or_default().push(one);
    }
    all
}

/// Who gains and loses what when these assignments are as they stand here.
pub(super) async fn effects(
    tx: &mut ReadTx,
    replaced: &[Assignment],
    now: Instant,
) -> Result<BTreeMap<EntitlementId, Effect>> {
    let moment = AsOf::now(now);
    let by_person = by_person(replaced);
    let ids: Vec<IdentityId> = by_person.keys().copied().collect();
    let mut all: BTreeMap<EntitlementId, Effect> = BTreeMap::new();
    for some in ids.chunks(CHUNK) {
        let people = load(tx, some, moment).await?;
        for (id, whole) in &people.by_id {
            let had = whole.entitlements(&people.graph, moment);
            let then = with(whole, &by_person[id]);
            let has = then.entitlements(&people.graph, moment);
            let raw = u64::try_from(id.raw()).unwrap_or_default();
            for lost in had.difference(&has) {
                all.entry(*lost).or_default().losses.insert(raw);
            }
            for gained in has.difference(&had) {
                all.entry(*gained).or_default().gains.insert(raw);
            }
        }
    }
    Ok(all)
}

/// What becomes of what each of some of these assignments gives, when all of them are as they stand here. An assignment
/// that gives nothing now is not in the answer.
pub(crate) async fn outcomes(
    tx: &mut ReadTx,
    replaced: &[Assignment],
    some: &BTreeSet<AssignmentId>,
    now: Instant,
) -> Result<BTreeMap<AssignmentId, Vec<Outcome>>> {
    let moment = AsOf::now(now);
    let by_person = by_person(replaced);
    let shown = replaced.iter().filter(|one| some.contains(&one.id));
    let ids: BTreeSet<IdentityId> = shown.map(|one| one.content.identity).collect();
    let ids: Vec<IdentityId> = ids.into_iter().collect();
    let mut all: BTreeMap<AssignmentId, Vec<Outcome>> = BTreeMap::new();
    for chunk in ids.chunks(CHUNK) {
        let people = load(tx, chunk, moment).await?;
        for (id, whole) in &people.by_id {
            let then = with(whole, &by_person[id]);
            let after = then.resolve(&people.graph, moment);
            for had in whole.resolve(&people.graph, moment) {
                let left = after.iter().find(|one| one.entitlement == had.entitlement);
                for by in given_by(whole, &had).intersection(some) {
                    let outcome = match left {
                        None => Outcome::Lost(had.entitlement),
                        Some(access) => Outcome::Kept(had.entitlement, begins(&then, access)),
                    };
                    all.entry(*by).or_default().push(outcome);
                }
            }
        }
    }
    Ok(all)
}

/// The assignments that give an access.
fn given_by(whole: &Whole, access: &Access) -> BTreeSet<AssignmentId> {
    let chains = access.chains.iter();
    let via = chains.filter_map(|chain| match whole.via.get(chain.given) {
        Some(Via::Assigned(one)) => Some(one.id),
        _ => None,
    });
    via.collect()
}

/// What the first way to an access begins with.
fn begins(whole: &Whole, access: &Access) -> Option<Grantable> {
    let given = access.chains.first()?.given;
    match whole.via.get(given)? {
        Via::Assigned(one) => Some(one.content.what),
        Via::Found(_) => None,
    }
}

/// A person with other versions of some assignments.
fn with(whole: &Whole, replaced: &[&Assignment]) -> Whole {
    let mut then = whole.clone();
    let is_other = |via: &Via| match via {
        Via::Assigned(one) => replaced.iter().any(|other| other.id == one.id),
        Via::Found(_) => false,
    };
    let (via, given): (Vec<Via>, Vec<Given>) = whole
        .via
        .iter()
        .zip(&whole.given)
        .filter(|(via, _)| !is_other(via))
        .map(|(via, given)| (via.clone(), *given))
        .unzip();
    (then.via, then.given) = (via, given);
    for other in replaced {
        if other.content.state != AssignmentState::Active {
            continue;
        }
        then.given.push(Given {
            what: other.content.what,
            from: other.content.valid_from,
            until: other.content.valid_until,
        });
        then.via.push(Via::Assigned((*other).clone()));
    }
    then
}
