//! The learner: logistic regression by stochastic gradient steps (`AdaGrad`) with a pull of all weights towards zero.

use super::hash::mix;
use super::quality::chance;

/// Times that all rows are gone through.
const ROUNDS: u64 = 10;
/// The length of the first steps.
const STEP: f64 = 0.04;
/// The pull towards zero. It is shared out over the rows that have a weight, so a rare one is pulled as strongly as a
/// frequent one.
const PULL: f64 = 2.0;

/// Rows of weights' numbers, all of the same width.
#[derive(Debug)]
pub(super) struct Rows {
    pub(super) width: usize,
    pub(super) cells: Vec<u32>,
    pub(super) approved: Vec<bool>,
}

impl Rows {
    fn row(&self, index: usize) -> &[u32] {
        &self.cells[index * self.width..(index + 1) * self.width]
    }
}

/// A weight for each number below `weights`, and what is added to every sum.
pub(super) fn fit(rows: &Rows, weights: usize, start: f64) -> (Vec<f64>, f64) {
    let mut frequency = vec![0.0_f64; weights];
    for cell in &rows.cells {
        frequency[*cell as usize] += 1.0;
    }
    let mut weight = vec![0.0_f64; weights];
    let mut moved = vec![1e-6_f64; weights];
    let (mut intercept, mut order) = (start, Vec::new());
    for round in 0..ROUNDS {
        shuffle(&mut order, rows.approved.len(), round);
        for index in &order {
            let row = rows.row(*index);
            let sum: f64 = row.iter().map(|cell| weight[*cell as usize]).sum();
            let error = chance(intercept + sum) - f64::from(u8::from(rows.approved[*index]));
            intercept -= 0.001 * error;
            for cell in row {
                let cell = *cell as usize;
                let gradient = error + PULL * weight[cell] / frequency[cell];
                moved[cell] += gradient * gradient;
                weight[cell] -= STEP * gradient / moved[cell].sqrt();
            }
        }
    }
    (weight, intercept)
}

/// All numbers below `count`, in an order that depends on the round alone.
fn shuffle(order: &mut Vec<usize>, count: usize, round: u64) {
    order.clear();
    order.extend(0..count);
    order.sort_by_cached_key(|index| mix(mix(0x006f_7264_6572, round), *index as u64));
}
