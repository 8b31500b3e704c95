//! Functions of single numbers whose sum is the logarithm of the odds: a generalised additive model, found by boosting.
//!
//! Each step puts one threshold into one function, so nothing that is found depends on two numbers at once, and what each
//! of them does is known.

use super::hash::mix;
use super::quality::{chance, count};

/// Thresholds that are put in.
const STEPS: u64 = 300;
/// How much of what a threshold could win is taken.
const LENGTH: f64 = 0.1;
/// The pull towards zero, in decisions of the least certain kind.
const PULL: f64 = 3.0;
/// In each step, one in so many numbers may get a threshold: those that say nearly the same all have their turn.
const CHOICE: u64 = 3;
/// Stretches between thresholds that are looked at, as many rows in each.
const STRETCHES: usize = 32;

/// A function that is constant between its cuts.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Shape {
    /// Ends of stretches, each in the stretch below.
    pub(super) cuts: Vec<f32>,
    /// By stretch; one more than cuts. On average over what was learnt from, 0.
    pub(super) heights: Vec<f32>,
}

impl Shape {
    /// The height at a number.
    pub(super) fn at(&self, number: f64) -> f64 {
        let stretch = stretch(&self.cuts, narrow(number));
        f64::from(self.heights.get(stretch).copied().unwrap_or(0.0))
    }
}

/// While it is looked for.
struct Found {
    cuts: Vec<f32>,
    stretches: Vec<u8>,
    heights: Vec<f64>,
}

impl Found {
    fn new(column: &[f64]) -> Self {
        let mut sorted: Vec<f32> = column.iter().map(|number| narrow(*number)).collect();
        sorted.sort_by(f32::total_cmp);
        let ends = (1..STRETCHES).filter_map(|end| sorted.get(end * sorted.len() / STRETCHES));
        let mut cuts: Vec<f32> = ends.copied().collect();
        cuts.dedup();
        let stretches = column.iter().map(|number| stretch(&cuts, narrow(*number)));
        Self {
            stretches: stretches
                .map(|stretch| u8::try_from(stretch).unwrap_or(u8::MAX))
                .collect(),
            heights: vec![0.0; cuts.len() + 1],
            cuts,
        }
    }

    /// What the best threshold wins, the last stretch below it, and what is to be added below and above.
    fn threshold(&self, slopes: &[(f64, f64)]) -> Option<(f64, usize, [f64; 2])> {
        let mut by_stretch = [(0.0, 0.0); STRETCHES];
        for (stretch, (error, bend)) in self.stretches.iter().zip(slopes) {
            let sums = &mut by_stretch[usize::from(*stretch)];
            *sums = (sums.0 + error, sums.1 + bend);
        }
        let all = by_stretch
            .iter()
            .fold((0.0, 0.0), |all, one| (all.0 + one.0, all.1 + one.1));
        let (mut below, mut best) = ((0.0, 0.0), None);
        for (last, sums) in by_stretch.iter().enumerate().take(self.cuts.len()) {
            below = (below.0 + sums.0, below.1 + sums.1);
            let steps = [below, (all.0 - below.0, all.1 - below.1)];
            let won: f64 = steps
                .iter()
                .map(|(error, bend)| error * error / (bend + PULL))
                .sum();
            if best.is_none_or(|(most, _, _)| won > most) {
                best = Some((
                    won,
                    last,
                    steps.map(|(error, bend)| LENGTH * error / (bend + PULL)),
                ));
            }
        }
        best
    }

    /// The shape with its average taken out, and that average.
    fn centred(self) -> (Shape, f64) {
        let heights = self
            .stretches
            .iter()
            .map(|stretch| self.heights[usize::from(*stretch)]);
        let average = heights.sum::<f64>() / count(self.stretches.len().max(1));
        let heights = self.heights.iter().map(|height| narrow(height - average));
        let shape = Shape {
            heights: heights.collect(),
            cuts: self.cuts,
        };
        (shape, average)
    }
}

/// A shape for each column of numbers, and what is added to their sum.
pub(super) fn fit(columns: &[Vec<f64>], approved: &[bool], start: f64) -> (Vec<Shape>, f64) {
    let mut found: Vec<Found> = columns.iter().map(|column| Found::new(column)).collect();
    let mut sums = vec![start; approved.len()];
    let mut slopes = vec![(0.0, 0.0); approved.len()];
    for step in 0..STEPS {
        for ((slope, sum), approved) in slopes.iter_mut().zip(&sums).zip(approved) {
            let guess = chance(*sum);
            *slope = (
                f64::from(u8::from(*approved)) - guess,
                guess * (1.0 - guess),
            );
        }
        let chosen = (0..found.len()).filter(|column| is_chosen(step, *column));
        let thresholds =
            chosen.filter_map(|column| Some((column, found[column].threshold(&slopes)?)));
        let best = thresholds.reduce(|best, one| if one.1.0 > best.1.0 { one } else { best });
        let Some((column, (_, last, [below, above]))) = best else {
            continue;
        };
        let found = &mut found[column];
        for (stretch, height) in found.heights.iter_mut().enumerate() {
            *height += if stretch <= last { below } else { above };
        }
        for (sum, stretch) in sums.iter_mut().zip(&found.stretches) {
            *sum += if usize::from(*stretch) <= last {
                below
            } else {
                above
            };
        }
    }
    let centred = found.into_iter().map(Found::centred);
    let (shapes, averages): (Vec<Shape>, Vec<f64>) = centred.unzip();
    (shapes, start + averages.iter().sum::<f64>())
}

fn is_chosen(step: u64, column: usize) -> bool {
    mix(mix(0x6368_6f69_6365, step), column as u64).is_multiple_of(CHOICE)
}

fn stretch(cuts: &[f32], number: f32) -> usize {
    cuts.partition_point(|cut| *cut < number)
}

/// Half of the bytes: thresholds lie between whole numbers or shares of them.
#[expect(
    clippy::cast_possible_truncation,
    reason = "digits that mean nothing are given up"
)]
fn narrow(number: f64) -> f32 {
    number as f32
}
