//! Access that few peers have: the list, its file, and asking for a new look.

mod columns;
mod list;
mod look;

pub(super) use list::{export, page};
pub(super) use look::{ask, form};
