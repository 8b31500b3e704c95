//! Logins in applications, as their sources tell of them.

use crate::id::{AccountId, ApplicationId, IdentityId, SourceId};
use crate::time::{Date, Instant};
use crate::words;

words! {
    /// Whether a login can be used.
    AccountStatus {
        /// It can.
        Enabled = "enabled", "Enabled";
        /// It cannot.
        Disabled = "disabled", "Disabled";
    }
}

/// What is recorded about an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountContent {
    /// Where it is.
    pub application: ApplicationId,
    /// Who says so.
    pub source: SourceId,
    /// Its name; unique in the application without regard to case.
    pub name: String,
    /// Whose it is; none for an orphan.
    pub identity: Option<IdentityId>,
    /// Whether it can be used.
    pub status: AccountStatus,
    /// The last day it was used, in UTC; none when nobody says.
    pub last_used: Option<Date>,
    /// Known only from access rows that name it, not from a list of accounts.
    pub implied: bool,
}

/// An account as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: AccountContent,
}
