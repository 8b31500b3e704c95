//! What is wrong with the present access data: the findings, and where each is listed.

use crate::time::Date;
use crate::words;

words! {
    /// Something somebody should look at.
    Finding {
        /// A person who has not ended, without manager.
        NoManager = "no_manager", "No manager";
        /// A person who has not ended, whose manager has.
        ManagerEnded = "manager_ended", "Manager has ended";
        /// An application without owner.
        ApplicationWithoutOwner = "application_without_owner", "Application without owner";
        /// An entitlement without owner.
        EntitlementWithoutOwner = "entitlement_without_owner", "Entitlement without owner";
        /// An entitlement without description.
        NoDescription = "no_description", "Entitlement without description";
        /// An account that belongs to nobody.
        OrphanAccount = "orphan_account", "Orphan account";
        /// Access that was not used for long.
        Dormant = "dormant", "Dormant access";
        /// A person who has ended and still has access.
        EndedWithAccess = "ended_with_access", "Ended, still has access";
    }
}

words! {
    /// The list a finding is a view of.
    FindingList {
        /// People.
        People = "people", "People";
        /// Applications.
        Applications = "applications", "Applications";
        /// Entitlements.
        Entitlements = "entitlements", "Entitlements";
        /// Accounts.
        Accounts = "accounts", "Accounts";
        /// Observed access.
        Access = "access", "Access";
    }
}

/// Days without use after which access counts as dormant, when nobody says otherwise.
pub const DORMANT_DAYS: i32 = 90;

impl Finding {
    /// The list that shows it.
    pub const fn list(self) -> FindingList {
        match self {
            Self::NoManager | Self::ManagerEnded | Self::EndedWithAccess => FindingList::People,
            Self::ApplicationWithoutOwner => FindingList::Applications,
            Self::EntitlementWithoutOwner | Self::NoDescription => FindingList::Entitlements,
            Self::OrphanAccount => FindingList::Accounts,
            Self::Dormant => FindingList::Access,
        }
    }

    /// The search of that list. `dormant_before`: access last used before this day is dormant.
    pub fn search(self, dormant_before: Date) -> String {
        match self {
            Self::NoManager => "status:current manager:none".to_owned(),
            Self::ManagerEnded => "status:current manager:ended".to_owned(),
            Self::EndedWithAccess => "status:ended access:live".to_owned(),
            Self::ApplicationWithoutOwner | Self::EntitlementWithoutOwner => {
                "status:current owner:none".to_owned()
            }
            Self::NoDescription => "status:current description:none".to_owned(),
            Self::OrphanAccount => "person:none".to_owned(),
            Self::Dormant => format!("used<{dormant_before}"),
        }
    }
}
