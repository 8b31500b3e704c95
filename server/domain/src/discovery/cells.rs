//! The pairs that have to be covered, and which of them follow from others.
//!
//! Two cells are compatible when one biclique may hold both. When everything compatible with cell `a` is also compatible
//! with cell `b`, any role with `a` can take in `b`: then `a` leads `b`, and only `a` has to be covered. Here are the
//! leaders that are seen from rows and columns alone: where the rows of column `p` all have column `q`, their cells in
//! `q` follow from those in `p`.

use super::budget::{Budget, Cancelled};
use super::relation::{Biclique, Relation, narrow};
use super::table::common;

/// The group of cells that have to be covered: each of them with its group, and how many groups there are.
#[derive(Default)]
pub(super) struct Grouping {
    pub(super) group_of: Vec<(u32, u32)>,
    pub(super) groups: usize,
}

/// All pairs of a relation, row by row.
pub(super) struct Cells {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u32>,
    /// For each cell the one it follows from; itself when it has to be covered.
    pub(super) leaders: Vec<u32>,
    /// The first cell of each row, and the end.
    pub(super) starts: Vec<usize>,
}

impl Cells {
    pub(super) fn of(relation: &Relation, budget: &mut Budget) -> Result<Self, Cancelled> {
        let mut cells = Self {
            rows: Vec::with_capacity(relation.cells()),
            columns: Vec::with_capacity(relation.cells()),
            leaders: (0..narrow(relation.cells())).collect(),
            starts: vec![0],
        };
        for (row, columns) in relation.rows.iter().enumerate() {
            cells.rows.extend(columns.iter().map(|_| narrow(row)));
            cells.columns.extend(columns);
            cells.starts.push(cells.rows.len());
        }
        for column in 0..narrow(relation.columns.len()) {
            let rows = &relation.columns[column as usize];
            for wider in supersets(column, &relation.columns, &relation.rows, budget)? {
                for &row in rows {
                    let leader = cells.at(relation, row, column);
                    let follower = cells.at(relation, row, wider);
                    cells.leaders[follower] = narrow(leader);
                }
                budget.spend(rows.len() * 16)?;
            }
        }
        for row in 0..narrow(relation.rows.len()) {
            let columns = &relation.rows[row as usize];
            for wider in supersets(row, &relation.rows, &relation.columns, budget)? {
                for &column in columns {
                    let leader = cells.at(relation, row, column);
                    let follower = cells.at(relation, wider, column);
                    cells.leaders[follower] = narrow(leader);
                }
                budget.spend(columns.len() * 16)?;
            }
        }
        Ok(cells)
    }

    /// The number of the cell of this row and this column, which the row has.
    pub(super) fn at(&self, relation: &Relation, row: u32, column: u32) -> usize {
        let place = relation.rows[row as usize].binary_search(&column);
        self.starts[row as usize] + place.expect("the row has this column")
    }

    /// The cells that have to be covered.
    pub(super) fn leading(&self) -> Vec<u32> {
        let all = 0..narrow(self.leaders.len());
        all.filter(|&cell| self.leaders[cell as usize] == cell)
            .collect()
    }

    /// The groups with all that follows from their cells. They are bicliques, because what follows from compatible cells
    /// is compatible.
    pub(super) fn bicliques(&self, grouping: &Grouping) -> Vec<Biclique> {
        const NONE: u32 = u32::MAX;
        let mut group = vec![NONE; self.leaders.len()];
        for &(cell, of) in &grouping.group_of {
            group[cell as usize] = of;
        }
        let mut way = Vec::new();
        for mut cell in 0..self.leaders.len() {
            while group[cell] == NONE {
                way.push(cell);
                cell = self.leaders[cell] as usize;
            }
            let of = group[cell];
            for cell in way.drain(..) {
                group[cell] = of;
            }
        }
        let mut found = vec![Biclique::default(); grouping.groups];
        for (cell, &of) in group.iter().enumerate() {
            let biclique = &mut found[of as usize];
            // Row by row: the same row comes many times in a run.
            if biclique.rows.last() != Some(&self.rows[cell]) {
                biclique.rows.push(self.rows[cell]);
            }
            biclique.columns.push(self.columns[cell]);
        }
        for biclique in &mut found {
            biclique.columns.sort_unstable();
            biclique.columns.dedup();
        }
        found
    }
}

/// The other sets that hold all of this one. `holders` are the same memberships from the other side. No two sets are the
/// same, so these are larger.
fn supersets(
    of: u32,
    sets: &[Vec<u32>],
    holders: &[Vec<u32>],
    budget: &mut Budget,
) -> Result<Vec<u32>, Cancelled> {
    let set = &sets[of as usize];
    let mut looks = set.len();
    let mut found = common(set, holders, 1, &mut looks);
    budget.spend(looks)?;
    found.retain(|&other| other != of);
    Ok(found)
}
