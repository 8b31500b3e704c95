//! Fewer groups than these are impossible: cells no two of which are compatible need a group each.
//!
//! What is found is a bound, not always the best one; [`super::exact`] closes the gap of small parts.

use super::budget::{Budget, Cancelled};
use super::kernel::Part;
use super::random::Random;
use super::relation::narrow;

/// Rounds of letting one in that puts out another.
const ROUNDS: usize = 200;

/// As many mutually incompatible cells as were found: the loneliest first, then by small exchanges.
pub(super) fn apart(part: &Part, budget: &mut Budget) -> Result<Vec<u32>, Cancelled> {
    let size = part.cells.len();
    let mut random = Random::new(1);
    let mut order: Vec<u32> = (0..narrow(size)).collect();
    order.sort_by_key(|&node| part.near[node as usize].len());
    let mut chosen = Chosen {
        part,
        is: vec![false; size],
        against: vec![0; size],
    };
    let (mut count, mut best) = (0, Vec::new());
    for _ in 0..ROUNDS {
        for &node in &order {
            if !chosen.is[node as usize] && chosen.against[node as usize] == 0 {
                chosen.take(node);
                count += 1;
            }
        }
        if count > best.len() {
            best = order
                .iter()
                .copied()
                .filter(|&node| chosen.is[node as usize])
                .collect();
        }
        budget.spend(2 * size)?;
        let first = random.below(size);
        let mut from_first = (first..size).chain(0..first);
        let Some(node) = from_first.find(|&node| !chosen.is[node] && chosen.against[node] == 1)
        else {
            break;
        };
        let out = part.near[node]
            .iter()
            .find(|&&other| chosen.is[other as usize]);
        chosen.leave(*out.expect("one chosen cell is against this one"));
        chosen.take(narrow(node));
    }
    Ok(best)
}

struct Chosen<'a> {
    part: &'a Part,
    is: Vec<bool>,
    /// How many chosen cells each one is compatible with.
    against: Vec<u32>,
}

impl Chosen<'_> {
    fn take(&mut self, node: u32) {
        self.is[node as usize] = true;
        for &near in &self.part.near[node as usize] {
            self.against[near as usize] += 1;
        }
    }

    fn leave(&mut self, node: u32) {
        self.is[node as usize] = false;
        for &near in &self.part.near[node as usize] {
            self.against[near as usize] -= 1;
        }
    }
}
