//! Rules: who gets a role or an entitlement by their attributes. What joiners, movers and leavers get follows from them.

use serde::Serialize;

use crate::id::{IdentityId, RuleId};
use crate::lifecycle::InvalidTransition;
use crate::role::Grantable;
use crate::time::Instant;
use crate::words;

words! {
    /// Where a rule is in its life.
    RuleState {
        /// Being written.
        Draft = "draft", "Draft";
        /// Shows whom it would apply to; gives nothing.
        Observing = "observing", "Observing";
        /// Gives access.
        Active = "active", "Active";
        /// Over. The record stays.
        Ended = "ended", "Ended";
    }
}

impl RuleState {
    /// Moves on, or says why it cannot. A rule is looked at before it gives anything, so there is no way from a draft to
    /// an active rule but through observing.
    pub const fn to(self, next: Self) -> Result<Self, InvalidTransition> {
        match (self, next) {
            (Self::Draft | Self::Active, Self::Observing)
            | (Self::Observing, Self::Active | Self::Draft)
            | (Self::Draft | Self::Observing | Self::Active, Self::Ended) => Ok(next),
            (from, next) => Err(InvalidTransition {
                from: from.word(),
                attempted: match next {
                    Self::Draft => "made a draft again",
                    Self::Observing => "observed",
                    Self::Active => "activated",
                    Self::Ended => "ended",
                },
            }),
        }
    }
}

/// What is recorded about a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RuleContent {
    /// Its name; unique without regard to case.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Whom it applies to: one Cedar expression about the principal.
    pub condition: String,
    /// What it gives.
    #[serde(flatten)]
    pub gives: Grantable,
    /// Who answers for it.
    pub owner: Option<IdentityId>,
    /// Where it is in its life.
    pub state: RuleState,
    /// Days that somebody to whom it no longer applies keeps what it gave.
    pub hand_over_days: u16,
}

/// A rule as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Its id.
    pub id: RuleId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: RuleContent,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_looked_at_before_it_gives_anything() {
        assert!(RuleState::Draft.to(RuleState::Active).is_err());
        assert!(RuleState::Draft.to(RuleState::Observing).is_ok());
        assert!(RuleState::Observing.to(RuleState::Active).is_ok());
        for next in RuleState::ALL {
            assert!(RuleState::Ended.to(*next).is_err());
        }
    }
}
