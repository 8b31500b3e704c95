//! Tiles: how an outsider reads a whole log as files (C2SP tlog-tiles).
//!
//! A tile is up to 256 nodes of every eighth level of the tree, an entry bundle is up to 256 entries. This module knows
//! their names, widths and bytes; fetching, storing and serving them is the caller's.

use std::fmt::Write;

/// How many nodes or entries a full tile holds.
pub const FULL: u64 = 256;

/// The longest entry: its length stands before it in 16 bits.
pub const MAX_ENTRY: usize = u16::MAX as usize;

/// One tile of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// The tile's level; its nodes stand on level `8 * level` of the tree.
    pub level: u32,
    /// Its place in its level.
    pub index: u64,
    /// How many nodes it holds, 1 to 256.
    pub width: u64,
}

impl Tile {
    /// The tiles of the tree of `size` leaves that are new since it had `old` leaves, level by level.
    pub fn between(old: u64, size: u64) -> impl Iterator<Item = Self> {
        (0..8).flat_map(move |level| {
            let (from, to) = (old >> (8 * level), size >> (8 * level));
            let indexes = if from < to {
                from / FULL..to.div_ceil(FULL)
            } else {
                0..0
            };
            indexes.map(move |index| Self {
                level,
                index,
                width: FULL.min(to - index * FULL),
            })
        })
    }

    /// The node `(level, index)` of the tree (see [`crate::tree`]) that stands first in the tile; the others follow it.
    pub fn first_node(&self) -> (u32, u64) {
        (8 * self.level, self.index * FULL)
    }

    /// `tile/<level>/<index>`, with the width if the tile is not full.
    pub fn path(&self) -> String {
        path(&self.level.to_string(), self.index, self.width)
    }

    /// The path of the entries below a tile of level 0.
    pub fn entries_path(&self) -> String {
        path("entries", self.index, self.width)
    }
}

/// Appends an entry to an entry bundle; false, and nothing appended, if it is longer than [`MAX_ENTRY`].
pub fn append_entry(bundle: &mut Vec<u8>, entry: &[u8]) -> bool {
    let Ok(length) = u16::try_from(entry.len()) else {
        return false;
    };
    bundle.extend_from_slice(&length.to_be_bytes());
    bundle.extend_from_slice(entry);
    true
}

/// The index in groups of three digits, all but the last marked with `x`, so that no file is also a folder.
fn path(kind: &str, index: u64, width: u64) -> String {
    let mut path = format!("tile/{kind}");
    let digits = index.to_string();
    let digits = format!(
        "{digits:0>filled$}",
        filled = digits.len().next_multiple_of(3)
    );
    let mut rest = digits.as_str();
    while let Some((group, after)) = rest.split_at_checked(3) {
        path.push('/');
        if !after.is_empty() {
            path.push('x');
        }
        path.push_str(group);
        rest = after;
    }
    if width < FULL {
        write!(path, ".p/{width}").expect("invariant: writing to a string succeeds");
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_standard() {
        let tile = Tile {
            level: 1,
            index: 1_234_067,
            width: 256,
        };
        assert_eq!(tile.path(), "tile/1/x001/x234/067");
        assert_eq!(
            Tile { width: 17, ..tile }.entries_path(),
            "tile/entries/x001/x234/067.p/17"
        );
        assert_eq!(
            Tile {
                level: 0,
                index: 0,
                width: 1
            }
            .path(),
            "tile/0/000.p/1"
        );
        assert_eq!(
            Tile {
                level: 0,
                index: 1000,
                width: 256
            }
            .first_node(),
            (0, 256_000)
        );
    }

    #[test]
    fn a_tree_of_70000_has_the_tiles_of_the_standard() {
        let tiles: Vec<_> = Tile::between(0, 70_000).collect();
        let full = tiles.iter().filter(|tile| tile.width == FULL);
        assert_eq!(full.clone().filter(|tile| tile.level == 0).count(), 273);
        assert_eq!(full.filter(|tile| tile.level == 1).count(), 1);
        let partial: Vec<_> = tiles
            .iter()
            .filter(|tile| tile.width < FULL)
            .map(Tile::path)
            .collect();
        assert_eq!(
            partial,
            ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]
        );
        let exact: Vec<_> = Tile::between(255, 256).map(|tile| tile.path()).collect();
        assert_eq!(exact, ["tile/0/000", "tile/1/000.p/1"]);
        assert_eq!(Tile::between(300, 300).count(), 0);
    }

    #[test]
    fn a_bundle_is_a_sequence_of_lengths_and_entries() {
        let mut bundle = Vec::new();
        assert!(append_entry(&mut bundle, b"ab") && append_entry(&mut bundle, b""));
        assert!(!append_entry(&mut bundle, &vec![0; MAX_ENTRY + 1]));
        assert_eq!(bundle, b"\0\x02ab\0\0");
    }
}
