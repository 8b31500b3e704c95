//! What people ask for: a request with its items, for how long, and what each of those involved can do with it.

use serde::{Deserialize, Serialize};

use crate::approval::{Derived, FlowContent, Outcome};
use crate::id::{ApprovalFlowId, AssignmentId, IdentityId, RequestId, RequestItemId};
use crate::role::Grantable;
use crate::time::{DAY, HOUR, Instant, written, written_or_none};
use crate::words;

/// Items of one request at most.
pub const MOST_ITEMS: usize = 50;

/// Whom a request is about: they never decide on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parties {
    /// Who asks.
    pub requester: IdentityId,
    /// For whom.
    pub beneficiary: IdentityId,
}

impl Parties {
    /// Whether somebody is one of them.
    pub fn are(self, one: IdentityId) -> bool {
        one == self.requester || one == self.beneficiary
    }
}

/// For how long something is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Length {
    /// Until somebody ends it.
    Unlimited,
    /// So many days from when it is given, to the end of the last one.
    Days(u32),
    /// So many hours from when it is given: an activation, or an emergency.
    Hours(u32),
}

impl Length {
    /// The time in microseconds; none without a limit.
    pub fn micros(self) -> Option<i64> {
        match self {
            Self::Unlimited => None,
            Self::Days(days) => Some(i64::from(days) * DAY),
            Self::Hours(hours) => Some(i64::from(hours) * HOUR),
        }
    }

    /// The shorter of the two.
    #[must_use]
    pub fn shorter(self, other: Self) -> Self {
        match (self.micros(), other.micros()) {
            (None, Some(_)) => other,
            (Some(mine), Some(others)) if others < mine => other,
            _ => self,
        }
    }

    /// In words: `30 days`, `4 hours`, `without an end`.
    pub fn text(self) -> String {
        let counted = |n: u32, one: &str| {
            if n == 1 {
                format!("1 {one}")
            } else {
                format!("{n} {one}s")
            }
        };
        match self {
            Self::Unlimited => "without an end".to_owned(),
            Self::Days(days) => counted(days, "day"),
            Self::Hours(hours) => counted(hours, "hour"),
        }
    }
}

words! {
    /// What an item asks for.
    ItemKind {
        /// Access that the person does not have.
        New = "new", "Access";
        /// More time for access that the person has.
        Extend = "extend", "More time";
        /// To use, for some hours, what the person may use only when needed.
        Activate = "activate", "Activation";
        /// Access at once, for some hours, looked into afterwards.
        Emergency = "emergency", "Emergency access";
    }
}

words! {
    /// Where an item is. Derived from its events and kept for lists.
    ItemState {
        /// It waits for somebody.
        Waiting = "waiting", "Waiting";
        /// The access was given.
        Granted = "granted", "Granted";
        /// It was approved and could not be given.
        Failed = "failed", "Could not be given";
        /// Somebody refused.
        Rejected = "rejected", "Rejected";
        /// Nobody decided in time, and the flow says that this refuses it.
        TimedOut = "timed_out", "Timed out";
        /// Whoever asked does not want it any more.
        Withdrawn = "withdrawn", "Withdrawn";
    }
}

impl ItemState {
    /// The state of an item that ended so, and was or could not be given.
    pub const fn of(outcome: Outcome, given: bool) -> Self {
        match outcome {
            Outcome::Waiting => Self::Waiting,
            Outcome::Approved if given => Self::Granted,
            Outcome::Approved => Self::Failed,
            Outcome::Rejected => Self::Rejected,
            Outcome::TimedOut => Self::TimedOut,
            Outcome::Withdrawn => Self::Withdrawn,
        }
    }
}

/// What is recorded about a request. It never changes; its items do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestContent {
    /// Who asks.
    pub requester: IdentityId,
    /// For whom.
    pub beneficiary: IdentityId,
    /// When.
    #[serde(with = "written")]
    pub created: Instant,
    /// How many items it has.
    pub items: u32,
}

