//! Observed access: what targets really hold, as sources tell of it.

use crate::id::{AccountId, EntitlementId, IdentityId, SourceId};
use crate::time::{Date, Instant};

/// What makes a live row of one source the same row: whose access, to what, with which login.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccessKey {
    /// Whose.
    pub identity: IdentityId,
    /// To what.
    pub entitlement: EntitlementId,
    /// With which login.
    pub account: AccountId,
}

/// A grant that a source sees, or saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObservedAccess {
    /// Whose, to what, with which login.
    pub key: AccessKey,
    /// Who says so.
    pub source: SourceId,
    /// The day it was given, in UTC; none when nobody says.
    pub granted: Option<Date>,
    /// When a run saw it first.
    pub first_seen: Instant,
    /// The last day it was used, in UTC; none when nobody says.
    pub last_used: Option<Date>,
    /// When a run saw that it was gone; none while it is there.
    pub gone: Option<Instant>,
}
