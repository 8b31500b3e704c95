//! Fulfilment tasks: what no connector does yet is done by a person, and verified by the next reading of the application.
//!
//! A task asks for one access in one application. It is made with what gives or takes that access, in the same
//! transaction; who does it writes a note; and a later reading that shows it (or no longer shows it) verifies it.

mod act;
mod make;
mod read;
mod verify;

pub use act::{do_many, do_one};
pub(crate) use make::{after_emergency, after_end, after_grant, sweep, take_away};
pub(crate) use read::rows;
pub use read::{TaskRow, TasksPage, list, read};
pub(crate) use verify::verify;
