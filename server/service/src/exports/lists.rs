//! The lists that can become a file, and their columns.

use domain::words;

use crate::{
    access, applications, assignments, audit, effective, entitlements, findings, people, roles,
    rules,
};

words! {
    /// A list that can become a file.
    ExportList {
        /// People.
        People = "people", "People";
        /// Applications.
        Applications = "applications", "Applications";
        /// Entitlements.
        Entitlements = "entitlements", "Entitlements";
        /// Roles.
        Roles = "roles", "Roles";
        /// Rules.
        Rules = "rules", "Rules";
        /// What is given to whom.
        Assignments = "assignments", "Assignments";
        /// Accounts: all, or those of a person or in an application.
        Accounts = "accounts", "Accounts";
        /// Observed access: all, or that of a person or of the holders of an entitlement.
        Access = "access", "Access";
        /// What a person has, or who has an entitlement or holds a role, at a moment.
        Effective = "effective", "Effective access";
        /// Access that few peers have.
        Outliers = "outliers", "Outliers";
        /// The log.
        Audit = "audit", "Audit log";
    }
}

impl ExportList {
    /// The columns of the file, in the order they have when nobody chooses.
    pub const fn columns(self) -> &'static [&'static str] {
        match self {
            Self::People => people::EXPORT_COLUMNS,
            Self::Applications => applications::EXPORT_COLUMNS,
            Self::Entitlements => entitlements::EXPORT_COLUMNS,
            Self::Roles => roles::EXPORT_COLUMNS,
            Self::Rules => rules::EXPORT_COLUMNS,
            Self::Assignments => assignments::EXPORT_COLUMNS,
            Self::Accounts => access::ACCOUNT_COLUMNS,
            Self::Access => access::ACCESS_COLUMNS,
            Self::Effective => effective::EXPORT_COLUMNS,
            Self::Outliers => findings::OUTLIER_COLUMNS,
            Self::Audit => audit::EXPORT_COLUMNS,
        }
    }
}
