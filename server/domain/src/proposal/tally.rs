//! How requests were decided that have values in common, and what is learnt from that: how often they were approved, and
//! how many they were.

use super::hash::mix;

/// So many average decisions are added to those that were counted.
const PRIOR: f64 = 4.0;
/// What a verdict is compared with is counted without the decisions in the same of so many parts: without its own.
const PARTS: usize = 10;

/// Verdicts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub(super) approved: u32,
    pub(super) denied: u32,
}

impl Tally {
    /// One more.
    pub(super) const fn add(&mut self, approved: bool) {
        if approved {
            self.approved += 1;
        } else {
            self.denied += 1;
        }
    }

    /// Those that are not among others.
    pub(super) const fn without(self, others: Self) -> Self {
        Self {
            approved: self.approved.saturating_sub(others.approved),
            denied: self.denied.saturating_sub(others.denied),
        }
    }

    /// How many.
    pub(super) const fn all(self) -> u32 {
        self.approved.saturating_add(self.denied)
    }

    /// The share of approvals; 0 of none.
    pub(super) fn share(self) -> f64 {
        f64::from(self.approved) / f64::from(self.all().max(1))
    }

    /// What is learnt from: the share of approvals, and how many there are. `usual` is the share among all decisions.
    pub(super) fn numbers(self, usual: f64) -> [f64; 2] {
        let all = f64::from(self.all());
        let share = (f64::from(self.approved) + PRIOR * usual) / (all + PRIOR);
        [share, all]
    }
}

/// The part that a decision is in: all on a pair are in the same.
pub(super) fn part(pair: u64) -> usize {
    usize::try_from(mix(3, pair) % PARTS as u64).unwrap_or(0)
}

/// For each of some decisions, given by their parts and verdicts, how those in other parts ended.
pub(super) fn of_others(decisions: &[(usize, bool)]) -> Vec<Tally> {
    let mut all = Tally::default();
    let mut by_part = [Tally::default(); PARTS];
    for (part, approved) in decisions {
        all.add(*approved);
        by_part[*part].add(*approved);
    }
    let decisions = decisions.iter();
    decisions
        .map(|(part, _)| all.without(by_part[*part]))
        .collect()
}
