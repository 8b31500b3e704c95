//! Which fields are looked at together: each one, each two, each three; the person alone.

use super::fields::field;
use super::hash::mix;

/// Most fields that are looked at together.
const TOGETHER: u32 = 3;
/// Most fields that requests have in common whose verdicts are counted to learn from them.
const COUNTED: u32 = 2;

/// Sets of places in a row of values, as bits; the small ones first. The person, if there, has the last place.
pub(super) fn combinations(fields: &[String]) -> Vec<u16> {
    let person = fields.last().is_some_and(|last| last == field::PERSON);
    let together = fields.len() - usize::from(person);
    let mut all: Vec<u16> = (1..1_u16 << together)
        .filter(|set| set.count_ones() <= TOGETHER)
        .collect();
    if person {
        all.push(1 << together);
    }
    all.sort_by_key(|set| (set.count_ones(), *set));
    all
}

/// Whether verdicts are counted by this set. Those sets come first.
pub(super) const fn counted(set: u16) -> bool {
    set.count_ones() <= COUNTED
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
