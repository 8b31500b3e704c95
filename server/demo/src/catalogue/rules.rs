//! The rules: who gets what by kind, department, title and location.

use domain::rule::RuleState::{self, Active, Ended, Observing};

/// A rule with its life.
#[derive(Debug)]
pub(crate) struct Rule {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) condition: &'static str,
    /// `APPLICATION/ENTITLEMENT` or `role:NAME`.
    pub(crate) what: &'static str,
    /// Title of the lead or head who answers for it; empty: nobody has said.
    pub(crate) owner: &'static str,
    pub(crate) hand_over_days: u16,
    /// It is written so many days before the end of the history.
    pub(crate) written: i32,
    /// What becomes of it: state, days before the end of the history, reason.
    pub(crate) steps: &'static [(RuleState, i32, &'static str)],
}

const SHADOW: &str = "Shows for a week whom it would apply to.";
const LIVE: &str = "Looked through with the owner; nobody is surprised.";

/// All rules.
pub(crate) const RULES: &[Rule] = &[
    Rule {
        name: "Every employee",
        description: "What everybody has from the first day on.",
        condition: r#"principal.kind == "employee""#,
        what: "role:employee",
        owner: "People Operations Manager",
        hand_over_days: 0,
        written: 342,
        steps: &[(Observing, 342, SHADOW), (Active, 334, LIVE)],
    },
    Rule {
        name: "People managers",
        description: "Everybody who leads a team. Key account managers lead customers, not people.",
        condition: r#"principal.kind == "employee" && principal.title like "*Manager*" && !(principal.title like "*Key Account Manager")"#,
        what: "role:people-manager",
        owner: "People Operations Manager",
        hand_over_days: 0,
        written: 342,
        steps: &[(Observing, 342, SHADOW), (Active, 331, LIVE)],
    },
    Rule {
        name: "Accounts payable",
        description: "Clerks and specialists; who moves on hands open invoices over for two weeks.",
        condition: r#"principal.department == "Finance" && (principal.title like "*Clerk" || principal.title like "*Accounts Payable Specialist")"#,
        what: "role:accounts-payable-clerk",
        owner: "Accounts Payable Manager",
        hand_over_days: 14,
        written: 328,
        steps: &[(Observing, 328, SHADOW), (Active, 320, LIVE)],
    },
    Rule {
        name: "Accountants",
        description: "Accountants on the payroll; interim accountants are given access one by one.",
        condition: r#"principal.department == "Finance" && principal.kind == "employee" && principal.title like "*Accountant""#,
        what: "role:accountant",
        owner: "Accounting Manager",
        hand_over_days: 0,
        written: 328,
        steps: &[(Observing, 328, SHADOW), (Active, 320, LIVE)],
    },
    Rule {
        name: "Sales",
        description: "Everybody in Sales.",
        condition: r#"principal.kind == "employee" && principal.department == "Sales""#,
        what: "role:sales",
        owner: "Chief Commercial Officer",
        hand_over_days: 0,
        written: 314,
        steps: &[(Observing, 314, SHADOW), (Active, 306, LIVE)],
    },
    Rule {
        name: "Customer service",
        description: "Everybody in Customer Service.",
        condition: r#"principal.kind == "employee" && principal.department == "Customer Service""#,
        what: "role:customer-service-agent",
        owner: "Director of Customer Service",
        hand_over_days: 0,
        written: 314,
        steps: &[(Observing, 314, SHADOW), (Active, 304, LIVE)],
    },
    Rule {
        name: "Warehouses",
        description: "Operators and supervisors of all warehouses.",
        condition: r#"principal.department == "Logistics" && (principal.title like "*Warehouse Operator" || principal.title like "*Shift Supervisor")"#,
        what: "role:warehouse-operator",
        owner: "Director of Logistics",
        hand_over_days: 0,
        written: 286,
        steps: &[(Observing, 286, SHADOW), (Active, 277, LIVE)],
    },
    Rule {
        name: "Engineers",
        description: "Engineers of infrastructure and data; not those of the service desk.",
        condition: r#"principal.department == "Information Technology" && (principal.title like "*Platform Engineer" || principal.title like "*Network Engineer" || principal.title like "*Data Engineer")"#,
        what: "role:engineer",
        owner: "Infrastructure Manager",
        hand_over_days: 0,
        written: 272,
        steps: &[(Observing, 272, SHADOW), (Active, 264, LIVE)],
    },
    Rule {
        name: "Mail to all of Porto",
        description: "Whoever works in Porto gets the mail of the office.",
        condition: r#"principal.kind == "employee" && principal.location == "Porto""#,
        what: "directory/dir.all-porto",
        owner: "",
        hand_over_days: 0,
        written: 244,
        steps: &[(Observing, 244, SHADOW), (Active, 237, LIVE)],
    },
    Rule {
        name: "Madrid works from home",
        description: "Remote access for everybody in Madrid while the office is rebuilt.",
        condition: r#"principal.location == "Madrid""#,
        what: "directory/dir.vpn",
        owner: "Head of Security and Access",
        hand_over_days: 0,
        written: 230,
        steps: &[
            (Observing, 230, "To see how many licences it takes."),
            (Active, 227, "The builders begin on Monday."),
            (Ended, 139, "The office in Madrid is open again."),
        ],
    },
    Rule {
        name: "Service desk",
        description: "Support engineers answer tickets.",
        condition: r#"principal.department == "Information Technology" && principal.title like "*Support Engineer""#,
        what: "role:service-desk-agent",
        owner: "Service Desk Manager",
        hand_over_days: 0,
        written: 13,
        steps: &[(
            Observing,
            13,
            "Shows whom it would apply to, until the new desk tool is there.",
        )],
    },
    Rule {
        name: "Buyers",
        description: "To be agreed with Purchasing: category planners too?",
        condition: r#"principal.department == "Purchasing" && principal.title like "*Buyer""#,
        what: "role:buyer",
        owner: "Director of Purchasing",
        hand_over_days: 0,
        written: 5,
        steps: &[],
    },
];
