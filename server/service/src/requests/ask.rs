//! What somebody asks for, unchecked.

use domain::id::IdentityId;

/// A request as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// For whom.
    pub beneficiary: IdentityId,
    /// What.
    pub lines: Vec<Line>,
    /// Why, for every line that says nothing itself.
    pub reason: String,
}

/// One thing that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    /// `APPLICATION/ENTITLEMENT`, `role:NAME`, or an id.
    pub what: String,
    /// For how many days; empty is without an end.
    pub days: String,
    /// Why; empty is the reason of the whole request.
    pub reason: String,
}
