//! The lists that can become a file, and their columns.

use domain::words;

use crate::{applications, audit, entitlements, people};

words! {
    /// A list that can become a file.
    ExportList {
        /// People.
        People = "people", "People";
        /// Applications.
        Applications = "applications", "Applications";
        /// Entitlements.
        Entitlements = "entitlements", "Entitlements";
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
            Self::Audit => audit::EXPORT_COLUMNS,
        }
    }
}
