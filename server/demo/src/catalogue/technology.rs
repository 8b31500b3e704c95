//! Applications of Information Technology.

use super::{App, account, group, licence, permission};

/// Tickets.
pub(super) const SERVICE_DESK: App = App {
    name: "service-desk",
    display_name: "Service Desk",
    description: "Incidents, requests and changes.",
    owner: "Service Desk Manager",
    criticality: "medium",
    grants: &[
        account(
            "desk.self",
            "Ask for help",
            "Open tickets and follow them.",
            "low",
        ),
        permission(
            "desk.ticket.write",
            "Work on tickets",
            "Answer and close tickets of all colleagues.",
            ("read write", "ticket"),
            "medium",
        ),
        permission(
            "desk.remote",
            "Remote help",
            "Take over a colleague's screen after they agree.",
            ("execute", "computer"),
            "high",
        ),
        permission(
            "desk.change.approve",
            "Approve changes",
            "Approve changes to systems in use.",
            ("approve", "change"),
            "high",
        )
        .owned("Infrastructure Manager"),
        permission(
            "desk.asset.write",
            "Manage devices",
            "Hand out computers and phones.",
            ("read write", "device"),
            "low",
        ),
        licence(
            "desk.agent",
            "Service Desk agent licence",
            "Licence for those who answer tickets.",
        ),
        group(
            "desk.administrators",
            "Service Desk administrators",
            "Change forms, queues and users.",
            "medium",
        ),
    ],
};

/// Reports and analyses.
pub(super) const DATA_PLATFORM: App = App {
    name: "data-platform",
    display_name: "Data Platform",
    description: "Data of all applications for reports and analyses.",
    owner: "Data and Integration Manager",
    criticality: "medium",
    grants: &[
        account(
            "data.viewer",
            "Report viewer",
            "Open reports that were shared with you.",
            "low",
        )
        .ask(),
        permission(
            "data.sales.read",
            "Sales data",
            "Query orders, prices and margins.",
            ("read", "sales"),
            "medium",
        )
        .owned("Sales Operations Manager")
        .ask(),
        permission(
            "data.finance.read",
            "Finance data",
            "Query ledger and cost centres.",
            ("read", "finance"),
            "high",
        )
        .owned("Accounting Manager")
        .ask(),
        permission(
            "data.stock.read",
            "Stock data",
            "Query stock and movements.",
            ("read", "stock"),
            "low",
        )
        .ask(),
        permission(
            "data.people.read",
            "People data",
            "Query headcount and absences with names.",
            ("read", "people"),
            "critical",
        )
        .owned("People Operations Manager"),
        permission(
            "data.model.write",
            "Build models",
            "Create and change tables and reports.",
            ("read write", "model"),
            "medium",
        ),
        permission(
            "data.export",
            "Export data",
            "Download query results as files.",
            ("export", ""),
            "high",
        ),
        licence(
            "data.notebook",
            "Notebook licence",
            "Analyses in notebooks.",
        ),
        group("data.engineers", "Data engineers", "", "high"),
        group(
            "data.administrators",
            "Data Platform administrators",
            "Change storage, users and cost limits.",
            "critical",
        ),
    ],
};

/// Our own software.
pub(super) const SOURCE: App = App {
    name: "source",
    display_name: "Source Repositories",
    description: "Source code, builds and releases of our own software.",
    owner: "",
    criticality: "",
    grants: &[
        account(
            "src.reader",
            "Read source",
            "Read source code and issues.",
            "low",
        )
        .ask(),
        permission(
            "src.write",
            "Write source",
            "Propose and merge changes.",
            ("read write", "repository"),
            "medium",
        )
        .ask(),
        permission(
            "src.release",
            "Release software",
            "Start releases to systems in use.",
            ("execute", "release"),
            "high",
        )
        .owned("Infrastructure Manager"),
        permission(
            "src.secrets",
            "Manage build secrets",
            "See and change passwords that builds use.",
            ("read write", "secret"),
            "critical",
        )
        .owned("Head of Security and Access"),
        permission(
            "src.pipelines",
            "Edit pipelines",
            "",
            ("read write", "pipeline"),
            "high",
        ),
        licence(
            "src.scanner",
            "Code scanner licence",
            "Finds known weaknesses in dependencies.",
        ),
        group(
            "src.administrators",
            "Repository administrators",
            "Create repositories and manage members.",
            "high",
        ),
    ],
};
