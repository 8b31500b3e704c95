//! Fulfilment tasks: what no connector does yet, a person does and the next reading of the source verifies.

use serde::{Deserialize, Serialize};

use crate::id::{
    AccountId, ApplicationId, AssignmentId, EntitlementId, FulfilmentTaskId, IdentityId,
    SourceRunId,
};
use crate::lifecycle::InvalidTransition;
use crate::time::{Instant, written, written_or_none};
use crate::words;

words! {
    /// What is to be done.
    TaskKind {
        /// Give access in the application.
        Give = "give", "Set up access";
        /// Take access away in the application.
        Take = "take", "Remove access";
        /// Look into access that was taken in an emergency.
        FollowUp = "follow_up", "Look into emergency access";
        /// Disable or remove an account that nobody needs.
        Disable = "disable", "Disable an account";
    }
}

words! {
    /// Where a task is.
    TaskState {
        /// Somebody has to do it.
        Open = "open", "Open";
        /// Somebody says it is done.
        Done = "done", "Done";
        /// A later reading of the application shows it.
        Verified = "verified", "Verified";
        /// It is not needed any more.
        Dropped = "dropped", "Not needed";
    }
}

/// What happens to a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TaskStep {
    /// Somebody says it is done.
    Do,
    /// A reading shows it, whether or not somebody said so.
    Verify,
    /// A reading after it was done does not show it.
    Reopen,
    /// The reason for it is gone.
    Drop,
}

impl TaskState {
    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: TaskStep) -> Result<Self, InvalidTransition> {
        match (self, step) {
            (Self::Open, TaskStep::Do) => Ok(Self::Done),
            (Self::Open | Self::Done, TaskStep::Verify) => Ok(Self::Verified),
            (Self::Done, TaskStep::Reopen) => Ok(Self::Open),
            (Self::Open | Self::Done, TaskStep::Drop) => Ok(Self::Dropped),
            (from, step) => Err(InvalidTransition {
                from: from.word(),
                attempted: match step {
                    TaskStep::Do => "done",
                    TaskStep::Verify => "verified",
                    TaskStep::Reopen => "opened again",
                    TaskStep::Drop => "dropped",
                },
            }),
        }
    }
}

/// What is recorded about a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaskContent {
    /// What is to be done.
    pub kind: TaskKind,
    /// For whom; none when an account belongs to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identity: Option<IdentityId>,
    /// Which access; none when it is an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<EntitlementId>,
    /// Which account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// In which application.
    pub application: ApplicationId,
    /// The assignment that asks for it; none when a review does, of an account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentId>,
    /// Who should do it: the owner of the application when it was made, or whoever stands in; none when there is nobody.
    pub assignees: Vec<IdentityId>,
    /// When it was made.
    #[serde(with = "written")]
    pub created: Instant,
    /// Until when it should be done.
    #[serde(with = "written")]
    pub due: Instant,
    /// Where it is.
    pub state: TaskState,
    /// What whoever did it wrote.
    pub note: String,
    /// Who did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done_by: Option<IdentityId>,
    /// When it was done.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub done_at: Option<Instant>,
    /// The reading that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verified_by: Option<SourceRunId>,
}

/// A task as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FulfilmentTask {
    /// Its id.
    pub id: FulfilmentTaskId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: TaskContent,
}
