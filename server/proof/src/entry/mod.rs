//! Entries of the audit log: the envelope that becomes a leaf, without personal data.
//!
//! An envelope names who did what to which ids, and binds everything else by hash: each object's new content, each
//! subject's details (salted, so that they can be erased), and the manifest of a bulk act. Its canonical bytes
//! (RFC 8785) are the leaf data of the tree (RFC 6962), at most what a C2SP tlog-tiles bundle can carry.
//! Fields stand in canonical order in the source too: then writing needs no sorting.

mod borrowed;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::canonical::{self, NotCanonical};
use crate::hash::{Hash, Salt, salted_hash};
use crate::tile::MAX_ENTRY;

pub use borrowed::{BulkRef, DetailMarkRef, EnvelopeRef, NotAnEntry, TargetMarkRef, Text};

/// The version of the envelope that this code writes and reads.
pub const VERSION: u8 = 1;

/// One entry of the log. Optional and empty fields are left out of the leaf.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    /// What was done, an event in the past tense.
    pub action: String,
    /// Who did it: an id, or `anonymous`, `system`, `command_line`.
    pub actor: String,
    /// When: microseconds since 1970 UTC, in decimal digits.
    pub at: String,
    /// For an act on many rows: what binds them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<Bulk>,
    /// The hashes of the details, one for each subject they are about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<DetailMark>,
    /// Whose right the actor used, if it was not their own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<String>,
    /// How it ended.
    pub outcome: String,
    /// The request that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
    /// The place in the log's own count; it has no gaps.
    pub seq: u64,
    /// What was touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetMark>,
    /// [`VERSION`].
    pub v: u8,
}

/// An object an entry touched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetMark {
    /// The hash of its canonical content after the act, if it is content the log covers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Hash>,
    /// Its id.
    pub id: String,
}

/// Details kept beside the log, which may be erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailMark {
    /// [`details_hash`] of them.
    pub hash: Hash,
    /// The id of whom they are about.
    pub subject: String,
}

/// The control totals of a bulk act and the root of its rows (see [`crate::manifest`]).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bulk {
    /// The root over its row records.
    pub manifest: Hash,
    /// How many row records there are.
    pub rows: u64,
    /// Counts by name, such as `added` or `ended`.
    pub totals: BTreeMap<String, u64>,
}

impl Envelope {
    /// The leaf data: the canonical bytes of the envelope, or an error if they are too long for the log.
    pub fn leaf(&self) -> Result<Vec<u8>, NotCanonical> {
        let bytes = canonical::to_vec(self)?;
        if bytes.len() > MAX_ENTRY {
            Err(NotCanonical::TooLong(bytes.len()))
        } else {
            Ok(bytes)
        }
    }
}

/// `SHA-256(salt || canonical details)`: stays in the log when details and salt are erased, and then tells nothing.
pub fn details_hash(salt: &Salt, canonical: &[u8]) -> Hash {
    salted_hash(salt, canonical)
}
