//! What a person shall not get, whoever gives it: the answer to access that comes by a rule or a role.

use serde::Serialize;

use crate::id::{ExclusionId, IdentityId};
use crate::role::Grantable;
use crate::time::{Instant, moment, moment_or_none};
use crate::words;

words! {
    /// Where an exclusion is in its life.
    ExclusionState {
        /// In force, within its dates.
        Active = "active", "Active";
        /// Over. The record stays.
        Ended = "ended", "Ended";
    }
}

/// What is recorded about an exclusion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ExclusionContent {
    /// Who is excluded.
    pub identity: IdentityId,
    /// From what. From a role: from everything that comes through it.
    #[serde(flatten)]
    pub what: Grantable,
    /// Why.
    pub reason: String,
    /// Who answers for it.
    pub owner: Option<IdentityId>,
    /// Where it is in its life.
    pub state: ExclusionState,
    /// From when.
    #[serde(serialize_with = "moment")]
    pub valid_from: Instant,
    /// Until when; none without an end.
    #[serde(serialize_with = "moment_or_none")]
    pub valid_until: Option<Instant>,
}

/// An exclusion as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Its id.
    pub id: ExclusionId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: ExclusionContent,
}
