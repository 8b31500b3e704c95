//! The regression as it is kept: a weight for each combination of values that was decided on more than once, one for all
//! others of the same fields, and how the combination was decided.

use super::combinations::{combinations, key};
use super::fit::{Rows, fit};

/// A combination that was decided on more rarely shares a weight with its like.
const COMMON: usize = 2;

/// A combination of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) key: u64,
    pub(super) weight: f32,
    pub(super) approved: u32,
    pub(super) denied: u32,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    pub(super) intercept: f64,
    /// By combination of fields: the weight of what was hardly ever decided on.
    pub(super) rare: Vec<f32>,
    /// By combination of fields: the weight on average.
    pub(super) average: Vec<f32>,
    /// In the order of keys.
    pub(super) entries: Vec<Entry>,
}

/// What a combination of fields did to a sum.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) set: u16,
    /// Against the average of all decisions.
    pub(super) moved: f64,
    pub(super) approved: u32,
    pub(super) denied: u32,
}

impl Linear {
    /// Learns from rows of as many values each; `rows` says which.
    pub(super) fn learn(values: &[Vec<u64>], approved: &[bool], rows: &[usize]) -> Self {
        let sets = combinations(rows.first().map_or(0, |row| values[*row].len()));
        let width = sets.len();
        let mut matrix = Rows {
            width,
            cells: vec![0; width * rows.len()],
            approved: rows.iter().map(|row| approved[*row]).collect(),
        };
        let mut entries: Vec<Entry> = Vec::new();
        for (column, set) in sets.iter().enumerate() {
            let keys = rows.iter().map(|row| key(*set, &values[*row]));
            let mut keys: Vec<(u64, usize)> = keys.zip(0..).collect();
            keys.sort_unstable();
            for same in keys.chunk_by(|one, other| one.0 == other.0) {
                let number = if same.len() < COMMON {
                    column
                } else {
                    entries.push(entry(same, &matrix.approved));
                    width + entries.len() - 1
                };
                for (_, row) in same {
                    matrix.cells[row * width + column] = u32::try_from(number).unwrap_or(0);
                }
            }
        }
        let (weights, intercept) = fit(&matrix, width + entries.len(), start(&matrix.approved));
        let average = average(&matrix, &weights);
        let (rare, own) = weights.split_at(width);
        for (entry, weight) in entries.iter_mut().zip(own) {
            entry.weight = narrow(*weight);
        }
        entries.sort_unstable_by_key(|entry| entry.key);
        Self {
            intercept,
            rare: rare.iter().map(|weight| narrow(*weight)).collect(),
            average,
            entries,
        }
    }

    /// The sum of a row of values.
    pub(super) fn sum(&self, values: &[u64]) -> f64 {
        let sets = combinations(values.len());
        let sum: f64 = (0..sets.len())
            .map(|column| f64::from(self.weight(column, key(sets[column], values)).0))
            .sum();
        self.intercept + sum
    }

    /// What each combination did to the sum of a row.
    pub(super) fn parts(&self, values: &[u64]) -> Vec<Part> {
        let sets = combinations(values.len()).into_iter().enumerate();
        sets.map(|(column, set)| {
            let (weight, entry) = self.weight(column, key(set, values));
            Part {
                set,
                moved: f64::from(weight) - f64::from(self.average[column]),
                approved: entry.map_or(0, |entry| entry.approved),
                denied: entry.map_or(0, |entry| entry.denied),
            }
        })
        .collect()
    }

    fn weight(&self, column: usize, key: u64) -> (f32, Option<&Entry>) {
        match self.entries.binary_search_by_key(&key, |entry| entry.key) {
            Ok(place) => (self.entries[place].weight, Some(&self.entries[place])),
            Err(_) => (self.rare[column], None),
        }
    }
}

fn entry(same: &[(u64, usize)], approved: &[bool]) -> Entry {
    let count = |verdict| {
        same.iter()
            .filter(|(_, row)| approved[*row] == verdict)
            .count()
    };
    Entry {
        key: same.first().map_or(0, |one| one.0),
        weight: 0.0,
        approved: u32::try_from(count(true)).unwrap_or(u32::MAX),
        denied: u32::try_from(count(false)).unwrap_or(u32::MAX),
    }
}

/// The logarithm of the odds over all decisions.
fn start(approved: &[bool]) -> f64 {
    let (mut yes, mut no) = (1.0_f64, 1.0_f64);
    for one in approved {
        *(if *one { &mut yes } else { &mut no }) += 1.0;
    }
    (yes / no).ln()
}

/// By column, the weight that rows have there on average.
fn average(rows: &Rows, weights: &[f64]) -> Vec<f32> {
    let mut sums = vec![0.0_f64; rows.width];
    for row in rows.cells.chunks(rows.width.max(1)) {
        for (sum, cell) in sums.iter_mut().zip(row) {
            *sum += weights[*cell as usize];
        }
    }
    let count = f64::from(u32::try_from(rows.approved.len().max(1)).unwrap_or(u32::MAX));
    sums.into_iter().map(|sum| narrow(sum / count)).collect()
}

/// Half of the bytes: weights are known to far fewer digits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "digits that mean nothing are given up"
)]
fn narrow(weight: f64) -> f32 {
    weight as f32
}
