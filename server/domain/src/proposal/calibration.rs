//! How sums become chances, and how much peers count: a logistic regression of two columns on the decisions held back.

use super::quality::{chance, count};

/// How many people with the same department and title there are beside somebody, and how many of them have something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Peers {
    /// Who have it.
    pub having: u32,
    /// All of them; 0 when there are none, or nobody knows them.
    pub all: u32,
}

impl Peers {
    /// The logarithm of the odds that a peer has it; none without peers.
    pub(super) fn odds(self) -> Option<f64> {
        let (having, all) = (f64::from(self.having.min(self.all)), f64::from(self.all));
        (self.all > 0).then(|| ((having + 0.5) / (all - having + 0.5)).ln())
    }
}

/// Weights of the two columns.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Calibration {
    pub(super) offset: f64,
    pub(super) scale: f64,
    pub(super) peers: f64,
    /// The odds among peers of an average decision.
    pub(super) usual: f64,
}

/// A decision that was held back: the sum, the peers and the verdict.
pub(super) type Held = (f64, Peers, bool);

/// Passes of Newton's method; some five are enough.
const PASSES: usize = 25;
/// The pull towards a sum that is taken as it is, and peers that do not count.
const PULL: f64 = 1.0;

impl Calibration {
    /// Finds the weights. Peers never count against what they have.
    pub(super) fn of(held: &[Held]) -> Self {
        let odds: Vec<f64> = held.iter().filter_map(|one| one.1.odds()).collect();
        let usual = odds.iter().sum::<f64>() / count(odds.len().max(1));
        let found = newton(held, usual, true);
        let [offset, scale, peers] = if found[2] < 0.0 {
            newton(held, usual, false)
        } else {
            found
        };
        Self {
            offset,
            scale: scale.max(0.0),
            peers,
            usual,
        }
    }

    /// As numbers, to be kept.
    pub(super) const fn numbers(&self) -> [f64; 4] {
        [self.offset, self.scale, self.peers, self.usual]
    }

    /// From what was kept.
    pub(super) const fn from_numbers([offset, scale, peers, usual]: [f64; 4]) -> Self {
        Self {
            offset,
            scale,
            peers,
            usual,
        }
    }

    /// What peers add to the odds.
    pub(super) fn by_peers(&self, peers: Peers) -> f64 {
        self.peers * peers.odds().map_or(0.0, |odds| odds - self.usual)
    }

    /// What a sum is in odds, without peers.
    pub(super) fn by_sum(&self, sum: f64) -> f64 {
        self.offset + self.scale * sum
    }
}

fn newton(held: &[Held], usual: f64, with_peers: bool) -> [f64; 3] {
    let mut weights = [0.0, 1.0, 0.0];
    let prior = weights;
    for _ in 0..PASSES {
        let (mut slope, mut bend) = ([0.0; 3], [[0.0; 3]; 3]);
        for at in 0..3 {
            slope[at] = PULL * (prior[at] - weights[at]);
            bend[at][at] = PULL;
        }
        for (sum, peers, approved) in held {
            let odds = peers.odds().filter(|_| with_peers);
            let row = [1.0, *sum, odds.map_or(0.0, |odds| odds - usual)];
            let guess = chance(
                row.iter()
                    .zip(weights)
                    .map(|(cell, weight)| cell * weight)
                    .sum(),
            );
            let error = f64::from(u8::from(*approved)) - guess;
            for at in 0..3 {
                slope[at] += error * row[at];
                for beside in 0..3 {
                    bend[at][beside] += guess * (1.0 - guess) * row[at] * row[beside];
                }
            }
        }
        let step = solve(bend, slope);
        for (weight, step) in weights.iter_mut().zip(step) {
            *weight += step;
        }
    }
    weights
}

/// Solves three equations whose matrix is positive definite, by elimination.
fn solve(mut matrix: [[f64; 3]; 3], mut right: [f64; 3]) -> [f64; 3] {
    for at in 0..3 {
        for below in at + 1..3 {
            let (upper, factor) = (matrix[at], matrix[below][at] / matrix[at][at]);
            for (cell, above) in matrix[below].iter_mut().zip(upper) {
                *cell -= factor * above;
            }
            right[below] -= factor * right[at];
        }
    }
    let mut found = [0.0; 3];
    for at in (0..3).rev() {
        let known: f64 = (at + 1..3)
            .map(|column| matrix[at][column] * found[column])
            .sum();
        found[at] = (right[at] - known) / matrix[at][at];
    }
    found
}
