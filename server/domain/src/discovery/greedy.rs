//! Roles for a piece that is too large for a kernel: one after the other, none taken back.
//!
//! The rule is that of Ene and others: take the row or the column with the fewest cells that are not covered yet, and make
//! one role of them. Rows alone never need more roles than there are rows, columns alone no more than there are columns;
//! the best of the three is kept.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::budget::{Budget, Cancelled};
use super::cells::{Cells, Grouping};
use super::relation::{Biclique, Relation, narrow};
use super::table::common;

/// Groups of the cells that have to be covered.
pub(super) fn cover(
    relation: &Relation,
    cells: &Cells,
    budget: &mut Budget,
) -> Result<Grouping, Cancelled> {
    let mut best: Option<Grouping> = None;
    for (rows, columns) in [(true, true), (true, false), (false, true)] {
        let grouping = Greedy::new(relation, cells).cover(rows, columns, budget)?;
        if best
            .as_ref()
            .is_none_or(|best| grouping.groups < best.groups)
        {
            best = Some(grouping);
        }
    }
    Ok(best.expect("there are three ways"))
}

struct Greedy<'a> {
    relation: &'a Relation,
    cells: &'a Cells,
    /// Cells that are still to be covered.
    open: Vec<bool>,
    /// How many of them each row has, and then each column.
    left: Vec<u32>,
    /// Columns of the role that is made; false in between.
    is_in: Vec<bool>,
}

impl<'a> Greedy<'a> {
    fn new(relation: &'a Relation, cells: &'a Cells) -> Self {
        let mut greedy = Self {
            relation,
            cells,
            open: vec![false; cells.leaders.len()],
            left: vec![0; relation.rows.len() + relation.columns.len()],
            is_in: vec![false; relation.columns.len()],
        };
        for cell in cells.leading() {
            greedy.open[cell as usize] = true;
            greedy.left[cells.rows[cell as usize] as usize] += 1;
            greedy.left[relation.rows.len() + cells.columns[cell as usize] as usize] += 1;
        }
        greedy
    }

    fn cover(
        mut self,
        rows: bool,
        columns: bool,
        budget: &mut Budget,
    ) -> Result<Grouping, Cancelled> {
        let height = self.relation.rows.len();
        let starts = |line: usize| if line < height { rows } else { columns };
        let entry = |left: &[u32], line: usize| Reverse((left[line], line));
        let lines = (0..self.left.len()).filter(|&line| self.left[line] > 0 && starts(line));
        let mut queue: BinaryHeap<_> = lines.map(|line| entry(&self.left, line)).collect();
        let mut grouping = Grouping::default();
        while let Some(Reverse((left, line))) = queue.pop() {
            // What was queued with an older count is queued again with the newer one.
            if left == 0 || left != self.left[line] {
                continue;
            }
            let mut looks = 0;
            let biclique = self.biclique(line, &mut looks);
            let covered = self.take(&biclique, &mut looks);
            budget.spend(looks)?;
            let mut lines: Vec<usize> = Vec::new();
            for &cell in &covered {
                lines.push(self.cells.rows[cell as usize] as usize);
                lines.push(height + self.cells.columns[cell as usize] as usize);
            }
            lines.sort_unstable();
            lines.dedup();
            let again = lines
                .into_iter()
                .filter(|&line| starts(line) && self.left[line] > 0);
            queue.extend(again.map(|line| entry(&self.left, line)));
            let group = narrow(grouping.groups);
            grouping
                .group_of
                .extend(covered.into_iter().map(|cell| (cell, group)));
            grouping.groups += 1;
        }
        Ok(grouping)
    }

    /// The open cells of a row or a column, with all that a role of them can hold.
    fn biclique(&self, line: usize, looks: &mut usize) -> Biclique {
        let Relation { rows, columns } = self.relation;
        let open = |row: u32, column: u32, looks: &mut usize| {
            *looks += 8;
            self.open[self.cells.at(self.relation, row, column)]
        };
        if let Some(row) = rows.get(line) {
            let start = self.cells.starts[line];
            *looks += row.len();
            let mut those = row.clone();
            let mut is_open = self.open[start..].iter();
            those.retain(|_| {
                *is_open
                    .next()
                    .expect("the row has a cell for each of its columns")
            });
            let rows_with = common(&those, columns, 1, looks);
            let all = common(&rows_with, rows, those.len(), looks);
            return Biclique {
                rows: rows_with,
                columns: all,
            };
        }
        let column = line - rows.len();
        let mut those = columns[column].clone();
        those.retain(|&row| open(row, narrow(column), looks));
        let columns_of = common(&those, rows, 1, looks);
        let all = common(&columns_of, columns, those.len(), looks);
        Biclique {
            rows: all,
            columns: columns_of,
        }
    }

    /// The cells this role covers for the first time.
    fn take(&mut self, biclique: &Biclique, looks: &mut usize) -> Vec<u32> {
        let mut covered = Vec::new();
        for &column in &biclique.columns {
            self.is_in[column as usize] = true;
        }
        let height = self.relation.rows.len();
        for &row in &biclique.rows {
            let start = self.cells.starts[row as usize];
            let columns = &self.relation.rows[row as usize];
            *looks += columns.len() + 1;
            for (cell, &column) in (start..).zip(columns) {
                if self.open[cell] && self.is_in[column as usize] {
                    self.open[cell] = false;
                    self.left[row as usize] -= 1;
                    self.left[height + column as usize] -= 1;
                    covered.push(narrow(cell));
                }
            }
        }
        for &column in &biclique.columns {
            self.is_in[column as usize] = false;
        }
        covered
    }
}
