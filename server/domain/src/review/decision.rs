//! Decisions: staged and changed at will, then submitted for good.

use serde::{Deserialize, Serialize};

use super::{Facts, How, ItemKind, Why};
use crate::id::{EntitlementId, IdentityId, ObjectKind};
use crate::time::{Instant, written, written_or_none};
use crate::words;

words! {
    /// What a reviewer decides.
    Choice {
        /// It is needed.
        Keep = "keep", "Keep";
        /// It is not.
        Revoke = "revoke", "Revoke";
        /// It is needed for a time, or less of it.
        Change = "change", "Change";
        /// Somebody else knows; never the same as keeping.
        NotSure = "not_sure", "Not sure";
    }
}

words! {
    /// How access that something gives to many is taken from one person.
    Remedy {
        /// What was given to the person ends, with everything that it gives.
        End = "end", "End what gives it";
        /// The person shall not get it, whatever gives it.
        Exclude = "exclude", "Exclude this person from it";
        /// Whoever owns the rule or role is asked to change it; until then the person is excluded.
        AskChange = "ask_change", "Ask to change the rule or role";
    }
}

/// A decision that is not submitted yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Staged {
    /// What.
    pub choice: Choice,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Until when it is kept, when it is changed to that.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub until: Option<Instant>,
    /// What there is instead, when it is changed to something smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smaller: Option<EntitlementId>,
    /// Who knows, when the reviewer does not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<IdentityId>,
    /// How it ends, when there are several ways.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// How many were decided with one press; 1 for a decision of its own.
    pub together: u32,
    /// How long the item was looked at, in milliseconds; unknown without scripts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<u32>,
}

impl Staged {
    /// A decision without anything else.
    pub const fn of(choice: Choice) -> Self {
        Self {
            choice,
            reason: String::new(),
            until: None,
            smaller: None,
            to: None,
            remedy: None,
            together: 1,
            looked: None,
        }
    }
}

/// Who decides in the next stage. Found when the decision before it is submitted, and a part of that decision's record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Next {
    /// Who.
    pub reviewer: IdentityId,
    /// Why they.
    pub why: Why,
}

/// A decision that was submitted. It never changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// The item's number.
    pub item: u64,
    /// In which stage, from 0.
    pub stage: u8,
    /// What was decided.
    #[serde(rename = "decision")]
    pub choice: Choice,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// As staged.
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        with = "written_or_none"
    )]
    pub until: Option<Instant>,
    /// As staged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub smaller: Option<EntitlementId>,
    /// As staged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<IdentityId>,
    /// As staged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remedy: Option<Remedy>,
    /// As staged.
    pub together: u32,
    /// As staged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub looked: Option<u32>,
    /// Who decided; none when time did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<IdentityId>,
    /// For whom, when they stood in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on_behalf_of: Option<IdentityId>,
    /// Who decides in the next stage, when the item goes on to it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<Next>,
    /// When.
    #[serde(with = "written")]
    pub at: Instant,
}

impl Decision {
    /// What was staged, submitted in a stage by somebody.
    pub fn submitted(
        item: u64,
        stage: u8,
        staged: Staged,
        (by, on_behalf_of): (Option<IdentityId>, Option<IdentityId>),
        at: Instant,
    ) -> Self {
        Self {
            item,
            stage,
            choice: staged.choice,
            reason: staged.reason,
            until: staged.until,
            smaller: staged.smaller,
            to: staged.to,
            remedy: staged.remedy,
            together: staged.together,
            looked: staged.looked,
            by,
            on_behalf_of,
            next: None,
            at,
        }
    }
}

/// Why something cannot be decided so. Each is a sentence that says what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotStageable {
    /// A flagged item is kept without a reason.
    #[error("Keeping this needs a reason, because it is flagged. Write one.")]
    ReasonMissing,
    /// Changed, without saying to what.
    #[error("Say until when it is needed, or what is enough instead.")]
    ChangeMissing,
    /// The end is over.
    #[error("The end lies in the past. Choose a later day, or revoke it.")]
    EndPassed,
    /// It would get a later end than it has.
    #[error("A review makes access shorter, not longer. Choose a day before its present end.")]
    Longer,
    /// Not sure, without saying who is.
    #[error("Say who knows, so that it goes to them.")]
    PersonMissing,
    /// It would go to the one it is about, or back to the one who is not sure.
    #[error("This person cannot decide on it. Name somebody else.")]
    WrongPerson,
    /// Neither of two can be given an end or be replaced.
    #[error(
        "This is kept or revoked as it is. It has no last day, and nothing smaller in its place."
    )]
    NotChangeable,
    /// This item offers no such way to end.
    #[error("This cannot be ended in this way. Choose one of the ways that are offered.")]
    NoSuchRemedy,
}

/// The ways in which an item can end.
pub fn offered(facts: &Facts) -> &'static [Remedy] {
    match (facts.item, facts.how) {
        (ItemKind::Access, How::Role) => &[Remedy::End, Remedy::Exclude, Remedy::AskChange],
        (ItemKind::Access | ItemKind::Role, How::Rule) => &[Remedy::Exclude, Remedy::AskChange],
        _ => &[Remedy::End],
    }
}

/// Whether an item can be given an end, or something smaller instead. What is in a role, and an account, cannot.
pub const fn changeable(facts: &Facts) -> bool {
    matches!(facts.item, ItemKind::Access | ItemKind::Role)
}

/// Whether keeping an item wants a reason.
pub fn needs_reason(facts: &Facts) -> bool {
    !facts.flags.is_empty()
}

/// Whether an item may be kept together with others, without being looked at by itself.
pub fn swept(facts: &Facts) -> bool {
    facts.flags.is_empty()
}

/// Whether an item may be decided so by somebody, at a moment.
pub fn check(
    facts: &Facts,
    staged: &Staged,
    by: IdentityId,
    now: Instant,
) -> Result<(), NotStageable> {
    match staged.choice {
        Choice::Keep if needs_reason(facts) && staged.reason.trim().is_empty() => {
            Err(NotStageable::ReasonMissing)
        }
        Choice::Change if !changeable(facts) => Err(NotStageable::NotChangeable),
        Choice::Change => match (staged.until, staged.smaller) {
            (None, None) => Err(NotStageable::ChangeMissing),
            (Some(until), _) if until <= now => Err(NotStageable::EndPassed),
            (Some(until), _) if facts.until.is_some_and(|end| end < until) => {
                Err(NotStageable::Longer)
            }
            _ => Ok(()),
        },
        Choice::NotSure => match staged.to {
            None => Err(NotStageable::PersonMissing),
            Some(to) if to == by || is_about(facts, to) => Err(NotStageable::WrongPerson),
            Some(_) => Ok(()),
        },
        Choice::Revoke => match staged.remedy {
            Some(remedy) if !offered(facts).contains(&remedy) => Err(NotStageable::NoSuchRemedy),
            _ => Ok(()),
        },
        Choice::Keep => Ok(()),
    }
}

/// Whether an item is about a person.
fn is_about(facts: &Facts, person: IdentityId) -> bool {
    facts.holder.kind == ObjectKind::Identity && facts.holder.raw == person.raw()
}
