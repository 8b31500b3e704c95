//! Applications everybody meets.

use super::{App, account, group, licence, permission};

/// Who works here.
pub(super) const PEOPLE_RECORDS: App = App {
    name: "people-records",
    display_name: "People Records",
    description: "Contracts, absences, reviews of performance and the organisation chart.",
    owner: "Chief People Officer",
    criticality: "high",
    grants: &[
        account(
            "hr.self",
            "My record",
            "See and update your own record and absences.",
            "low",
        ),
        permission(
            "hr.team.read",
            "See my team",
            "See records and absences of direct reports.",
            ("read", "person"),
            "medium",
        ),
        permission(
            "hr.absence.approve",
            "Approve absences",
            "Approve holidays of direct reports.",
            ("approve", "absence"),
            "low",
        ),
        permission(
            "hr.person.read",
            "Read all records",
            "Read records of everybody, without health data.",
            ("read", "person"),
            "high",
        )
        .owned("People Operations Manager"),
        permission(
            "hr.person.write",
            "Edit records",
            "Hire, move and end people.",
            ("read write", "person"),
            "critical",
        )
        .owned("People Operations Manager"),
        permission(
            "hr.health.read",
            "Read health data",
            "Read certificates and long absences.",
            ("read", "health_record"),
            "critical",
        )
        .owned("People Operations Manager"),
        permission(
            "hr.applicant.write",
            "Handle applicants",
            "See applicants and invite them.",
            ("read write", "applicant"),
            "medium",
        )
        .owned("Recruiting Manager")
        .ask(),
        permission(
            "hr.training.write",
            "Manage training",
            "Plan courses and record who attended.",
            ("read write", "course"),
            "low",
        )
        .owned("Learning Manager"),
        permission(
            "hr.report",
            "People reports",
            "Headcount, turnover and absences without names.",
            ("read", "report"),
            "medium",
        )
        .ask(),
        group(
            "hr.administrators",
            "People Records administrators",
            "Change fields, forms and users.",
            "critical",
        ),
    ],
};

/// Accounts, groups, mail, licences.
pub(super) const DIRECTORY: App = App {
    name: "directory",
    display_name: "Directory and Mail",
    description: "Accounts, mailboxes, groups, office licences and remote access.",
    owner: "Infrastructure Manager",
    criticality: "critical",
    grants: &[
        account(
            "dir.account",
            "Directory account",
            "Sign in to computers and everything that uses the directory.",
            "low",
        ),
        account("dir.mailbox", "Mailbox", "A mailbox of 50 GB.", "low"),
        licence(
            "dir.office",
            "Office licence",
            "Documents, spreadsheets and presentations.",
        ),
        licence(
            "dir.diagrams",
            "Diagram licence",
            "Draws processes and floor plans.",
        ),
        licence("dir.pdf", "PDF editor licence", ""),
        group(
            "dir.vpn",
            "Remote access",
            "Reach internal applications from outside.",
            "medium",
        )
        .owned("Head of Security and Access")
        .ask(),
        group(
            "dir.all-lisbon",
            "All Lisbon",
            "Mail to everybody in Lisbon.",
            "low",
        ),
        group(
            "dir.all-porto",
            "All Porto",
            "Mail to everybody in Porto.",
            "low",
        ),
        group(
            "dir.finance-share",
            "Finance files",
            "Files of Finance.",
            "medium",
        )
        .owned("Accounting Manager")
        .ask(),
        group(
            "dir.board-share",
            "Board files",
            "Files of the board.",
            "high",
        )
        .owned("Chief of Staff"),
        group(
            "dir.local-admin",
            "Local administrator",
            "Install software on your own computer.",
            "high",
        )
        .owned("Service Desk Manager")
        .ask(),
        group(
            "dir.server-admin",
            "Server administrators",
            "Administer all servers.",
            "critical",
        )
        .owned("Head of Security and Access"),
        group(
            "dir.domain-admin",
            "Domain administrators",
            "Administer the directory itself.",
            "critical",
        )
        .owned("Head of Security and Access"),
        group("dir.shared-mailboxes", "Shared mailboxes", "", ""),
    ],
};
