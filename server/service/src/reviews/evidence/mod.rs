//! Evidence packs: a campaign in one file that proves itself, made from rows that are compared with the log first.

mod export;
mod out;
mod report;
mod source;
mod tables;
mod tally;

pub(crate) use export::{ExportEvidence, still_allowed};
pub use export::{export, write};
