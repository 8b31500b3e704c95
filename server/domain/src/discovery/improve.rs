//! Turns the parts of the kernels into as few groups as the budget allows: everywhere a first grouping, then by turns a
//! search where fewer may be possible.

use super::bound::apart;
use super::budget::{Budget, Cancelled};
use super::exact::{self, Outcome};
use super::kernel::Part;
use super::search::Search;

/// Steps of the first turn of a part; each round doubles them.
const FIRST_TURN: usize = 1 << 16;
/// Steps of the longest turn: between turns somebody may cancel.
const LONGEST_TURN: usize = 1 << 22;
/// Steps of trying all possibilities of a small part.
const EXACT: usize = 1 << 26;

/// A part that needs deciding.
struct Open<'a> {
    part: &'a Part,
    search: Search<'a>,
    apart: Vec<u32>,
    /// Fewer groups are impossible.
    bound: usize,
}

/// For every part the group of each of its cells. `base` roles are there already, outside of the parts, and fewer of
/// those than `base_bound` are impossible.
pub(super) fn group(
    parts: &[&Part],
    base: usize,
    base_bound: usize,
    budget: &mut Budget,
) -> Result<Vec<Vec<u32>>, Cancelled> {
    let mut all = Vec::with_capacity(parts.len());
    for part in parts {
        let search = Search::new(part);
        budget.spend(part.near.iter().map(|near| near.len() + 1).sum())?;
        let apart = apart(part, budget)?;
        all.push(Open {
            part,
            search,
            bound: apart.len(),
            apart,
        });
    }
    let tell = |all: &[Open], budget: &mut Budget| {
        let count = all.iter().map(|open| open.search.count()).sum::<usize>();
        let bound = all.iter().map(|open| open.bound).sum::<usize>();
        budget.found(base + count, base_bound + bound)
    };
    tell(&all, budget)?;
    let mut turn = FIRST_TURN;
    let mut tried = false;
    while all.iter().any(|open| open.search.count() > open.bound) && budget.left() > 0 {
        for index in 0..all.len() {
            let open = &mut all[index];
            let before = open.search.count();
            let steps = turn.min(usize::try_from(budget.left()).unwrap_or(usize::MAX));
            budget.spend(open.search.look(open.bound, steps))?;
            if open.search.count() < before {
                tell(&all, budget)?;
            }
        }
        if !tried {
            tried = true;
            for open in &mut all {
                open.settle(budget)?;
            }
            tell(&all, budget)?;
        }
        turn = LONGEST_TURN.min(turn * 2);
    }
    Ok(all
        .into_iter()
        .map(|open| open.search.into_best())
        .collect())
}

impl Open<'_> {
    /// Tries all possibilities of a small part.
    fn settle(&mut self, budget: &mut Budget) -> Result<(), Cancelled> {
        let count = self.search.count();
        if count == self.bound || self.part.cells.len() > exact::MOST_CELLS {
            return Ok(());
        }
        let steps = EXACT.min(usize::try_from(budget.left()).unwrap_or(usize::MAX));
        let (outcome, taken) = exact::fewest(self.part, &self.apart, count, steps);
        match outcome {
            Outcome::Fewer(group_of) => self.search.accept(group_of),
            Outcome::NoFewer => self.bound = count,
            Outcome::Unknown => {}
        }
        budget.spend(taken)
    }
}
