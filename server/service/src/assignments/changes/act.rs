//! What is done to each of many assignments.

use domain::assignment::AssignmentStep;
use domain::words;

words! {
    /// What is done to each of many assignments.
    ChangeAct {
        /// They give nothing any more.
        End = "end", "End";
        /// They have another last day.
        Extend = "extend", "Change the last day";
        /// They give nothing for now.
        Suspend = "suspend", "Suspend";
        /// They give again what they gave.
        Restore = "restore", "Restore";
    }
}

impl ChangeAct {
    /// The step it is; none when it changes the last day.
    pub(super) const fn step(self) -> Option<AssignmentStep> {
        match self {
            Self::End => Some(AssignmentStep::End),
            Self::Suspend => Some(AssignmentStep::Suspend),
            Self::Restore => Some(AssignmentStep::Restore),
            Self::Extend => None,
        }
    }

    /// Whether an assignment in this state needs no such act any more.
    pub(super) fn leads_to(self, state: &str) -> bool {
        match self {
            Self::End => state == "ended",
            Self::Suspend => state == "suspended",
            Self::Restore => state == "active",
            Self::Extend => false,
        }
    }
}