/// What is recorded about an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestItemContent {
    /// Of which request.
    pub request: RequestId,
    /// Its number in the request, from 1.
    pub number: u32,
    /// What kind of thing is asked for.
    pub kind: ItemKind,
    /// Who asks.
    pub requester: IdentityId,
    /// For whom.
    pub beneficiary: IdentityId,
    /// What is asked for.
    #[serde(flatten)]
    pub what: Grantable,
    /// For how long.
    pub length: Length,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    #[serde(with = "written")]
    pub created: Instant,
    /// The flow it goes through; none for the standard one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<ApprovalFlowId>,
    /// When that version of the flow was recorded.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub flow_recorded: Option<Instant>,
    /// The flow as it was when this was asked for.
    pub definition: FlowContent,
    /// Where it is.
    pub state: ItemState,
    /// When it ended; none while it waits.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub ended: Option<Instant>,
    /// The assignment that is extended or activated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub based_on: Option<AssignmentId>,
    /// What was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub assignment: Option<AssignmentId>,
}

impl RequestItemContent {
    /// Whom it is about.
    pub const fn parties(&self) -> Parties {
        Parties {
            requester: self.requester,
            beneficiary: self.beneficiary,
        }
    }
}

/// What a list needs of an item: without its flow, which is large and is read for the page of one item only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemHead {
    /// Its id.
    pub id: RequestItemId,
    /// What kind of thing is asked for.
    pub kind: ItemKind,
    /// For whom.
    pub beneficiary: IdentityId,
    /// What is asked for.
    pub what: Grantable,
    /// For how long.
    pub length: Length,
    /// Why.
    pub reason: String,
    /// When it was asked for.
    pub created: Instant,
    /// Where it is.
    pub state: ItemState,
    /// When it ended; none while it waits.
    pub ended: Option<Instant>,
}

/// A request as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Its id.
    pub id: RequestId,
    /// When it was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: RequestContent,
}

/// An item as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestItem {
    /// Its id.
    pub id: RequestItemId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: RequestItemContent,
}

/// Something that somebody is about to ask for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CartLine {
    /// For whom.
    pub beneficiary: IdentityId,
    /// What.
    pub what: Grantable,
    /// For how many days; none without an end.
    pub days: Option<u32>,
    /// Why; may still be empty.
    pub reason: String,
    /// When it was put there.
    pub added: Instant,
}

words! {
    /// What can be done with an item. The same list makes the buttons and guards the acts.
    RequestAct {
        /// Agree.
        Approve = "approve", "Approve";
        /// Refuse, with a reason.
        Reject = "reject", "Reject";
        /// Agree to less.
        Change = "change", "Change";
        /// Ask the requester.
        Ask = "ask", "Ask back";
        /// Let somebody else decide.
        HandOn = "hand_on", "Delegate";
        /// Take it back.
        Withdraw = "withdraw", "Withdraw";
        /// Remind those it waits for.
        Remind = "remind", "Remind";
        /// Write something.
        Comment = "comment", "Comment";
    }
}

/// Somebody's relation to an item.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Relation {
    /// They asked, or it is for them.
    pub is_party: bool,
    /// They may decide in an open step, themselves or for somebody they stand in for.
    pub is_asked: bool,
    /// They may give access anyway, and so may say who decides.
    pub may_hand_on: bool,
}

/// After how long those it waits for can be reminded: once a day.
pub const REMIND_AFTER: i64 = DAY;

/// What somebody can do with an item at a moment, in the order of the buttons.
pub fn acts(state: &Derived, relation: Relation, now: Instant) -> Vec<RequestAct> {
    let waiting = state.outcome == Outcome::Waiting;
    let asked = waiting && relation.is_asked && !relation.is_party;
    let patient = state.open().any(|step| {
        step.reminded
            .or(step.opened)
            .is_some_and(|since| now.since(since) >= REMIND_AFTER)
    });
    let able = |act: &RequestAct| match act {
        RequestAct::Approve | RequestAct::Reject | RequestAct::Change | RequestAct::Ask => asked,
        RequestAct::HandOn => asked || (waiting && relation.may_hand_on && !relation.is_party),
        RequestAct::Withdraw => waiting && relation.is_party,
        RequestAct::Remind => waiting && relation.is_party && patient,
        RequestAct::Comment => relation.is_party || relation.is_asked || relation.may_hand_on,
    };
    RequestAct::ALL.iter().copied().filter(able).collect()
}
