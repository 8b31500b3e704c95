//! The fewest groups of a small part, by trying all that could be fewer.
//!
//! The cell with the fewest places is placed first, as in the colouring of Brélaz, here on the complement. It gives up
//! after a given number of steps: whether a small part is an easy one, is not seen in advance.

use super::kernel::Part;

/// As many cells fit into the bits of a set.
pub(super) const MOST_CELLS: usize = 128;

/// What came of it.
pub(super) enum Outcome {
    /// Fewer groups are possible; these are the fewest. The group of each cell.
    Fewer(Vec<u32>),
    /// There are no fewer.
    NoFewer,
    /// The steps did not suffice.
    Unknown,
}

/// Looks for fewer than `count` groups. Each of the cells `apart` needs a group of its own.
pub(super) fn fewest(part: &Part, apart: &[u32], count: usize, steps: usize) -> (Outcome, usize) {
    let mut near: Vec<u128> = vec![0; part.cells.len()];
    for (node, those) in part.near.iter().enumerate() {
        near[node] = those.iter().fold(1 << node, |set, &other| set | 1 << other);
    }
    let mut branch = Branch {
        groups: apart.iter().map(|&node| 1 << node).collect(),
        near,
        count,
        best: None,
        steps,
    };
    let all = u128::MAX >> (MOST_CELLS - part.cells.len());
    let open = apart.iter().fold(all, |open, &node| open & !(1 << node));
    let finished = branch.place(open);
    let taken = steps - branch.steps;
    let Some(groups) = branch.best else {
        return (
            if finished {
                Outcome::NoFewer
            } else {
                Outcome::Unknown
            },
            taken,
        );
    };
    let group_of = (0..part.cells.len()).map(|node| {
        let group = groups
            .iter()
            .zip(0..)
            .find(|(group, _)| *group >> node & 1 == 1);
        group.expect("every cell was placed").1
    });
    (Outcome::Fewer(group_of.collect()), taken)
}

struct Branch {
    /// For each cell, those it is compatible with, and itself.
    near: Vec<u128>,
    groups: Vec<u128>,
    /// Only fewer groups than these are of interest.
    count: usize,
    best: Option<Vec<u128>>,
    steps: usize,
}

impl Branch {
    /// Places all open cells in every way that may lead to fewer groups; false when the steps are used up.
    fn place(&mut self, open: u128) -> bool {
        if open == 0 {
            self.count = self.groups.len();
            self.best = Some(self.groups.clone());
            return true;
        }
        let (mut tightest, mut fewest) = (0, usize::MAX);
        let mut rest = open;
        while rest != 0 && fewest > 0 {
            let node = rest.trailing_zeros() as usize;
            rest &= rest - 1;
            let places = self
                .groups
                .iter()
                .filter(|&&group| group & !self.near[node] == 0)
                .count();
            let Some(left) = self.steps.checked_sub(self.groups.len()) else {
                return false;
            };
            self.steps = left;
            if places < fewest {
                (tightest, fewest) = (node, places);
            }
        }
        let bit = 1 << tightest;
        for group in 0..self.groups.len() {
            if self.groups[group] & !self.near[tightest] == 0 {
                self.groups[group] |= bit;
                let finished = self.place(open & !bit);
                self.groups[group] &= !bit;
                if !finished {
                    return false;
                }
                if self.groups.len() >= self.count {
                    return true;
                }
            }
        }
        if self.groups.len() + 1 >= self.count {
            return true;
        }
        self.groups.push(bit);
        let finished = self.place(open & !bit);
        self.groups.pop();
        finished
    }
}
