//! Decisions of the past that sources tell of: what proposals learn from.

use crate::id::{EntitlementId, IdentityId, SourceId};
use crate::time::Instant;
use crate::words;

words! {
    /// How it was decided.
    Verdict {
        /// Given.
        Approved = "approved", "Approved";
        /// Refused.
        Denied = "denied", "Denied";
    }
}

/// A decision of the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PastDecision {
    /// On whose access.
    pub identity: IdentityId,
    /// To what.
    pub entitlement: EntitlementId,
    /// Who says so.
    pub source: SourceId,
    /// How it was decided.
    pub verdict: Verdict,
    /// When; none when nobody says.
    pub decided_at: Option<Instant>,
    /// By whom; none when nobody says, or nobody knows them.
    pub decided_by: Option<IdentityId>,
}
