//! Sources of access data: where files come from, and how they are read.

mod read;
mod write;

pub use read::{SourceSummary, SourceView, SourcesPage, by_name, list, may_watch, read, runs};
pub(crate) use write::remember_mapping;
pub use write::{create, edit, end, forget_mapping, may_manage, or_create};
