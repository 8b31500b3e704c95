//! Reading what is learnt from: past decisions, and the people and entitlements they were about as they are now.
//!
//! Of very many decisions a sample is kept: those whose pair has the lowest hash, so that it is the same in every run.

use std::collections::{BTreeSet, HashMap};

use domain::decision::Verdict;
use domain::entitlement::Entitlement;
use domain::id::{EntitlementId, IdentityId};
use domain::identity::Identity;
use domain::proposal::{Decided, MOST, Past, pair_hash, value_hash};
use domain::time::Instant;
use storage::ReadTx;
use storage::proposals::Lesson;

use super::subject::subject;
use crate::{Result, Service};

/// Decisions, and people or entitlements, that are read in one statement.
const PART: usize = 2_000;

/// A person and an entitlement.
pub(super) type Pair = (IdentityId, EntitlementId);

/// What is learnt from.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    pub(super) past: Past,
    /// The pairs of the decisions, in their order, with the department and title of the person.
    pub(super) pairs: Vec<(Pair, (String, String))>,
    /// When the newest decision was recorded.
    pub(super) basis: Option<Instant>,
    /// Pairs with a higher hash were left out.
    pub(super) sampled_below: u64,
}

/// Reads decisions; `MOST` of them when there are more.
pub(super) async fn gather(service: &Service) -> Result<Gathered> {
    // One transaction: what is decided meanwhile is not half known.
    let mut tx = service.store.read().await?;
    let basis = tx.newest_decision().await?;
    let (lessons, sampled_below) = sample(&mut tx).await?;
    let people = people(&mut tx, lessons.iter().map(|one| one.identity)).await?;
    let rights = rights(&mut tx, lessons.iter().map(|one| one.entitlement)).await?;
    drop(tx);
    let mut gathered = Gathered {
        basis,
        sampled_below,
        ..Gathered::default()
    };
    let mut places: HashMap<String, usize> = HashMap::new();
    for lesson in lessons {
        let (Some(person), Some(what)) = (
            people.get(&lesson.identity),
            rights.get(&lesson.entitlement),
        ) else {
            continue;
        };
        let mut values = vec![0; places.len()];
        for known in subject(person, what) {
            let next = places.len();
            let place = *places.entry(known.field).or_insert(next);
            if place >= values.len() {
                values.resize(place + 1, 0);
            }
            values[place] = value_hash(&known.value);
        }
        gathered.past.decisions.push(Decided {
            values,
            approved: lesson.verdict == Verdict::Approved,
            person: lesson.identity.raw(),
            pair: hash(&lesson),
        });
        let group = (
            person.content.department.clone(),
            person.content.title.clone(),
        );
        gathered
            .pairs
            .push(((lesson.identity, lesson.entitlement), group));
    }
    let mut fields: Vec<(usize, String)> = places
        .into_iter()
        .map(|(field, place)| (place, field))
        .collect();
    fields.sort_unstable();
    gathered.past.fields = fields.into_iter().map(|(_, field)| field).collect();
    Ok(gathered)
}

fn hash(lesson: &Lesson) -> u64 {
    pair_hash(lesson.identity.raw(), lesson.entitlement.raw())
}

/// The decisions that are learnt from, in their order, and the highest hash of a pair that is taken.
async fn sample(tx: &mut ReadTx) -> Result<(Vec<Lesson>, u64)> {
    let (mut kept, mut below, mut last) = (Vec::new(), u64::MAX, None);
    loop {
        let part = tx
            .decisions_to_learn(last, i64::try_from(PART).unwrap_or(i64::MAX))
            .await?;
        let Some(end) = part.last() else { break };
        last = Some((end.identity, end.entitlement));
        kept.extend(part.into_iter().filter(|one| hash(one) <= below));
        if kept.len() > 2 * MOST {
            below = thin(&mut kept);
        }
    }
    if kept.len() > MOST {
        below = thin(&mut kept);
    }
    Ok((kept, below))
}

/// Keeps about [`MOST`] decisions: those on pairs with the lowest hashes, all decisions of a pair or none.
fn thin(kept: &mut Vec<Lesson>) -> u64 {
    let mut hashes: Vec<u64> = kept.iter().map(hash).collect();
    let (_, below, _) = hashes.select_nth_unstable(MOST - 1);
    let below = *below;
    kept.retain(|one| hash(one) <= below);
    below
}

/// People by id.
pub(super) async fn people(
    tx: &mut ReadTx,
    ids: impl Iterator<Item = IdentityId>,
) -> Result<HashMap<IdentityId, Identity>> {
    let ids: Vec<IdentityId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = HashMap::new();
    for some in ids.chunks(PART) {
        let some = tx.identities_with(some).await?.into_iter();
        found.extend(some.map(|one| (one.id, one)));
    }
    Ok(found)
}

/// Entitlements by id.
pub(super) async fn rights(
    tx: &mut ReadTx,
    ids: impl Iterator<Item = EntitlementId>,
) -> Result<HashMap<EntitlementId, Entitlement>> {
    let ids: Vec<EntitlementId> = ids.collect::<BTreeSet<_>>().into_iter().collect();
    let mut found = HashMap::new();
    for some in ids.chunks(PART) {
        let some = tx.entitlements_with(some).await?.into_iter();
        found.extend(some.map(|one| (one.id, one)));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sample_is_the_same_whatever_was_read_first_and_keeps_a_pair_whole() {
        let lesson = |number: usize| Lesson {
            identity: IdentityId::from_raw(i64::try_from(number / 2).unwrap()),
            entitlement: EntitlementId::from_raw(7),
            verdict: if number.is_multiple_of(2) {
                Verdict::Approved
            } else {
                Verdict::Denied
            },
        };
        let mut one: Vec<Lesson> = (0..3 * MOST).map(lesson).collect();
        let mut other: Vec<Lesson> = one.iter().rev().copied().collect();
        assert_eq!(thin(&mut one), thin(&mut other));
        other.reverse();
        assert_eq!(one, other);
        assert_eq!(one.len(), MOST);
        assert!(
            one.chunks(2)
                .all(|pair| pair[0].identity == pair[1].identity)
        );
    }
}
