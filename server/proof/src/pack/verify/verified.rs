//! What was found to hold, with numbers, for the person who asked.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::hash::Hash;

/// A pack in which everything holds: each byte of the file is what was exported, each line what the log recorded.
///
/// It says that the log's signer vouches for the pack, not that what people decided is right.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Verified {
    /// The id of the campaign.
    pub campaign: String,
    /// What it is called.
    pub name: String,
    /// SHA-256 of the whole file, to say later which file it was.
    pub sha256: Hash,
    /// Lines that were proven by the trees of launch and acts.
    pub lines: u64,
    /// What the population consists of.
    pub population: Population,
    /// Items by their last decision, under the word in the records.
    pub decisions: BTreeMap<String, u64>,
    /// Items on which nothing was decided.
    pub undecided: u64,
    /// Decisions that came after another one on the same item.
    pub corrections: u64,
    /// Acts on many items whose records are in the pack.
    pub acts: u64,
    /// Their records.
    pub records: u64,
    /// Entries of the log that were proven, by their action.
    pub entries: BTreeMap<String, u64>,
    /// When the campaign was launched: microseconds since 1970 UTC.
    pub launched_at: Option<i64>,
    /// When the pack was exported: microseconds since 1970 UTC.
    pub exported_at: Option<i64>,
    /// Who exported it, as the log names them.
    pub exported_by: String,
    /// The checkpoint that the entries are proven against.
    pub checkpoint: CheckpointUsed,
    /// The checkpoint that seals the pack; the log between the two only grew.
    pub seal: CheckpointUsed,
    /// The keys that signed them.
    pub keys: Vec<KeyUsed>,
    /// What the reader should know before relying on the pack.
    pub warnings: Vec<String>,
}

/// The lines of the population.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Population {
    /// All lines.
    pub lines: u64,
    /// Lines that describe what access is about.
    pub things: u64,
    /// Lines that describe whose access it is.
    pub persons: u64,
    /// Items to decide on.
    pub included: u64,
    /// What was left out, each with its reason.
    pub excluded: u64,
    /// Lines of kinds that this version does not know.
    pub other: u64,
}

/// A checkpoint that was believed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckpointUsed {
    /// The name of the log.
    pub origin: String,
    /// How many entries it had.
    pub size: u64,
    /// The root of its tree.
    pub root: Hash,
}

/// A key that signed a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KeyUsed {
    /// The key as `name+hash+base64` (C2SP signed-note): what the organisation publishes must be the same text.
    pub key: String,
    /// Whether it is known only from the pack itself.
    pub from_pack: bool,
}
