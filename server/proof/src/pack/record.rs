//! The lines of the parts, as far as a verifier must understand them. What else stands in a record is the campaign's.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::entry::{EnvelopeRef, Text};
use crate::hash::Hash;

/// The entry that began the campaign; its tree is the population.
pub const LAUNCHED: &str = "review.launched";
/// The entry about the export; its tree has one record, the list of parts.
pub const EXPORTED: &str = "evidence.exported";
/// Entries of the campaign itself begin so; each names the campaign, and those about many items have their records in
/// the pack.
pub const CAMPAIGN_ACTIONS: &str = "review.";

/// A line of `population.jsonl`.
#[derive(Debug, Deserialize)]
pub(super) struct PopulationLine<'a> {
    /// `thing` and `person` describe what items are about; `item` and `excluded` together are the population.
    #[serde(borrow)]
    pub(super) kind: Cow<'a, str>,
    /// Items and exclusions are numbered from 1 on in one count, in any order.
    #[serde(default)]
    pub(super) number: Option<u64>,
}

/// The head of an act in `acts.jsonl`; the records of its tree follow, a line each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActHead {
    /// The number (`seq`) of the entry that binds the records.
    pub entry: u64,
    /// How many records follow.
    pub records: u64,
}

/// A record of an act.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ActRecord<'a> {
    /// The item it is about.
    #[serde(default)]
    pub(super) item: Option<u64>,
    /// What was decided; the last decision on an item counts.
    #[serde(borrow, default)]
    pub(super) decision: Option<Text<'a>>,
}

/// A line of `entries.jsonl`: an entry and its path to the root of the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EntryLine<'a> {
    /// The entry; its canonical bytes are the leaf.
    #[serde(borrow)]
    pub envelope: EnvelopeRef<'a>,
    /// The place of the leaf in the log, from 0.
    pub index: u64,
    /// The hashes from the leaf's sibling up to the root's child.
    pub path: Vec<Hash>,
}

/// `seal.json`: the entry about the export, and that the log at the pack's checkpoint only grew to hold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seal<'a> {
    /// A signed checkpoint that covers the entry.
    pub checkpoint: String,
    /// From the checkpoint of the entries to this one (RFC 9162 section 2.1.4); empty when they are of one size.
    pub consistency: Vec<Hash>,
    /// The entry with its path to the root of this checkpoint.
    #[serde(borrow)]
    pub entry: EntryLine<'a>,
}

/// `summary.json`. The verifier counts what it can count and compares; the rest is for readers.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// The id of the campaign, as entries name it.
    pub campaign: String,
    /// How many items ended with each decision, by the word in the records.
    #[serde(default)]
    pub decisions: BTreeMap<String, u64>,
    /// What the campaign is called.
    pub name: String,
    /// Control totals. Compared where they are there: `population`, `included`, `excluded`, `decided`, `undecided`.
    #[serde(default)]
    pub totals: BTreeMap<String, u64>,
    /// When and by whom it was made, sign-off, and whatever else there is to say.
    #[serde(flatten)]
    pub more: Map<String, Value>,
}
