//! What happens to something that was asked for: appended, never changed.

use serde::{Deserialize, Serialize};

use super::StepNumber;
use crate::id::{AssignmentId, IdentityId, RequestItemId};
use crate::request::Length;
use crate::time::{Instant, written};
use crate::words;

words! {
    /// What an approver says.
    Vote {
        /// Yes.
        Approve = "approve", "Approve";
        /// No.
        Reject = "reject", "Reject";
    }
}

/// One thing that happened to an item of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestEvent {
    /// To which item.
    pub item: RequestItemId,
    /// When.
    #[serde(with = "written")]
    pub at: Instant,
    /// By whom; none when the product did it on its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<IdentityId>,
    /// For whom, when somebody stood in for the approver.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<IdentityId>,
    /// What.
    #[serde(flatten)]
    pub what: Happened,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum Happened {
    /// It was asked for.
    Submitted,
    /// A step waits for these people. The last opening of a step counts: it is opened again when nobody of them is left.
    Opened {
        /// Which step.
        step: StepNumber,
        /// Who may decide; empty when there is nobody.
        approvers: Vec<IdentityId>,
        /// Why they: in words.
        because: String,
        /// Until when.
        #[serde(with = "written")]
        due: Instant,
        /// One of them who agreed in an earlier step, and is not asked again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        carried: Option<IdentityId>,
    },
    /// The flow's condition approved it.
    ApprovedByCondition {
        /// The condition that held.
        condition: String,
    },
    /// Somebody decided.
    Decided {
        /// In which step.
        step: StepNumber,
        /// How.
        vote: Vote,
        /// For how long it is approved when that is less than was asked for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shorter: Option<Length>,
        /// Why.
        note: String,
    },
    /// Somebody decided when it was over: kept, without effect.
    TooLate {
        /// What they wanted.
        vote: Vote,
        /// Why.
        note: String,
    },
    /// An approver asks the requester something.
    Asked {
        /// In which step.
        step: StepNumber,
        /// What.
        question: String,
    },
    /// Somebody wrote something: an answer or a remark.
    Commented {
        /// What.
        text: String,
    },
    /// An approver hands the decision to somebody else.
    HandedOn {
        /// In which step.
        step: StepNumber,
        /// Instead of whom.
        from: IdentityId,
        /// To whom.
        to: IdentityId,
        /// Why.
        reason: String,
    },
    /// Those it waits for were reminded.
    Reminded {
        /// In which step.
        step: StepNumber,
    },
    /// Time ran out, and more people may decide now.
    Escalated {
        /// In which step.
        step: StepNumber,
        /// Who.
        to: Vec<IdentityId>,
    },
    /// Time ran out, and the flow says that this refuses it.
    TimedOut {
        /// In which step.
        step: StepNumber,
    },
    /// Whoever asked does not want it any more.
    Withdrawn {
        /// Why.
        reason: String,
    },
    /// The access was given.
    Granted {
        /// As what.
        assignment: AssignmentId,
    },
    /// It was approved and could not be given.
    Failed {
        /// Why.
        reason: String,
    },
}
