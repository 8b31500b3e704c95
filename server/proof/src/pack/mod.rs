//! Evidence packs: one file that proves a whole access-review campaign, offline and for years.
//!
//! The file is a ZIP that any tool opens. [`Part`] lists what is in it: a report and tables for people, and the parts that
//! prove them. What proves what:
//!
//! - a checkpoint of the audit log is signed ([`crate::checkpoint`]); each line of `entries.jsonl` is in the log at it;
//! - the entry about the launch binds `population.jsonl`, a record a line, and each entry about an act on many items binds
//!   its records in `acts.jsonl` ([`crate::manifest`]);
//! - `pack.json` lists all parts with their hashes, packed and unpacked, and the entry about the export binds `pack.json`;
//! - that entry comes after everything else, so it stands with its own proof in `seal.json`, the last part.
//!
//! Behind each part of many lines stand the hashes of its lines, so that a line that was changed is not only found but
//! named. Headers and directory of the archive have one form, so no byte of the file is free. The module knows no
//! campaign: a record is a line with a kind, a number, an item or a decision; the rest of it is the campaign's.

mod deflating;
mod error;
mod line_hash;
mod list;
mod part;
mod record;
mod verify;
mod write;
mod zip;

pub use error::PackError;
pub use list::{FORMAT, ListedPart, Packed, PartList, VERSION};
pub use part::Part;
pub use record::{ActHead, CAMPAIGN_ACTIONS, EXPORTED, EntryLine, LAUNCHED, Seal, Summary};
pub use verify::{CheckpointUsed, KeyUsed, MAX_UNPACKED, Population, Verified, verify};
pub use write::{MAX_LINE, PackWriter, Readable, Unsealed, WriteError};
