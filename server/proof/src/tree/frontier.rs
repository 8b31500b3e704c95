//! The right edge of the tree: all that appending needs, in at most 64 hashes.
//!
//! Holds the roots of the complete subtrees that a tree of this size consists of, the widest first.

use std::fmt::Display;

use super::{ProveError, prove::complete_node};
use crate::hash::{Hash, node_hash, sha256};

/// A compact append-only Merkle tree: it knows its size and root, and forgets its leaves.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

/// The bytes are not what [`Frontier::to_bytes`] wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the stored tree edge has {found} bytes, which fits no tree")]
pub struct MalformedFrontier {
    found: usize,
}

impl Frontier {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// How many leaves were pushed.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf hash.
    pub fn push(&mut self, leaf: Hash) {
        self.push_with(leaf, |_, _, _| ());
    }

    /// Appends a leaf hash and names every subtree it completes, as `(level, index, hash)`, the leaf itself first:
    /// the nodes a store must keep to prove anything later.
    pub fn push_with(&mut self, leaf: Hash, mut completed: impl FnMut(u32, u64, Hash)) {
        let index = self.size;
        completed(0, index, leaf);
        let mut hash = leaf;
        // One peak stands for every bit of the size, so those of the lowest bits, if set, are there to be joined.
        let keep = self.peaks.len() - index.trailing_ones() as usize;
        for (level, left) in (1..).zip(self.peaks.drain(keep..).rev()) {
            hash = node_hash(&left, &hash);
            completed(level, index >> level, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The Merkle tree hash; of the empty tree, SHA-256 of nothing.
    pub fn root(&self) -> Hash {
        let folded = self
            .peaks
            .iter()
            .rev()
            .copied()
            .reduce(|right, left| node_hash(&left, &right));
        folded.unwrap_or_else(|| sha256(b""))
    }

    /// The size as 8 bytes, big-endian, then the peaks, the widest first.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + 32 * self.peaks.len());
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for peak in &self.peaks {
            bytes.extend_from_slice(&peak.0);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, MalformedFrontier> {
        let malformed = MalformedFrontier { found: bytes.len() };
        let (size, peaks) = bytes.split_first_chunk().ok_or(malformed)?;
        let size = u64::from_be_bytes(*size);
        let (peaks, rest) = peaks.as_chunks::<32>();
        if !rest.is_empty() || peaks.len() as u64 != u64::from(size.count_ones()) {
            return Err(malformed);
        }
        Ok(Self {
            size,
            peaks: peaks.iter().map(|peak| Hash(*peak)).collect(),
        })
    }

    /// Builds the edge of the tree of the first `size` leaves again, from stored nodes.
    pub fn load<E: Display>(
        size: u64,
        node: &mut impl FnMut(u32, u64) -> Result<Hash, E>,
    ) -> Result<Self, ProveError<E>> {
        let mut peaks = Vec::new();
        let mut start = 0;
        for level in (0..u64::BITS)
            .rev()
            .filter(|level| (size >> level) & 1 == 1)
        {
            peaks.push(complete_node(level, start, node)?);
            start += 1 << level;
        }
        Ok(Self { size, peaks })
    }
}
