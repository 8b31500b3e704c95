//! The hash of what a check foresees: the same effects give the same hash, others another one. What is not recorded yet is
//! told by its names, because its numbers depend on the order of the walk.

use std::collections::BTreeMap;

use domain::id::EntitlementId;
use roaring::RoaringTreemap;
use sha2::{Digest as _, Sha256};

use super::{Foreseen, NEW, place};
use crate::plan::Effect;

/// The hash of effects; `name` tells an entitlement that would be added.
pub(super) fn hash(
    foreseen: &Foreseen,
    effects: &BTreeMap<EntitlementId, Effect>,
    name: impl Fn(EntitlementId) -> String,
) -> String {
    let mut named: Vec<(u64, String, &Effect)> = effects
        .iter()
        .map(|(id, effect)| match id.raw() {
            raw if raw < 0 => (NEW, name(*id), effect),
            raw => (place(raw), String::new(), effect),
        })
        .collect();
    named.sort_unstable_by(|one, other| (one.0, &one.1).cmp(&(other.0, &other.1)));
    let mut hasher = Sha256::new();
    for (id, name, effect) in named {
        hasher.update(id.to_be_bytes());
        hasher.update((name.len() as u64).to_be_bytes());
        hasher.update(name.as_bytes());
        for set in [&effect.gains, &effect.losses] {
            add(&mut hasher, foreseen, set);
        }
    }
    domain::text::hex(&hasher.finalize())
}

/// Recorded people in their order; of the others, how many and the sums of their names' fingerprints.
fn add(hasher: &mut Sha256, foreseen: &Foreseen, people: &RoaringTreemap) {
    let recorded = people.range_cardinality(..NEW);
    hasher.update(recorded.to_be_bytes());
    hasher.update((people.len() - recorded).to_be_bytes());
    let mut sums = (0_u64, 0_u64);
    for at in people {
        if at < NEW {
            hasher.update(at.to_be_bytes());
        } else if let Some(newcomer) = foreseen.newcomer(at) {
            let (one, other) = newcomer.username.halves();
            sums = (sums.0.wrapping_add(one), sums.1.wrapping_add(other));
        }
    }
    hasher.update(sums.0.to_be_bytes());
    hasher.update(sums.1.to_be_bytes());
}
