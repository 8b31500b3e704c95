//! Evidence packs: a campaign in one file that proves itself, made from rows that are compared with the log first.

mod check;
mod export;
mod out;
mod packs;
mod report;
mod source;
mod tables;
mod tally;

pub use check::{Checked, Incoming, LARGEST_PACK};
pub(crate) use export::{ExportEvidence, still_allowed};
pub use export::{export, write};
pub use packs::{KeptPack, Packs, fetch, packs};
pub use proof::pack::{PackError, Verified};
