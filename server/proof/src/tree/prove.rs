//! Makes inclusion and consistency proofs from the stored nodes of complete subtrees (RFC 6962 sections 2.1.1, 2.1.2).
//!
//! A proof reads at most about twice as many nodes as the tree has levels.

use std::fmt::Display;

use super::split;
use crate::hash::{Hash, node_hash, sha256};

/// Why a proof cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProveError<E: Display> {
    /// No such leaf in a tree of that size.
    #[error("a tree of {size} leaves has no leaf {index}")]
    NoLeaf {
        /// The leaf asked for, counted from 0.
        index: u64,
        /// The size of the tree asked about.
        size: u64,
    },
    /// A tree never shrinks.
    #[error("a tree of {new} leaves does not extend one of {old}")]
    Shrunk {
        /// The size that should be the smaller one.
        old: u64,
        /// The size that should be the larger one.
        new: u64,
    },
    /// The caller could not give a node.
    #[error("a node of the tree could not be read: {0}")]
    Node(E),
}

/// The root of the tree of the first `size` leaves.
pub fn root_at<E: Display>(
    size: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Hash, ProveError<E>> {
    if size == 0 {
        Ok(sha256(b""))
    } else {
        range_root(0, size, node)
    }
}

/// The audit path of leaf `index` in the tree of the first `size` leaves, from the leaf's sibling upwards.
pub fn inclusion_proof<E: Display>(
    index: u64,
    size: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, ProveError<E>> {
    if index >= size {
        return Err(ProveError::NoLeaf { index, size });
    }
    let (mut start, mut width) = (0, size);
    let mut path = Vec::new();
    while width > 1 {
        let left = split(width);
        if index < start + left {
            path.push(range_root(start + left, width - left, node)?);
            width = left;
        } else {
            path.push(range_root(start, left, node)?);
            start += left;
            width -= left;
        }
    }
    path.reverse();
    Ok(path)
}

/// The proof that the tree of the first `new` leaves extends that of the first `old`.
/// It is empty when the sizes are equal and when the old tree is empty, which every tree extends.
pub fn consistency_proof<E: Display>(
    old: u64,
    new: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Vec<Hash>, ProveError<E>> {
    if old > new {
        return Err(ProveError::Shrunk { old, new });
    }
    if old == 0 || old == new {
        return Ok(Vec::new());
    }
    let (mut start, mut width) = (0, new);
    let mut path = Vec::new();
    while start + width > old {
        let left = split(width);
        if old <= start + left {
            path.push(range_root(start + left, width - left, node)?);
            width = left;
        } else {
            path.push(range_root(start, left, node)?);
            start += left;
            width -= left;
        }
    }
    // A verifier knows the old root; the rest of the old tree it must be told.
    if start > 0 {
        path.push(range_root(start, width, node)?);
    }
    path.reverse();
    Ok(path)
}

/// The root over `width` leaves from `start` on, where `start` is a multiple of a power of two not below `width`.
fn range_root<E: Display>(
    start: u64,
    width: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Hash, ProveError<E>> {
    if width.is_power_of_two() {
        return complete_node(width.trailing_zeros(), start, node);
    }
    let left = split(width);
    let left_root = range_root(start, left, node)?;
    let right_root = range_root(start + left, width - left, node)?;
    Ok(node_hash(&left_root, &right_root))
}

/// The complete subtree of this level that begins at leaf `start`.
pub(super) fn complete_node<E: Display>(
    level: u32,
    start: u64,
    node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
) -> Result<Hash, ProveError<E>> {
    node(level, start >> level).map_err(ProveError::Node)
}
