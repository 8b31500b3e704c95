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
        /// Access that few peers have.
        Outlier = "outlier", "Access few peers have";
        /// A role that nobody holds.
        RoleWithoutHolders = "role_without_holders", "Role without holders";
        /// Two roles that give nearly the same.
        OverlappingRoles = "overlapping_roles", "Overlapping roles";
        /// Access that ends soon and is not left for a hand-over.
        Expiring = "expiring", "Access that ends soon";
        /// Access of which nobody said why it was given.
        NoReason = "no_reason", "Access without reason";
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
        /// Outliers.
        Outliers = "outliers", "Outliers";
        /// Roles.
        Roles = "roles", "Roles";
        /// Pairs of roles; not a list that is searched.
        Overlaps = "overlaps", "Overlapping roles";
        /// Assignments.
        Assignments = "assignments", "Assignments";
    }
}

/// Days without use after which access counts as dormant, when nobody says otherwise.
pub const DORMANT_DAYS: i32 = 90;
/// Days ahead in which access ends soon.
pub const EXPIRING_DAYS: i32 = 30;

/// Access whose last day is before this one ends soon. Both days follow from today.
fn expiring_before(dormant_before: Date) -> Date {
    dormant_before.plus_days(DORMANT_DAYS + EXPIRING_DAYS + 1)
}

impl Finding {
    /// The list that shows it.
    pub const fn list(self) -> FindingList {
        match self {
            Self::NoManager | Self::ManagerEnded | Self::EndedWithAccess => FindingList::People,
            Self::ApplicationWithoutOwner => FindingList::Applications,
            Self::EntitlementWithoutOwner | Self::NoDescription => FindingList::Entitlements,
            Self::OrphanAccount => FindingList::Accounts,
            Self::Dormant => FindingList::Access,
            Self::Outlier => FindingList::Outliers,
            Self::RoleWithoutHolders => FindingList::Roles,
            Self::OverlappingRoles => FindingList::Overlaps,
            Self::Expiring | Self::NoReason => FindingList::Assignments,
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
            Self::RoleWithoutHolders => "status:active holders:none".to_owned(),
            Self::Expiring => {
                let day = expiring_before(dormant_before);
                format!("state:active handover:no until<{day}")
            }
            Self::NoReason => "reason:none".to_owned(),
            // These lists have nothing else in them.
            Self::Outlier | Self::OverlappingRoles => String::new(),
        }
    }
}
