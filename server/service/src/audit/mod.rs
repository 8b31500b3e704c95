//! The log: reading it, proving an entry, signing checkpoints, summing up denials, and verifying all of it.
//!
//! Entries are written by the use cases themselves, in the transaction of what they record; nothing here changes one.

mod checkpoint;
mod denials;
mod diff;
mod export;
mod list;
mod prove;
mod read;
mod tally;
mod tokens;
mod verify;
mod view;

pub use checkpoint::checkpoint;
pub use denials::flush_denials;
pub use diff::{FieldChange, changes};
pub(crate) use export::{COLUMNS as EXPORT_COLUMNS, rows as export_rows};
pub use list::{AuditPage, CheckpointView, list};
pub(crate) use prove::Nodes;
pub use prove::ProofView;
pub use read::{DetailView, EntryDetail, read};
pub use storage::audit::{Entry, StoredCheckpoint, StoredDetail};
pub use tally::DenialTally;
pub(crate) use tokens::resolve;
pub use verify::{Finding, Report, TreeHead, verify};
pub use view::{EntryView, NamedObject, WithLatest};
pub(crate) use view::{mentioned, names, views};
