//! The lists that can become a file, and their columns.

use domain::words;

use crate::{access, applications, audit, entitlements, people};

words! {
    /// A list that can become a file.
    ExportList {
        /// People.
        People = "people", "People";
        /// Applications.
        Applications = "applications", "Applications";
        /// Entitlements.
        Entitlements = "entitlements", "Entitlements";
        /// Accounts: all, or those of a person or in an application.
        Accounts = "accounts", "Accounts";
        /// Observed access: all, or that of a person or of the holders of an entitlement.
        Access = "access", "Access";
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
            Self::Accounts => access::ACCOUNT_COLUMNS,
            Self::Access => access::ACCESS_COLUMNS,
            Self::Audit => audit::EXPORT_COLUMNS,
        }
    }
}
