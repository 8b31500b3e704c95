//! What waits for somebody: one queue for everything that needs a person.

use crate::id::IdentityId;
use crate::time::Instant;
use crate::words;

words! {
    /// What kind of thing waits.
    InboxKind {
        /// An answer to an approver's question; the object is an item of a request.
        Answer = "answer", "Question";
        /// A decision; the object is an item of a request.
        Approval = "approval", "Approval";
        /// A fulfilment task.
        Task = "task", "Task";
    }
}

/// Something that waits for somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InboxEntry {
    /// For whom.
    pub person: IdentityId,
    /// What kind of thing.
    pub kind: InboxKind,
    /// Its number within the kind of object that the kind says.
    pub object: i64,
    /// The step of an approval; 0 otherwise.
    pub step: u16,
    /// Since when.
    pub opened: Instant,
    /// Until when.
    pub due: Instant,
    /// When to remind them next; none for never.
    pub remind_at: Option<Instant>,
}
