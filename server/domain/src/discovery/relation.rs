//! The grants without what is there twice: users with the same permissions become one row, permissions of the same
//! users one column, and what has nothing in common falls apart.
//!
//! Each of these steps leaves the least number of roles as it is. Everything after them works on rows and columns.

use std::collections::BTreeMap;

use super::grants::Grants;

/// Which rows have which columns, from both sides. All lists ascend.
#[derive(Clone, Default)]
pub(super) struct Relation {
    pub(super) rows: Vec<Vec<u32>>,
    pub(super) columns: Vec<Vec<u32>>,
}

/// Rows that all have these columns.
#[derive(Clone, Default)]
pub(super) struct Biclique {
    pub(super) rows: Vec<u32>,
    pub(super) columns: Vec<u32>,
}

/// A relation, and what its rows and columns stand for.
pub(super) struct Merged {
    pub(super) relation: Relation,
    pub(super) users: Vec<Vec<u32>>,
    pub(super) permissions: Vec<Vec<u32>>,
}

/// A piece that shares neither row nor column with the others; its rows and columns are places in these lists.
pub(super) struct Piece {
    pub(super) relation: Relation,
    rows: Vec<u32>,
    columns: Vec<u32>,
}

/// A place in a list as it is kept.
pub(super) fn narrow(index: usize) -> u32 {
    u32::try_from(index)
        .expect("there are fewer users, permissions and grants than fit into 32 bits")
}

impl Relation {
    fn of_rows(rows: Vec<Vec<u32>>, width: usize) -> Self {
        let mut columns = vec![Vec::new(); width];
        for (index, row) in rows.iter().enumerate() {
            for &column in row {
                columns[column as usize].push(narrow(index));
            }
        }
        Self { rows, columns }
    }

    /// How many pairs there are.
    pub(super) fn cells(&self) -> usize {
        self.rows.iter().map(Vec::len).sum()
    }

    /// The rows by themselves or the columns by themselves, whichever are fewer: a cover that never takes any thought.
    pub(super) fn lines(&self) -> Vec<Biclique> {
        let (rows, columns) = (self.rows.iter().cloned(), self.columns.iter().cloned());
        let alone = |line| vec![line];
        if self.rows.len() < self.columns.len() {
            let of_row = |(columns, row)| Biclique {
                rows: alone(row),
                columns,
            };
            return rows.zip(0..).map(of_row).collect();
        }
        let of_column = |(rows, column)| Biclique {
            rows,
            columns: alone(column),
        };
        columns.zip(0..).map(of_column).collect()
    }

    /// Pieces that have nothing in common, in the order of their first rows.
    pub(super) fn pieces(&self) -> Vec<Piece> {
        const UNKNOWN: u32 = u32::MAX;
        let mut piece_of = vec![UNKNOWN; self.rows.len()];
        let mut place_of = vec![UNKNOWN; self.columns.len()];
        let mut pieces = Vec::new();
        for first in 0..self.rows.len() {
            if piece_of[first] != UNKNOWN {
                continue;
            }
            piece_of[first] = narrow(pieces.len());
            let (mut rows, mut columns) = (vec![narrow(first)], Vec::new());
            let mut next = 0;
            while next < rows.len() {
                for &column in &self.rows[rows[next] as usize] {
                    if place_of[column as usize] != UNKNOWN {
                        continue;
                    }
                    place_of[column as usize] = 0;
                    columns.push(column);
                    for &row in &self.columns[column as usize] {
                        if piece_of[row as usize] == UNKNOWN {
                            piece_of[row as usize] = narrow(pieces.len());
                            rows.push(row);
                        }
                    }
                }
                next += 1;
            }
            rows.sort_unstable();
            columns.sort_unstable();
            for (place, &column) in columns.iter().enumerate() {
                place_of[column as usize] = narrow(place);
            }
            let local = |&row: &u32| -> Vec<u32> {
                let row = &self.rows[row as usize];
                row.iter()
                    .map(|&column| place_of[column as usize])
                    .collect()
            };
            pieces.push(Piece {
                relation: Self::of_rows(rows.iter().map(local).collect(), columns.len()),
                rows,
                columns,
            });
        }
        pieces
    }
}

impl Piece {
    /// What a biclique of this piece is in the whole.
    pub(super) fn lift(&self, biclique: &Biclique) -> Biclique {
        let lift =
            |from: &[u32], places: &[u32]| places.iter().map(|&at| from[at as usize]).collect();
        Biclique {
            rows: lift(&self.rows, &biclique.rows),
            columns: lift(&self.columns, &biclique.columns),
        }
    }
}

/// One row for users with the same permissions, one column for permissions of the same users.
pub(super) fn merge(grants: &Grants) -> Merged {
    let mut alike: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for of_user in grants.pairs().chunk_by(|a, b| a.0 == b.0) {
        let permissions = of_user.iter().map(|pair| pair.1).collect();
        alike.entry(permissions).or_default().push(of_user[0].0);
    }
    let (rows, users): (Vec<_>, Vec<_>) = alike.into_iter().unzip();

    let mut holders: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        for &permission in row {
            holders.entry(permission).or_default().push(narrow(index));
        }
    }
    let mut alike: BTreeMap<Vec<u32>, Vec<u32>> = BTreeMap::new();
    for (permission, rows) in holders {
        alike.entry(rows).or_default().push(permission);
    }
    let (columns, permissions): (Vec<_>, Vec<_>) = alike.into_iter().unzip();
    let mut relation = Relation::of_rows(columns, rows.len());
    std::mem::swap(&mut relation.rows, &mut relation.columns);
    Merged {
        relation,
        users,
        permissions,
    }
}
