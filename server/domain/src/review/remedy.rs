//! From a decision to access that is really gone.
//!
//! decided → sent → acknowledged → verified. Until it is sent, it can be restored. Only a reading of the application that
//! began later than what was sent, and does not show the access, verifies it.

use crate::lifecycle::InvalidTransition;
use crate::time::Instant;
use crate::words;

words! {
    /// Where a revocation is.
    RemedyState {
        /// It was decided, and takes effect when its time has come.
        Decided = "decided", "Decided";
        /// It was restored before it took effect.
        Restored = "restored", "Restored";
        /// It was ended here, and the application is to follow.
        Sent = "sent", "Sent";
        /// Somebody says that it was taken away in the application.
        Acknowledged = "acknowledged", "Acknowledged";
        /// A later reading of the application does not show it.
        Verified = "verified", "Really gone";
        /// It had ended by itself before.
        Gone = "gone", "Had ended before";
        /// It could not be ended.
        Failed = "failed", "Could not be ended";
    }
}

/// What happens to a revocation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemedyStep {
    /// Somebody takes it back in time.
    Restore,
    /// It takes effect.
    Send,
    /// There is nothing to end any more.
    Vanish,
    /// It cannot be ended.
    Fail,
    /// Somebody did it in the application.
    Acknowledge,
    /// A reading does not show it.
    Verify,
    /// A reading after it was acknowledged still shows it.
    Reopen,
}

impl RemedyState {
    /// Takes a step, or says why it cannot be taken.
    pub const fn step(self, step: RemedyStep) -> Result<Self, InvalidTransition> {
        let attempted = match (self, step) {
            (Self::Decided, RemedyStep::Restore) => return Ok(Self::Restored),
            (Self::Decided | Self::Failed, RemedyStep::Send)
            | (Self::Acknowledged, RemedyStep::Reopen) => return Ok(Self::Sent),
            (Self::Decided | Self::Failed, RemedyStep::Vanish) => return Ok(Self::Gone),
            (Self::Decided, RemedyStep::Fail) => return Ok(Self::Failed),
            (Self::Sent, RemedyStep::Acknowledge) => return Ok(Self::Acknowledged),
            (Self::Sent | Self::Acknowledged, RemedyStep::Verify) => return Ok(Self::Verified),
            (_, RemedyStep::Restore) => "restored",
            (_, RemedyStep::Send) => "carried out",
            (_, RemedyStep::Vanish) => "passed over",
            (_, RemedyStep::Fail) => "given up",
            (_, RemedyStep::Acknowledge) => "acknowledged",
            (_, RemedyStep::Verify) => "verified",
            (_, RemedyStep::Reopen) => "opened again",
        };
        Err(InvalidTransition {
            from: self.word(),
            attempted,
        })
    }

    /// Whether nothing more happens to it.
    pub const fn is_over(self) -> bool {
        matches!(self, Self::Restored | Self::Verified | Self::Gone)
    }
}

/// A reading of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Read {
    /// When its files were taken, which is when it began at the latest.
    pub began: Instant,
    /// Whether it shows the access.
    pub shows: bool,
}

/// Whether a reading verifies what was sent at a moment: it began later, and does not show the access.
pub fn verifies(sent: Instant, read: Read) -> bool {
    read.began > sent && !read.shows
}
