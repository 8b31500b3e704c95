//! Roles that overlap: two of them give the same, one gives all that the other does without including it, or nearly the same.
//!
//! Compared is what active roles give in the end, through all roles in them. Not every pair is looked at: two sets of which
//! one contains the other share the rarest thing of the smaller one, and two that are nearly the same share one of the
//! rarest few of either (prefix filter of set similarity joins).

mod find;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use crate::id::{EntitlementId, RoleId};
use crate::words;

pub use find::overlaps;

words! {
    /// How two roles overlap.
    OverlapKind {
        /// Both give the same.
        Same = "same", "Same";
        /// The first gives all that the second does, and more; it does not include it.
        Contains = "contains", "Contains";
        /// They share most, and each has something of its own.
        Similar = "similar", "Similar";
    }
}

/// Fewer shared things than this do not make roles similar.
pub const LEAST_SHARED: usize = 3;

/// Roles are similar when they share at least so many of a hundred things that either gives (Jaccard index).
pub const LEAST_OF_A_HUNDRED: usize = 80;

/// Two roles that overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Overlap {
    /// How.
    pub kind: OverlapKind,
    /// One of them: the one that contains the other, or else the older one.
    pub one: RoleId,
    /// The other.
    pub other: RoleId,
    /// How many things both give.
    pub shared: usize,
    /// How many things only the first gives.
    pub only_one: usize,
    /// How many things only the other gives.
    pub only_other: usize,
}

/// How two sorted lists of things overlap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sides {
    /// What is in both.
    pub shared: Vec<EntitlementId>,
    /// What is only in the first.
    pub only_one: Vec<EntitlementId>,
    /// What is only in the second.
    pub only_other: Vec<EntitlementId>,
}

impl Sides {
    /// Compares two sorted lists.
    pub fn of(one: &[EntitlementId], other: &[EntitlementId]) -> Self {
        let mut sides = Self::default();
        let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
        loop {
            let order = match (one.peek(), other.peek()) {
                (Some(a), Some(b)) => a.cmp(b),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return sides,
            };
            match order {
                Ordering::Less => sides.only_one.extend(one.next()),
                Ordering::Greater => sides.only_other.extend(other.next()),
                Ordering::Equal => {
                    sides.shared.extend(one.next());
                    other.next();
                }
            }
        }
    }
}

/// Whether so many shared things and so many of either alone make two roles similar.
pub const fn is_similar(shared: usize, only_one: usize, only_other: usize) -> bool {
    let all = shared + only_one + only_other;
    shared >= LEAST_SHARED
        && only_one > 0
        && only_other > 0
        && shared * 100 >= all * LEAST_OF_A_HUNDRED
}
