//! Delegation: somebody decides for somebody else between two moments; both names stand in what they decide.

use serde::{Deserialize, Serialize};

use crate::id::{DelegationId, IdentityId};
use crate::time::{Instant, written};
use crate::words;

words! {
    /// Where a delegation is in its life.
    DelegationState {
        /// In force, within its dates.
        Active = "active", "Active";
        /// Called back before its end.
        Ended = "ended", "Ended";
    }
}

/// What is recorded about a delegation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationContent {
    /// Who is stood in for.
    pub delegator: IdentityId,
    /// Who stands in.
    pub delegate: IdentityId,
    /// From when.
    #[serde(with = "written")]
    pub valid_from: Instant,
    /// Until when.
    #[serde(with = "written")]
    pub valid_until: Instant,
    /// Why.
    pub reason: String,
    /// Where it is in its life.
    pub state: DelegationState,
}

impl DelegationContent {
    /// Whether it is in force at a moment.
    pub fn holds(&self, at: Instant) -> bool {
        self.state == DelegationState::Active && self.valid_from <= at && at < self.valid_until
    }
}

/// A delegation as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegation {
    /// Its id.
    pub id: DelegationId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: DelegationContent,
}
