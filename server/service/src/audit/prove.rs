//! The proof that an entry stands in the signed log, made from stored hashes.
//!
//! Complete subtrees of 256 entries and their powers are stored; what lies below is hashed again from 256 leaves.

use std::collections::HashMap;

use proof::LogProof;
use proof::hash::Hash;
use proof::tree::{consistency_proof, inclusion_proof, root_of, verify_inclusion};
use storage::ReadTx;

use crate::{Error, Result};

/// Levels of the tree between two stored ones.
const STORED_EVERY: u32 = 8;

/// The evidence for one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofView {
    /// Entries the checkpoint covers.
    pub size: i64,
    /// Its root, in hexadecimal.
    pub root: String,
    /// Hashes from the entry's sibling upwards, in hexadecimal.
    pub path: Vec<String>,
    /// The signed checkpoint.
    pub note: String,
    /// All of it in one text, as a `.tlog-proof` file (C2SP tlog-proof).
    pub file: String,
    /// Whether path and leaf lead to the root; false is a finding for `audit verify`.
    pub holds: bool,
}

/// The proof of an entry against the latest checkpoint; none when that does not cover it.
pub(super) async fn prove(tx: &mut ReadTx, seq: i64, leaf: &Hash) -> Result<Option<ProofView>> {
    let Some(checkpoint) = tx
        .latest_checkpoint()
        .await?
        .filter(|latest| seq > 0 && seq <= latest.size)
    else {
        return Ok(None);
    };
    let (index, size) = (unsigned(seq - 1), unsigned(checkpoint.size));
    let root = Hash::try_from(&checkpoint.root[..])
        .map_err(|_| damaged("the latest checkpoint's root is not a hash"))?;
    let path = Nodes::default().inclusion(tx, index, size).await?;
    let holds = verify_inclusion(index, size, leaf, &path, &root).is_ok();
    let file = LogProof {
        index,
        path: path.clone(),
        checkpoint: checkpoint.note.clone(),
        extra: None,
    }
    .to_string();
    Ok(Some(ProofView {
        size: checkpoint.size,
        root: root.to_string(),
        path: path.iter().map(Hash::to_string).collect(),
        note: checkpoint.note,
        file,
        holds,
    }))
}

/// Hashes of the tree that were read, for the proofs of many entries against one checkpoint.
#[derive(Debug, Default)]
pub(crate) struct Nodes(HashMap<(u32, u64), Hash>);

impl Nodes {
    /// The path from the entry at this place, counted from 0, to the root over `size` entries.
    pub(crate) async fn inclusion(
        &mut self,
        tx: &mut ReadTx,
        index: u64,
        size: u64,
    ) -> Result<Vec<Hash>> {
        self.prove(tx, |mut node| inclusion_proof(index, size, &mut node))
            .await
    }

    /// That the tree of `new` entries only adds to that of `old`.
    pub(crate) async fn consistency(
        &mut self,
        tx: &mut ReadTx,
        old: u64,
        new: u64,
    ) -> Result<Vec<Hash>> {
        self.prove(tx, |mut node| consistency_proof(old, new, &mut node))
            .await
    }

    async fn prove(
        &mut self,
        tx: &mut ReadTx,
        attempt: impl Fn(&mut dyn FnMut(u32, u64) -> Known) -> Attempt,
    ) -> Result<Vec<Hash>> {
        // The proof says which nodes it needs by failing on the first it does not have.
        loop {
            let mut missing = None;
            let made = attempt(&mut |level, position| {
                let known = self.0.get(&(level, position)).copied();
                missing = known.is_none().then_some((level, position));
                known.ok_or("not read yet")
            });
            match (made, missing) {
                (Ok(path), _) => return Ok(path),
                (Err(_), Some((level, position))) => {
                    let hash = node(tx, level, position).await?;
                    self.0.insert((level, position), hash);
                }
                (Err(error), None) => return Err(Error::Internal(error.to_string())),
            }
        }
    }
}

/// A node, when it was read.
type Known = std::result::Result<Hash, &'static str>;
/// A proof, or what it lacks.
type Attempt = std::result::Result<Vec<Hash>, proof::tree::ProveError<&'static str>>;

/// The hash of a complete subtree.
async fn node(tx: &mut ReadTx, level: u32, position: u64) -> Result<Hash> {
    let below = level % STORED_EVERY;
    let (first, count) = (signed(position << below), 1_i64 << below);
    let stored =
        match i16::try_from(level / STORED_EVERY).map_err(|_| damaged("the tree is too high"))? {
            0 => tx.leaf_hashes(first + 1, count).await?,
            level => tx.audit_nodes(level, first, count).await?,
        };
    let hashes: Vec<Hash> = stored
        .iter()
        .map(|hash| Hash::try_from(&hash[..]))
        .collect::<std::result::Result<_, _>>()
        .map_err(|_| damaged("a hash of the log has the wrong length"))?;
    if i64::try_from(hashes.len()) != Ok(count) {
        return Err(damaged("hashes of the log are missing"));
    }
    Ok(root_of(&hashes))
}

fn damaged(what: &str) -> Error {
    Error::Internal(format!(
        "{what}; run `bailiwick audit verify` to see what does not hold"
    ))
}

fn unsigned(number: i64) -> u64 {
    u64::try_from(number).expect("invariant: sizes and places in the log are not negative")
}

fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
