//! What is learnt, as it is kept: a sum over combinations of values. Each that was decided on more than once has a weight,
//! one for all others of the same fields; to it comes what the verdicts on the combination say, and how many they are.

use super::combinations::{counted, key};
use super::fit::{Rows, fit};
use super::quality::count;
use super::shapes::{self, Shape};
use super::tally::{Tally, of_others};

/// A combination that was decided on more rarely shares a weight with its like.
const COMMON: usize = 2;
/// Weights and shapes are learnt beside each other, each to tell all; the sum is their average.
const HALF: f64 = 0.5;

/// What is learnt from.
#[derive(Debug)]
pub(super) struct Lessons {
    /// Combinations of fields.
    pub(super) sets: Vec<u16>,
    /// By decision, as many values each.
    pub(super) values: Vec<Vec<u64>>,
    pub(super) approved: Vec<bool>,
    /// By decision, the part it is in.
    pub(super) parts: Vec<usize>,
}

/// A combination of values.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Entry {
    pub(super) key: u64,
    pub(super) weight: f32,
    pub(super) tally: Tally,
}

/// What was learnt.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Linear {
    /// Combinations of fields.
    pub(super) sets: Vec<u16>,
    pub(super) intercept: f64,
    /// The share of approvals.
    pub(super) usual: f64,
    /// By combination of fields: the weight of what was hardly ever decided on.
    pub(super) rare: Vec<f32>,
    /// By combination of fields: the weight on average.
    pub(super) average: Vec<f32>,
    /// Two for each combination of fields that is counted, of [`Tally::numbers`].
    pub(super) shapes: Vec<Shape>,
    /// In the order of keys.
    pub(super) entries: Vec<Entry>,
}

/// What a combination of fields did to a sum, against the average of all decisions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Part {
    pub(super) set: u16,
    /// By its values and how requests with them were decided.
    pub(super) moved: f64,
    /// By how many there are.
    pub(super) moved_by_count: f64,
    /// How they were decided.
    pub(super) tally: Tally,
}

/// Combinations of values that were found, on the way to what is kept.
struct Found {
    matrix: Rows,
    /// With the number of the weight.
    entries: Vec<(Entry, u32)>,
    weights: usize,
    /// By counted set and number, what is known of each row by others.
    numbers: Vec<Vec<f64>>,
}

impl Linear {
    /// Learns; `rows` says from which decisions.
    pub(super) fn learn(lessons: &Lessons, rows: &[usize]) -> Self {
        let approved: Vec<bool> = rows.iter().map(|row| lessons.approved[*row]).collect();
        let yes = count(approved.iter().filter(|one| **one).count());
        let no = count(approved.len()) - yes;
        let (usual, start) = (yes / (yes + no).max(1.0), ((yes + 1.0) / (no + 1.0)).ln());
        let found = Found::new(lessons, rows, approved, usual);
        let (weights, by_weights) = fit(&found.matrix, found.weights, start);
        let (mut shapes, by_shapes) = shapes::fit(&found.numbers, &found.matrix.approved, start);
        for height in shapes.iter_mut().flat_map(|shape| &mut shape.heights) {
            *height = narrow(HALF * f64::from(*height));
        }
        let weight = |number: u32| narrow(HALF * weights[number as usize]);
        let mut entries: Vec<Entry> = found
            .entries
            .iter()
            .map(|(entry, number)| Entry {
                weight: weight(*number),
                ..*entry
            })
            .collect();
        entries.sort_unstable_by_key(|entry| entry.key);
        Self {
            sets: lessons.sets.clone(),
            intercept: HALF * (by_weights + by_shapes),
            usual,
            rare: (0..).take(lessons.sets.len()).map(weight).collect(),
            average: average(&found.matrix, &weights),
            shapes,
            entries,
        }
    }

    /// The sum of a row of values.
    pub(super) fn sum(&self, parts: &[Part]) -> f64 {
        let average: f64 = self.average.iter().map(|weight| f64::from(*weight)).sum();
        let moved = parts.iter().map(|part| part.moved + part.moved_by_count);
        self.intercept + average + moved.sum::<f64>()
    }

