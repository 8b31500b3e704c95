//! Applications that are replaced in the course of the history.

use super::{App, account, group, permission};

/// Replaced by the Customer Hub.
pub(super) const CONTACT_BASE: App = App {
    name: "contact-base",
    display_name: "ContactBase",
    description: "The old customer database; replaced by the Customer Hub.",
    owner: "Sales Operations Manager",
    criticality: "medium",
    grants: &[
        account(
            "contacts.user",
            "ContactBase account",
            "Sign in to the old customer database.",
            "low",
        ),
        permission(
            "contacts.write",
            "Edit contacts",
            "Change customers and contacts.",
            ("read write", "contact"),
            "medium",
        ),
        permission(
            "contacts.export",
            "Export contacts",
            "",
            ("export", "contact"),
            "high",
        ),
    ],
};

/// Replaced by files in the directory's groups.
pub(super) const SHARED_DRIVES: App = App {
    name: "shared-drives",
    display_name: "Shared Drives",
    description: "File server in the Lisbon data room; moved to team files.",
    owner: "Infrastructure Manager",
    criticality: "low",
    grants: &[
        group("drive.p", "Drive P", "Old projects.", "low"),
        group("drive.s", "Drive S", "", ""),
        group(
            "drive.scan",
            "Scans",
            "Scanned letters and delivery notes.",
            "medium",
        ),
    ],
};
