//! Learning in two steps, because what peers of the decisions held back have must be read in between.

use super::calibration::{Calibration, Held, Peers};
use super::combinations::combinations;
use super::fields::Past;
use super::linear::{Lessons, Linear};
use super::quality::{area_under_curve, chance};
use super::tally::{Tally, part};
use super::{FEWEST, hash};

/// One in so many decisions is held back to see how good the scores are.
const HELD_BACK: u64 = 5;
/// Most decisions that are held back: for each of them, peers are read.
const MOST_HELD: usize = 4_000;

/// Why nothing was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooFew {
    /// Approvals there are.
    pub approved: usize,
    /// Denials there are.
    pub denied: usize,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub struct Learnt {
    pub(super) fields: Vec<String>,
    pub(super) linear: Linear,
    pub(super) calibration: Calibration,
    /// Approvals learnt from.
    pub approved: u32,
    /// Denials learnt from.
    pub denied: u32,
    /// Area under the ROC curve on decisions that were held back; none when they all ended alike.
    pub quality: Option<f64>,
    /// Pairs with a higher hash were left out: a sample was learnt from.
    pub sampled_below: u64,
}

/// Half-way: what was learnt without the decisions held back.
#[derive(Debug)]
pub struct Trial {
    fields: Vec<String>,
    lessons: Lessons,
    /// Places of the decisions held back, with their sums.
    held: Vec<(usize, f64)>,
}

/// Learns without a fifth of the decisions.
pub fn begin(past: &Past) -> Result<Trial, TooFew> {
    let approved: Vec<bool> = past.decisions.iter().map(|one| one.approved).collect();
    let yes = approved.iter().filter(|one| **one).count();
    let no = approved.len() - yes;
    if approved.len() < FEWEST || yes == 0 || no == 0 {
        return Err(TooFew {
            approved: yes,
            denied: no,
        });
    }
    let places = past.telling();
    let fields: Vec<String> = places
        .iter()
        .map(|place| past.fields[*place].clone())
        .collect();
    let lessons = Lessons {
        sets: combinations(&fields),
        values: past.only(&places),
        approved,
        parts: past.decisions.iter().map(|one| part(one.pair)).collect(),
    };
    let is_held = |row: &usize| hash::mix(1, past.decisions[*row].pair).is_multiple_of(HELD_BACK);
    let (mut held, rest): (Vec<usize>, Vec<usize>) = (0..past.decisions.len()).partition(is_held);
    held.sort_by_key(|row| hash::mix(2, past.decisions[*row].pair));
    held.truncate(MOST_HELD);
    held.sort_unstable();
    let linear = Linear::learn(&lessons, &rest);
    // Nothing on their own pairs is among the rest.
    let parts = |row: usize| linear.parts(&lessons.values[row], Tally::default());
    let sum = |row: usize| linear.sum(&parts(row));
    Ok(Trial {
        fields,
        held: held.into_iter().map(|row| (row, sum(row))).collect(),
        lessons,
    })
}

impl Trial {
    /// Places of the decisions whose peers are wanted.
    pub fn held(&self) -> impl Iterator<Item = usize> {
        self.held.iter().map(|(row, _)| *row)
    }

    /// Learns from all decisions. `peers` are those of [`Trial::held`], in that order; `sampled_below` is kept.
    pub fn finish(self, peers: &[Peers], sampled_below: u64) -> Learnt {
        let held: Vec<Held> = self
            .held
            .iter()
            .enumerate()
            .map(|(at, (row, sum))| {
                let peers = peers.get(at).copied().unwrap_or_default();
                (*sum, peers, self.lessons.approved[*row])
            })
            .collect();
        let calibration = Calibration::of(&held);
        let scored: Vec<(f64, bool)> = held
            .iter()
            .map(|(sum, peers, approved)| {
                let odds = calibration.by_sum(*sum) + calibration.by_peers(*peers);
                (chance(odds), *approved)
            })
            .collect();
        let approved = &self.lessons.approved;
        let all: Vec<usize> = (0..approved.len()).collect();
        let yes = approved.iter().filter(|one| **one).count();
        let number = |count| u32::try_from(count).unwrap_or(u32::MAX);
        Learnt {
            linear: Linear::learn(&self.lessons, &all),
            fields: self.fields,
            calibration,
            approved: number(yes),
            denied: number(approved.len() - yes),
            quality: area_under_curve(&scored),
            sampled_below,
        }
    }
}

impl Learnt {
    /// The share of all decisions that were approvals.
    pub fn usual(&self) -> f64 {
        let (approved, denied) = (f64::from(self.approved), f64::from(self.denied));
        approved / (approved + denied).max(1.0)
    }

    /// Fields that are looked at.
    pub fn fields(&self) -> &[String] {
        &self.fields
    }
}