    /// What each combination did to the sum of a row, by decisions on others than the very pair.
    pub(super) fn parts(&self, values: &[u64], own: Tally) -> Vec<Part> {
        let sets = self.sets.iter().enumerate();
        let parts = sets.map(|(column, set)| {
            let found = self.find(key(*set, values));
            let weight = found.map_or(self.rare[column], |entry| entry.weight);
            let tally = found.map_or_else(Tally::default, |entry| entry.tally.without(own));
            let [share, all] = tally.numbers(self.usual);
            let at =
                |shape: usize, number| self.shapes.get(shape).map_or(0.0, |shape| shape.at(number));
            Part {
                set: *set,
                moved: f64::from(weight) - f64::from(self.average[column]) + at(2 * column, share),
                moved_by_count: at(2 * column + 1, all),
                tally,
            }
        });
        parts.collect()
    }

    fn find(&self, key: u64) -> Option<&Entry> {
        let place = self.entries.binary_search_by_key(&key, |entry| entry.key);
        place.ok().map(|place| &self.entries[place])
    }
}

impl Found {
    fn new(lessons: &Lessons, rows: &[usize], approved: Vec<bool>, usual: f64) -> Self {
        let width = lessons.sets.len();
        let mut found = Self {
            matrix: Rows {
                width,
                cells: vec![0; width * rows.len()],
                approved,
            },
            entries: Vec::new(),
            weights: width,
            numbers: Vec::new(),
        };
        for (column, set) in lessons.sets.iter().enumerate() {
            let keys = rows.iter().map(|row| key(*set, &lessons.values[*row]));
            let mut keys: Vec<(u64, usize)> = keys.zip(0..).collect();
            keys.sort_unstable();
            let mut by_others = vec![Tally::default(); if counted(*set) { rows.len() } else { 0 }];
            for same in keys.chunk_by(|one, other| one.0 == other.0) {
                found.take(column, same, counted(*set));
                if counted(*set) {
                    let decisions = same
                        .iter()
                        .map(|(_, row)| (lessons.parts[rows[*row]], found.matrix.approved[*row]));
                    let others = of_others(&decisions.collect::<Vec<_>>());
                    for ((_, row), others) in same.iter().zip(others) {
                        by_others[*row] = others;
                    }
                }
            }
            if counted(*set) {
                for number in 0..2 {
                    let numbers = by_others.iter().map(|tally| tally.numbers(usual)[number]);
                    found.numbers.push(numbers.collect());
                }
            }
        }
        found
    }

    /// Takes in the rows of one combination of values.
    fn take(&mut self, column: usize, same: &[(u64, usize)], counted: bool) {
        let common = same.len() >= COMMON;
        let number = if common { self.weights } else { column };
        let number = u32::try_from(number).unwrap_or(0);
        self.weights += usize::from(common);
        let mut tally = Tally::default();
        for (_, row) in same {
            tally.add(self.matrix.approved[*row]);
            self.matrix.cells[row * self.matrix.width + column] = number;
        }
        if common || counted {
            let entry = Entry {
                key: same.first().map_or(0, |one| one.0),
                weight: 0.0,
                tally,
            };
            self.entries.push((entry, number));
        }
    }
}

/// By column, the weight that rows have there on average.
fn average(rows: &Rows, weights: &[f64]) -> Vec<f32> {
    let mut sums = vec![0.0_f64; rows.width];
    for row in rows.cells.chunks(rows.width.max(1)) {
        for (sum, cell) in sums.iter_mut().zip(row) {
            *sum += weights[*cell as usize];
        }
    }
    let rows = count(rows.approved.len().max(1));
    sums.into_iter()
        .map(|sum| narrow(HALF * sum / rows))
        .collect()
}

/// Half of the bytes: weights are known to far fewer digits.
#[expect(
    clippy::cast_possible_truncation,
    reason = "digits that mean nothing are given up"
)]
fn narrow(weight: f64) -> f32 {
    weight as f32
}
