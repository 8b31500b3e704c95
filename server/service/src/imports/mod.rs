//! Imports: files come in, are checked, and are applied.
//!
//! A run goes from staged (its files are here) over checked (a dry run said what would change) to applied. Check and apply
//! are the same walk over the rows, see `engine`; both can be stopped and go on later, also after a crash.

mod engine;
mod file;
mod finish;
mod folder;
mod foreseen;
mod jobs;
mod kept;
mod kind;
mod look;
mod progress;
mod queue;
mod read;
mod resume;
mod run;
mod stage;
mod watch;

pub use engine::{Change, FieldChange, Shrink};
pub use folder::{files, folder};
pub use foreseen::{Foretold, PlanSum, is_recorded};
pub use jobs::{ApplyImport, CheckImport, ask_apply, ask_apply_as_seen, ask_check};
pub use kind::{change_kind, kind_of, kind_of_header};
pub use progress::{Progress, Step};
pub use queue::{Waiting, WaitingPage, decide, waiting};
pub use read::{
    ProblemsPage, RowProof, RowsPage, RunMay, RunProblemRow, RunRow, RunView, problems,
    problems_csv, prove_row, rows, run, sample,
};
pub use resume::{broken_off, take_up};
pub use run::{Outcome, Worker, apply, cancel, check};
pub(crate) use stage::reopen;
pub use stage::{ColumnChoice, Staged, StagedFile, Upload, begin, discard, map, staged};
pub(crate) use watch::held_back;
pub use watch::watch;
