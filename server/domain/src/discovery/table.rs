//! Whether a row has a column, and what lists have in common.
//!
//! The table holds a bit for every pair; lists serve where it would be too large.

use super::relation::Relation;

/// The largest table, in words of 64 bits: 32 MiB.
const LARGEST: usize = 1 << 22;

pub(super) struct Table {
    words: Vec<u64>,
    width: usize,
}

impl Table {
    /// None when the table would be too large.
    pub(super) fn of(relation: &Relation) -> Option<Self> {
        let width = relation.columns.len().div_ceil(64);
        let size = width.checked_mul(relation.rows.len())?;
        if size > LARGEST {
            return None;
        }
        let mut words = vec![0; size];
        for (row, columns) in relation.rows.iter().enumerate() {
            for &column in columns {
                words[row * width + column as usize / 64] |= 1 << (column % 64);
            }
        }
        Some(Self { words, width })
    }

    pub(super) fn has(&self, row: u32, column: u32) -> bool {
        self.words[row as usize * self.width + column as usize / 64] >> (column % 64) & 1 == 1
    }
}

/// What all of these lists have in common; `those` is not empty. As soon as no more than `least` are left, which the
/// caller knows to be in all of them, no further list is looked at. Looks are counted.
pub(super) fn common(
    those: &[u32],
    lists: &[Vec<u32>],
    least: usize,
    looks: &mut usize,
) -> Vec<u32> {
    let mut shortest_first = those.to_vec();
    shortest_first.sort_by_key(|&list| lists[list as usize].len());
    let mut found = lists[shortest_first[0] as usize].clone();
    for &list in &shortest_first[1..] {
        if found.len() <= least {
            break;
        }
        let mut rest = lists[list as usize].as_slice();
        *looks += found.len();
        if rest.len() / 16 > found.len() {
            *looks += found.len() * 16;
            found.retain(|entry| rest.binary_search(entry).is_ok());
            continue;
        }
        *looks += rest.len();
        found.retain(|entry| {
            while let [first, others @ ..] = rest {
                if first >= entry {
                    return first == entry;
                }
                rest = others;
            }
            false
        });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_any_length_have_in_common_what_is_in_all() {
        let lists = [
            vec![1, 5, 9, 200],
            (0..300).collect(),
            vec![0, 1, 9, 100, 200, 300],
        ];
        assert_eq!(common(&[1, 0, 2], &lists, 0, &mut 0), [1, 9, 200]);
        assert_eq!(common(&[0], &lists, 0, &mut 0), [1, 5, 9, 200]);
    }
}
