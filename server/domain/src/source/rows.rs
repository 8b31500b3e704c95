//! What a run reads and writes, row by row: its files, what is wrong with their lines, and what it changed.

use super::{FileKind, RowChange};
use crate::id::{AccountId, EntitlementId, IdentityId, ObjectRef, SourceId};

/// A file of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunFile {
    /// What is in it.
    pub kind: FileKind,
    /// What it was called.
    pub name: String,
    /// Its size.
    pub bytes: u64,
    /// SHA-256 of it.
    pub sha256: [u8; 32],
    /// Its columns, as the file has them.
    pub header: Vec<String>,
}

/// What is wrong in a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunProblem {
    /// In which file.
    pub kind: FileKind,
    /// In which line; the header is line 1, 0 stands for the whole file.
    pub line: u64,
    /// In which column; empty for the whole line.
    pub column: String,
    /// A sentence that says what to do.
    pub message: String,
}

/// Problems of a run that are kept one by one; the rest is in its totals.
pub const PROBLEMS_KEPT: u64 = 10_000;

/// What a run did to one row: a leaf of its manifest. Ids only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RowRecord {
    /// What happened.
    pub change: RowChange,
    /// Which file it came from, or should have.
    pub file: FileKind,
    /// The line of the file; none for what is missing in it.
    pub line: Option<u64>,
    /// What it is about.
    pub about: RowSubject,
}

/// What a record of a manifest is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowSubject {
    /// An object, with the salted hash of its new content when the log covers it.
    Object {
        /// Which.
        target: ObjectRef,
        /// Hash of its content as the log marks it.
        content: Option<[u8; 32]>,
    },
    /// Observed access, or a past decision on it.
    Access {
        /// Whose.
        identity: IdentityId,
        /// What.
        entitlement: EntitlementId,
        /// With which account; none for decisions.
        account: Option<AccountId>,
        /// Who says so.
        source: SourceId,
    },
}
