//! The envelope as a verifier reads it: texts are borrowed from the leaf, so a hundred thousand entries cost no copies.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Deref;

use serde::{Deserialize, Serialize};

use super::{Bulk, DetailMark, Envelope, TargetMark, VERSION};
use crate::canonical::{self, NotCanonical};
use crate::hash::Hash;
use crate::tile::MAX_ENTRY;

/// A text of a leaf; owned only where it had to be unescaped.
// A type of its own, because serde borrows a `Cow` only directly in a field, not in an option, list or map.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text<'a>(#[serde(borrow)] pub Cow<'a, str>);

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

/// Why bytes are not an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotAnEntry {
    /// Longer than any entry, or not in canonical form.
    #[error(transparent)]
    NotCanonical(#[from] NotCanonical),
    /// JSON, but not an envelope.
    #[error("not an entry: {0}")]
    Malformed(String),
    /// Written by a version of the log that this code does not know.
    #[error("an entry of version {0}, which this version cannot read")]
    Version(u8),
}

/// [`Envelope`], borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnvelopeRef<'a> {
    #[serde(borrow)]
    pub action: Text<'a>,
    #[serde(borrow)]
    pub actor: Text<'a>,
    #[serde(borrow)]
    pub at: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub bulk: Option<BulkRef<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<DetailMarkRef<'a>>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<Text<'a>>,
    #[serde(borrow)]
    pub outcome: Text<'a>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Text<'a>>,
    pub seq: u64,
    #[serde(borrow, default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<TargetMarkRef<'a>>,
    pub v: u8,
}

/// [`TargetMark`], borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetMarkRef<'a> {
    /// As in [`TargetMark`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Hash>,
    /// As in [`TargetMark`].
    #[serde(borrow)]
    pub id: Text<'a>,
}

/// [`DetailMark`], borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailMarkRef<'a> {
    /// As in [`DetailMark`].
    pub hash: Hash,
    /// As in [`DetailMark`].
    #[serde(borrow)]
    pub subject: Text<'a>,
}

/// [`Bulk`], borrowed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BulkRef<'a> {
    /// As in [`Bulk`].
    pub manifest: Hash,
    /// As in [`Bulk`].
    pub rows: u64,
    /// As in [`Bulk`].
    #[serde(borrow)]
    pub totals: BTreeMap<Text<'a>, u64>,
}

impl<'a> EnvelopeRef<'a> {
    /// Reads a leaf, and makes sure that it is the one canonical form of the entry it holds.
    pub fn parse(leaf: &'a [u8]) -> Result<Self, NotAnEntry> {
        if leaf.len() > MAX_ENTRY {
            return Err(NotCanonical::TooLong(leaf.len()).into());
        }
        let entry: Self = serde_json::from_slice(leaf)
            .map_err(|error| NotAnEntry::Malformed(error.to_string()))?;
        if entry.v != VERSION {
            return Err(NotAnEntry::Version(entry.v));
        }
        canonical::same(leaf, &canonical::to_vec(&entry)?)?;
        Ok(entry)
    }

    /// The instant in microseconds since 1970 UTC; `None` if it is not a decimal number in its only spelling.
    pub fn at_micros(&self) -> Option<i64> {
        let micros: i64 = self.at.parse().ok()?;
        (micros.to_string() == *self.at).then_some(micros)
    }

    /// A copy that owns its texts.
    pub fn to_envelope(&self) -> Envelope {
        let owned = |text: &Text<'_>| text.to_string();
        Envelope {
            action: owned(&self.action),
            actor: owned(&self.actor),
            at: owned(&self.at),
            bulk: self.bulk.as_ref().map(|bulk| Bulk {
                manifest: bulk.manifest,
                rows: bulk.rows,
                totals: bulk
                    .totals
                    .iter()
                    .map(|(name, count)| (owned(name), *count))
                    .collect(),
            }),
            details: (self.details.iter())
                .map(|mark| DetailMark {
                    hash: mark.hash,
                    subject: owned(&mark.subject),
                })
                .collect(),
            on_behalf_of: self.on_behalf_of.as_ref().map(owned),
            outcome: owned(&self.outcome),
            request: self.request.as_ref().map(owned),
            seq: self.seq,
            targets: (self.targets.iter())
                .map(|mark| TargetMark {
                    content: mark.content,
                    id: owned(&mark.id),
                })
                .collect(),
            v: self.v,
        }
    }
}
