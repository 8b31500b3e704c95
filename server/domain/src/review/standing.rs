//! Where an item is, as what was done to it moved it: the same when it is written and when it is checked.

use super::{Choice, Decision, StageRule};
use crate::id::IdentityId;

/// Where an item is. Follows from who was asked first and from what was recorded since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// Who decides now, or decided last.
    pub reviewer: IdentityId,
    /// In which stage it is, from 0. Where time decided it stays what it was.
    pub stage: u8,
    /// Whether somebody has to decide.
    pub open: bool,
    /// What was decided last.
    pub choice: Option<Choice>,
}

impl Standing {
    /// Of an item that nobody has touched.
    pub const fn first(reviewer: IdentityId) -> Self {
        Self {
            reviewer,
            stage: 0,
            open: true,
            choice: None,
        }
    }

    /// After somebody else got it.
    #[must_use]
    pub const fn passed(self, to: IdentityId) -> Self {
        Self {
            reviewer: to,
            ..self
        }
    }

    /// After a decision. One that was made when the item was decided, or in another stage than the one that waits, changes
    /// nothing, as in [`derive`](super::derive).
    #[must_use]
    pub fn decided(self, stages: u8, rule: StageRule, decision: &Decision) -> Self {
        // Time speaks for all stages that are left, with a decision each.
        let waits = decision.stage == self.stage || decision.by.is_none();
        if !self.open || !waits {
            return self;
        }
        let choice = decision.choice;
        if choice == Choice::NotSure {
            return self.passed(decision.to.unwrap_or(self.reviewer));
        }
        let last = decision.stage + 1 >= stages;
        let enough = rule == StageRule::RevokeIsEnough && choice == Choice::Revoke;
        let after = Self {
            choice: Some(choice),
            open: !(last || enough),
            ..self
        };
        match decision.by {
            Some(_) if after.open => Self {
                stage: self.stage + 1,
                reviewer: decision.next.map_or(self.reviewer, |next| next.reviewer),
                ..after
            },
            _ => after,
        }
    }
}
