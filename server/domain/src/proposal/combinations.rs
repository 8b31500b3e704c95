//! Which fields are looked at together: each one, each two, each three.

use super::hash::mix;

/// Most fields that are looked at together.
const TOGETHER: u32 = 3;

/// Sets of places in a row of values, as bits; the small ones first.
pub(super) fn combinations(fields: usize) -> Vec<u16> {
    let mut all: Vec<u16> = (1..1_u16 << fields)
        .filter(|set| set.count_ones() <= TOGETHER)
        .collect();
    all.sort_by_key(|set| (set.count_ones(), *set));
    all
}

/// Whether a place is in a set.
pub(super) const fn has(set: u16, place: usize) -> bool {
    set >> place & 1 == 1
}

/// What stands for the values of a row in the places of a set.
pub(super) fn key(set: u16, values: &[u64]) -> u64 {
    let inside = values
        .iter()
        .enumerate()
        .filter(|(place, _)| has(set, *place));
    inside.fold(
        mix(0x70_726f_706f_7365, u64::from(set)),
        |key, (_, value)| mix(key, *value),
    )
}
