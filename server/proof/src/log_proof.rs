//! One entry's evidence in one text: index, path and signed checkpoint (C2SP tlog-proof).
//!
//! Verified offline with the entry, the name of the log and its public keys. The extra data is opaque and signed by
//! nobody; this log puts nothing there and hands on what it reads.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::checkpoint::{self, Checkpoint, NoteError, Origin, VerifyingKey, base64_hash, decimal};
use crate::hash::{Hash, leaf_hash};
use crate::tree::verify_inclusion;

const HEADER: &str = "c2sp.org/tlog-proof@v1";

/// More hashes than any tree of 64-bit size needs for a path.
const MAX_PATH: usize = 64;

/// The proof that an entry is in a log; `Display` and `FromStr` are the text for a `.tlog-proof` file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogProof {
    /// The place of the entry in the log, from 0.
    pub index: u64,
    /// The hashes from the entry's sibling up to the root's child.
    pub path: Vec<Hash>,
    /// The checkpoint, as it was signed.
    pub checkpoint: String,
    /// Data of the maker that nothing vouches for.
    pub extra: Option<Vec<u8>>,
}

/// Why a proof is not believed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LogProofError {
    /// The text is not a proof.
    #[error("not a C2SP tlog-proof")]
    Format,
    /// The checkpoint is not believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// The checkpoint is of another log.
    #[error("the proof is of the log {0}")]
    OtherLog(Origin),
    /// The entry is not at that place of that log.
    #[error("the entry is not in the log the checkpoint describes")]
    NotProven,
}

impl LogProof {
    /// Checks that `entry` stands in the log `origin`, and returns the checkpoint that says so.
    pub fn verify(
        &self,
        entry: &[u8],
        origin: &Origin,
        keys: &[VerifyingKey],
    ) -> Result<Checkpoint, LogProofError> {
        let checkpoint = checkpoint::open(&self.checkpoint, keys)?;
        if checkpoint.origin != *origin {
            return Err(LogProofError::OtherLog(checkpoint.origin));
        }
        verify_inclusion(
            self.index,
            checkpoint.size,
            &leaf_hash(entry),
            &self.path,
            &checkpoint.root,
        )
        .map_err(|_| LogProofError::NotProven)?;
        Ok(checkpoint)
    }
}

impl fmt::Display for LogProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{HEADER}")?;
        if let Some(extra) = &self.extra {
            writeln!(f, "extra {}", STANDARD.encode(extra))?;
        }
        writeln!(f, "index {}", self.index)?;
        for hash in &self.path {
            writeln!(f, "{}", STANDARD.encode(hash))?;
        }
        write!(f, "\n{}", self.checkpoint)
    }
}

impl FromStr for LogProof {
    type Err = LogProofError;

    fn from_str(text: &str) -> Result<Self, LogProofError> {
        let (head, checkpoint) = text.split_once("\n\n").ok_or(LogProofError::Format)?;
        let mut lines = head.split('\n').peekable();
        if lines.next() != Some(HEADER) {
            return Err(LogProofError::Format);
        }
        let extra = lines
            .next_if(|line| line.starts_with("extra "))
            .map(|line| STANDARD.decode(&line["extra ".len()..]))
            .transpose()
            .map_err(|_| LogProofError::Format)?;
        let index = lines
            .next()
            .and_then(|line| line.strip_prefix("index "))
            .and_then(decimal);
        let path: Option<Vec<_>> = lines.take(MAX_PATH + 1).map(base64_hash).collect();
        match (index, path) {
            (Some(index), Some(path)) if path.len() <= MAX_PATH => Ok(Self {
                index,
                path,
                checkpoint: checkpoint.to_owned(),
                extra,
            }),
            _ => Err(LogProofError::Format),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::SigningKey;
    use crate::manifest;

    fn proof_of(index: u64, entries: &[&[u8]], key: &SigningKey) -> LogProof {
        let leaves: Vec<_> = entries.iter().map(|entry| leaf_hash(entry)).collect();
        let checkpoint = Checkpoint {
            origin: "log.example".parse().unwrap(),
            size: entries.len() as u64,
            root: manifest::root(leaves.iter().copied()),
        };
        let path = manifest::inclusion(index, &leaves).unwrap();
        LogProof {
            index,
            path,
            checkpoint: checkpoint::sign(&checkpoint, key),
            extra: None,
        }
    }

    #[test]
    fn a_proof_comes_back_and_verifies() {
        let key = SigningKey::from_seed("log.example", &[9; 32]).unwrap();
        let keys = [key.verifying_key().clone()];
        let origin: Origin = "log.example".parse().unwrap();
        let entries: [&[u8]; 5] = [b"a", b"b", b"c", b"d", b"e"];
        for (index, entry) in entries.iter().enumerate() {
            for extra in [None, Some(b"opaque".to_vec())] {
                let proof = LogProof {
                    extra,
                    ..proof_of(index as u64, &entries, &key)
                };
                let read: LogProof = proof.to_string().parse().unwrap();
                assert_eq!(read, proof);
                assert_eq!(read.verify(entry, &origin, &keys).unwrap().size, 5);
                assert_eq!(
                    read.verify(b"other", &origin, &keys),
                    Err(LogProofError::NotProven)
                );
            }
        }
        let proof = proof_of(1, &entries, &key);
        assert_eq!(
            proof.verify(b"b", &origin, &[]),
            Err(LogProofError::Note(NoteError::Unsigned))
        );
        let other: Origin = "other.example".parse().unwrap();
        assert_eq!(
            proof.verify(b"b", &other, &keys),
            Err(LogProofError::OtherLog(origin))
        );
    }

    #[test]
    fn what_is_no_proof_is_refused() {
        let key = SigningKey::from_seed("log.example", &[9; 32]).unwrap();
        let text = proof_of(2, &[b"a", b"b", b"c"], &key).to_string();
        let hash = format!("{}\n", STANDARD.encode([0; 32]));
        for bad in [
            text.replace("@v1", "@v2"),
            text.replace("index 2", "index 02"),
            text.replace("index 2\n", ""),
            text.replace("index 2", "extra ?\nindex 2"),
            text.replace("index 2\n", "index 2\nAAAA\n"),
            text.replace("index 2\n", &format!("index 2\n{}", hash.repeat(65))),
            text.replace("\n\n", "\n"),
        ] {
            assert_eq!(bad.parse::<LogProof>(), Err(LogProofError::Format), "{bad}");
        }
    }
}
