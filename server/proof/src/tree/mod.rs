//! The append-only Merkle tree of RFC 6962 section 2.1 (RFC 9162 section 2.1), with SHA-256.
//!
//! Nodes are named `(level, index)`: level 0 are the leaves, and `(level, index)` is the complete subtree over the leaves
//! from `index * 2^level` up to `(index + 1) * 2^level`. Such a node never changes once it exists, so a store keeps only
//! these and every proof is made from them. The tree keeps no leaves itself and reads nodes only through the caller.

mod frontier;
mod prove;
#[cfg(test)]
mod tests;
mod verify;

pub use frontier::{Frontier, MalformedFrontier};
pub use prove::{ProveError, consistency_proof, inclusion_proof, root_at};
pub use verify::{NotProven, verify_consistency, verify_inclusion};

use crate::hash::{Hash, node_hash, sha256};

/// The root over leaf hashes by the recursive definition `MTH` of RFC 6962: for tests, and for lists held in memory.
pub fn root_of(leaves: &[Hash]) -> Hash {
    match leaves {
        [] => sha256(b""),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(leaves.len().div_ceil(2).next_power_of_two());
            node_hash(&root_of(left), &root_of(right))
        }
    }
}

/// The largest power of two below `size`, which must be at least 2: where a tree of that size splits.
fn split(size: u64) -> u64 {
    size.div_ceil(2).next_power_of_two()
}
