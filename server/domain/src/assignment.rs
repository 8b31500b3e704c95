//! Desired grants: who gave what to whom, why, and how long.

use crate::lifecycle::InvalidTransition;
use crate::words;

words! {
    /// What gave an assignment.
    Agent {
        /// A rule on attributes.
        Rule = "rule", "Rule";
        /// A role.
        Role = "role", "Role";
        /// An approved request.
        Request = "request", "Request";
        /// An import.
        Import = "import", "Import";
        /// An administrator.
        Admin = "admin", "Administrator";
        /// A customer's plan.
        Subscription = "subscription", "Subscription";
        /// Somebody in an emergency.
        Emergency = "emergency", "Emergency";
    }
}

words! {
    /// Where an assignment is in its life.
    AssignmentState {
        /// May be made active by its holder.
        Eligible = "eligible", "Eligible";
        /// In force, within its dates.
        Active = "active", "Active";
        /// Stopped for now.
        Suspended = "suspended", "Suspended";
        /// Over. The record stays.
        Ended = "ended", "Ended";
    }
}

/// What is done to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AssignmentStep {
    /// Stop it for now.
    Suspend,
    /// Undo that.
    Restore,
    /// End it for good.
    End,
}

impl AssignmentState {
    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: AssignmentStep) -> Result<Self, InvalidTransition> {
        let attempted = match (self, step) {
            (Self::Active, AssignmentStep::Suspend) => return Ok(Self::Suspended),
            (Self::Suspended, AssignmentStep::Restore) => return Ok(Self::Active),
            (Self::Active | Self::Suspended | Self::Eligible, AssignmentStep::End) => {
                return Ok(Self::Ended);
            }
            (_, AssignmentStep::Suspend) => "suspended",
            (_, AssignmentStep::Restore) => "restored",
            (Self::Ended, AssignmentStep::End) => "ended",
        };
        Err(InvalidTransition {
            from: self.word(),
            attempted,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ended_stays_ended() {
        for step in [
            AssignmentStep::Suspend,
            AssignmentStep::Restore,
            AssignmentStep::End,
        ] {
            assert!(AssignmentState::Ended.step(step).is_err());
        }
    }

    #[test]
    fn what_was_suspended_can_be_restored() {
        let suspended = AssignmentState::Active.step(AssignmentStep::Suspend);
        assert_eq!(suspended, Ok(AssignmentState::Suspended));
        let restored = AssignmentState::Suspended.step(AssignmentStep::Restore);
        assert_eq!(restored, Ok(AssignmentState::Active));
    }
}
