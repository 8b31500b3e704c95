//! Checkpoints: the size and root of the log, signed (C2SP tlog-checkpoint over C2SP signed-note, Ed25519).
//!
//! The note format is written here and not taken from the crates `signed_note` and `tlog_tiles` 0.2: they bind to
//! ed25519-dalek 2, curve25519-dalek 4, sha2 0.10 and base64 0.21, which would put a second copy of every cipher into
//! the server and the browser; `tlog_tiles` also brings `url` with its Unicode tables; and private keys can neither be
//! written out nor wiped there. Extension lines and other signature types than Ed25519 are not made and not trusted.

mod key;
pub mod note;
#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

pub use key::{KeyError, SigningKey, VerifyingKey};
pub use note::NoteError;

use crate::hash::Hash;

/// The name of a log, unique for one identity of it: not empty, and without control characters.
/// A URL without scheme is recommended, such as `bailiwick.example.com/log`, and the same name for the key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Origin(String);

/// The text cannot be the first line of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the name of a log is one line, not empty and without control characters")]
pub struct InvalidOrigin;

impl FromStr for Origin {
    type Err = InvalidOrigin;

    fn from_str(text: &str) -> Result<Self, InvalidOrigin> {
        if text.is_empty() || text.chars().any(char::is_control) {
            return Err(InvalidOrigin);
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<str> for Origin {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// What a log says of itself at one moment. `Display` and `FromStr` are the note text, without signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: Origin,
    /// How many entries it has.
    pub size: u64,
    /// The root of its tree at that size.
    pub root: Hash,
}

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{}\n{}\n{}",
            self.origin,
            self.size,
            STANDARD.encode(self.root)
        )
    }
}

impl FromStr for Checkpoint {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut lines = text
            .strip_suffix('\n')
            .ok_or(NoteError::NotACheckpoint)?
            .split('\n');
        let (Some(origin), Some(size), Some(root), None) =
            (lines.next(), lines.next(), lines.next(), lines.next())
        else {
            return Err(NoteError::NotACheckpoint);
        };
        Ok(Self {
            origin: origin.parse().map_err(|_| NoteError::NotACheckpoint)?,
            size: decimal(size).ok_or(NoteError::NotACheckpoint)?,
            root: base64_hash(root).ok_or(NoteError::NotACheckpoint)?,
        })
    }
}

/// The signed note of a checkpoint. The caller must never sign two that are not consistent with each other.
pub fn sign(checkpoint: &Checkpoint, key: &SigningKey) -> String {
    note::sign(&checkpoint.to_string(), key)
}

/// The checkpoint in a note that at least one of these keys signed, while none of them signed it wrongly.
/// The caller compares the origin with the log it asked: a key may sign for several.
pub fn open(signed: &str, keys: &[VerifyingKey]) -> Result<Checkpoint, NoteError> {
    note::open(signed, keys)?.parse()
}

/// A number in its only spelling: no sign, no leading zero.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    let spelled_once = text == "0" || text.starts_with(|first: char| ('1'..='9').contains(&first));
    if spelled_once {
        text.parse().ok()
    } else {
        None
    }
}

/// A hash in base64, as checkpoints and proofs write it.
pub(crate) fn base64_hash(text: &str) -> Option<Hash> {
    STANDARD.decode(text).ok()?.as_slice().try_into().ok()
}
