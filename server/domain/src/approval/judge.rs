//! Whether a vote counts: the same rule when it is cast and when the outcome is derived.

use super::{Derived, Outcome, StepNumber, StepStatus};
use crate::id::IdentityId;
use crate::request::Parties;

/// Why a vote does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotCounted {
    /// It was decided, withdrawn or timed out before.
    #[error("this is decided already")]
    TooLate,
    /// This step was decided before, or has not come yet.
    #[error("this step does not wait for a decision")]
    NotOpen,
    /// Whoever votes, or for whom, is not among those who are asked.
    #[error("somebody else decides this")]
    NotAsked,
    /// It is about them.
    #[error("nobody decides on their own request, also not for somebody else")]
    Oneself,
    /// They voted in this step before, themselves or through somebody who stood in.
    #[error("you have decided this already")]
    Again,
}

/// Whether somebody may vote in a step now: `by` themselves, or standing in for somebody.
pub fn judge(
    state: &Derived,
    number: StepNumber,
    (by, on_behalf_of): (IdentityId, Option<IdentityId>),
    parties: Parties,
) -> Result<(), NotCounted> {
    if state.outcome != Outcome::Waiting {
        return Err(NotCounted::TooLate);
    }
    let voice = on_behalf_of.unwrap_or(by);
    if parties.are(by) || parties.are(voice) {
        return Err(NotCounted::Oneself);
    }
    let step = state.steps.iter().find(|step| step.number == number);
    let Some(step) = step.filter(|step| step.status != StepStatus::Later) else {
        return Err(NotCounted::NotOpen);
    };
    if !step.approvers.contains(&voice) {
        return Err(NotCounted::NotAsked);
    }
    let spoke = |who: IdentityId| {
        step.agreed
            .iter()
            .any(|(by, behalf)| *by == who || *behalf == Some(who))
    };
    // One person is one voice, also when they are asked themselves and stand in for another.
    if spoke(by) || spoke(voice) {
        return Err(NotCounted::Again);
    }
    if step.status == StepStatus::Open {
        Ok(())
    } else {
        Err(NotCounted::NotOpen)
    }
}
