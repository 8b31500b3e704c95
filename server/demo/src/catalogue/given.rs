//! What single people are given for a reason of their own, and from what they are excluded.

use domain::assignment::AssignmentStep;

use Holder::{Employee, Lead, Post};

/// Who gets it.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Holder {
    /// The lead or head with this title.
    Lead(&'static str),
    /// One of those who have held a post with this title all the time.
    Post(&'static str, usize),
    /// The employee whose password is handed over.
    Employee,
}

/// What becomes of it later.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Later {
    Step(AssignmentStep),
    /// Its last day becomes this one, in days from the present one.
    Until(i32),
}

/// Something given to one person.
#[derive(Debug)]
pub(crate) struct Given {
    pub(crate) holder: Holder,
    /// `APPLICATION/ENTITLEMENT` or `role:NAME`.
    pub(crate) what: &'static str,
    pub(crate) reason: &'static str,
    /// It is given so many days before the end of the history.
    pub(crate) before: i32,
    /// First day, in days from the present one.
    pub(crate) from: Option<i32>,
    /// Last day, in days from the present one.
    pub(crate) until: Option<i32>,
    /// What happens to it so many days before the end of the history, and why.
    pub(crate) later: Option<(i32, Later, &'static str)>,
}

impl Given {
    const fn from(self, day: i32) -> Self {
        Self {
            from: Some(day),
            ..self
        }
    }

    const fn until(self, day: i32) -> Self {
        Self {
            until: Some(day),
            ..self
        }
    }

    const fn later(self, before: i32, what: Later, reason: &'static str) -> Self {
        Self {
            later: Some((before, what, reason)),
            ..self
        }
    }
}

const fn give(holder: Holder, what: &'static str, before: i32, reason: &'static str) -> Given {
    Given {
        holder,
        what,
        reason,
        before,
        from: None,
        until: None,
        later: None,
    }
}

/// All grants, the oldest first. Nobody is given the same twice.
pub(crate) const GIVEN: &[Given] = &[
    give(
        Lead("Treasury and Planning Manager"),
        "treasury/bank.payment.first",
        318,
        "First signatory, resolution of the board.",
    ),
    give(
        Lead("Chief Financial Officer"),
        "treasury/bank.payment.second",
        318,
        "Second signatory, resolution of the board.",
    ),
    give(
        Lead("Treasury and Planning Manager"),
        "role:treasury-analyst",
        317,
        "Stands in for the analysts.",
    ),
    give(
        Post("Treasury Analyst", 0),
        "role:treasury-analyst",
        317,
        "Works in Treasury; two people need no rule.",
    ),
    give(
        Post("Treasury Analyst", 1),
        "role:treasury-analyst",
        317,
        "Works in Treasury; two people need no rule.",
    ),
    give(
        Lead("Accounts Payable Manager"),
        "role:finance-lead",
        316,
        "Leads accounts payable.",
    ),
    give(
        Lead("Accounting Manager"),
        "role:finance-lead",
        316,
        "Leads accounting.",
    ),
    give(
        Lead("Sales Manager Portugal"),
        "role:sales-lead",
        302,
        "Leads the region.",
    ),
    give(
        Lead("Sales Manager Germany"),
        "role:sales-lead",
        302,
        "Leads the region.",
    ),
    give(
        Post("Shift Supervisor", 0),
        "role:shift-supervisor",
        273,
        "Plans the early shift.",
    ),
    give(
        Post("Platform Engineer", 0),
        "role:engineer-on-call",
        258,
        "Takes part in the on-call rota.",
    ),
    give(
        Post("Platform Engineer", 1),
        "role:engineer-on-call",
        258,
        "Takes part in the on-call rota.",
    )
    .later(
        72,
        Later::Step(AssignmentStep::End),
        "Left the on-call rota.",
    ),
    give(
        Post("Accountant", 0),
        "role:close-team",
        205,
        "Takes part in the yearly close.",
    )
    .until(-128),
    give(
        Post("Financial Analyst", 0),
        "data-platform/data.people.read",
        118,
        "Plans headcount for next year; agreed with People Operations.",
    )
    .until(-45),
    give(
        Post("Platform Engineer", 2),
        "directory/dir.server-admin",
        110,
        "Rebuilds the servers of the warehouse in Porto.",
    )
    .later(
        20,
        Later::Step(AssignmentStep::Suspend),
        "Stopped until the new password vault is in use.",
    ),
    give(
        Post("Data Analyst", 0),
        "data-platform/data.finance.read",
        95,
        "Builds the report on margins.",
    )
    .until(-10)
    .later(
        17,
        Later::Until(72),
        "The report is extended to all countries.",
    ),
    give(
        Post("Access Governance Analyst", 0),
        "data-platform/data.viewer",
        81,
        "Reports to the management on access.",
    ),
    give(
        Post("Accountant", 1),
        "role:close-team",
        38,
        "Takes part in the half-year close.",
    )
    .until(18),
    give(
        Post("Financial Analyst", 1),
        "role:close-team",
        38,
        "Takes part in the half-year close.",
    )
    .until(18),
    give(
        Employee,
        "erp/erp.key-users",
        32,
        "First contact for colleagues during the new release of the ERP.",
    )
    .until(24),
    give(
        Post("Network Engineer", 0),
        "role:engineer-on-call",
        11,
        "On call while the data centre moves.",
    )
    .until(12),
    give(
        Post("Platform Engineer", 3),
        "role:engineer-on-call",
        4,
        "Joins the on-call rota for a month.",
    )
    .from(6)
    .until(36),
];

/// Somebody who shall not get something, whatever gives it.
#[derive(Debug)]
pub(crate) struct Excluded {
    pub(crate) holder: Holder,
    /// `APPLICATION/ENTITLEMENT` or `role:NAME`.
    pub(crate) what: &'static str,
    pub(crate) reason: &'static str,
    pub(crate) before: i32,
    /// Days before the end of the history on which it is ended, and why.
    pub(crate) ended: Option<(i32, &'static str)>,
}

/// All exclusions. Each takes away what a role gives the same person.
pub(crate) const EXCLUDED: &[Excluded] = &[
    Excluded {
        holder: Lead("Accounts Payable Manager"),
        what: "erp/erp.invoice.post",
        reason: "Separation of duties: approves invoices, so must not record them.",
        before: 309,
        ended: None,
    },
    Excluded {
        holder: Lead("Treasury and Planning Manager"),
        what: "treasury/bank.payment.create",
        reason: "Separation of duties: signs payments, so must not create them.",
        before: 309,
        ended: None,
    },
    Excluded {
        holder: Post("Accountant", 2),
        what: "erp/erp.ledger.post",
        reason: "Separation of duties: checks the opening balances for the auditors, so must not post.",
        before: 190,
        ended: Some((151, "The balances are checked.")),
    },
];
