//! Checks inclusion and consistency proofs, by the algorithms of RFC 9162 sections 2.1.3.2 and 2.1.4.2.
//!
//! Needs nothing but the proof and the roots: this is the half that runs at an outsider's.

use crate::hash::{Hash, node_hash, sha256};

/// The proof does not lead to the root: something was changed, or the proof belongs to another tree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the proof does not lead to the given root")]
pub struct NotProven;

/// Checks that `leaf` is leaf `index` of the tree of `size` leaves with this root.
pub fn verify_inclusion(
    index: u64,
    size: u64,
    leaf: &Hash,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), NotProven> {
    if index >= size {
        return Err(NotProven);
    }
    let mut climb = Climb {
        node: index,
        last: size - 1,
    };
    let mut hash = *leaf;
    for sibling in proof {
        hash = match climb.step()? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    if climb.last == 0 && hash == *root {
        Ok(())
    } else {
        Err(NotProven)
    }
}

/// Checks that the tree of `new` leaves with root `new_root` extends the one of `old` leaves with root `old_root`.
pub fn verify_consistency(
    old: u64,
    new: u64,
    old_root: &Hash,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), NotProven> {
    if old == new || old == 0 {
        let same = if old == new {
            old_root == new_root
        } else {
            *old_root == sha256(b"")
        };
        return if same && proof.is_empty() && old <= new {
            Ok(())
        } else {
            Err(NotProven)
        };
    }
    if old > new {
        return Err(NotProven);
    }
    let mut climb = Climb {
        node: old - 1,
        last: new - 1,
    };
    climb.skip(climb.node.trailing_ones());
    // A complete old tree is itself the first node, and the proof leaves it out.
    let (first, proof) = if old.is_power_of_two() {
        (old_root, proof)
    } else {
        proof.split_first().ok_or(NotProven)?
    };
    let (mut old_hash, mut new_hash) = (*first, *first);
    for sibling in proof {
        match climb.step()? {
            Side::Left => {
                old_hash = node_hash(sibling, &old_hash);
                new_hash = node_hash(sibling, &new_hash);
            }
            Side::Right => new_hash = node_hash(&new_hash, sibling),
        }
    }
    if climb.last == 0 && old_hash == *old_root && new_hash == *new_root {
        Ok(())
    } else {
        Err(NotProven)
    }
}

/// Where the next sibling of a proof stands.
enum Side {
    Left,
    Right,
}

/// The way from a node to the root: the node's index in its level, and the index of the last node there.
struct Climb {
    node: u64,
    last: u64,
}

impl Climb {
    fn skip(&mut self, levels: u32) {
        self.node >>= levels;
        self.last >>= levels;
    }

    /// The side of this level's sibling, and one level up; levels where the last node has no sibling are skipped.
    fn step(&mut self) -> Result<Side, NotProven> {
        if self.last == 0 {
            return Err(NotProven);
        }
        let side = if self.node & 1 == 1 || self.node == self.last {
            if self.node & 1 == 0 {
                self.skip(self.node.trailing_zeros());
            }
            Side::Left
        } else {
            Side::Right
        };
        self.skip(1);
        Ok(side)
    }
}
