//! Fulfilment tasks: what no connector does yet is done by a person, and verified by the next reading of the application.
//!
//! A task asks for one access in one application. It is made with what gives or takes that access, in the same
//! transaction; who does it writes a note; and a later reading that shows it (or no longer shows it) verifies it.

mod act;
mod make;
mod read;
mod verify;

use domain::id::{SourceId, SourceRunId};
use domain::time::Instant;

pub use act::{do_many, do_one};
pub(crate) use make::{after_emergency, after_end, after_grant, disable_account, sweep, take_away};
pub(crate) use read::rows;
pub use read::{TaskRow, TasksPage, list, read};
pub(crate) use verify::{still_there, verify};

/// A reading of applications that was applied.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reading {
    /// Whose.
    pub(crate) source: SourceId,
    /// Which.
    pub(crate) run: SourceRunId,
    /// When its files were taken.
    pub(crate) began: Instant,
    /// Whether it says who has access.
    pub(crate) access: bool,
    /// Whether it says which accounts there are.
    pub(crate) accounts: bool,
}
