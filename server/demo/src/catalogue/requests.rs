//! The approval flows, what people ask for, and how that is decided.
//!
//! Who asks is one of the cast, or somebody of the same team; what somebody has anyway is not asked for.

use Asker::{Auditor, Colleague, Employee, LikeOthers};
use Length::{Days, EndsIn, NoEnd};
use Turn::{Activate, Answer, Approve, AskBack, Reject, Shorten, Withdraw};
use Voice::{Delegate, Manager, Requester, Titled};

/// An approval flow; its steps in order, each after the one before.
#[derive(Debug)]
pub(crate) struct Flow {
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// Words of risks; none: everything that no other flow covers.
    pub(crate) risks: &'static [&'static str],
    pub(crate) roles: &'static [&'static str],
    pub(crate) automatic: &'static str,
    pub(crate) longest_days: &'static str,
    pub(crate) activation_hours: &'static str,
    pub(crate) emergency_hours: &'static str,
    /// Approver and who is asked when there is none.
    pub(crate) steps: &'static [(&'static str, &'static str)],
    pub(crate) due_hours: &'static str,
    pub(crate) remind_hours: &'static str,
}

/// All flows: written so many days before the end of the history, before anything is asked for.
pub(crate) const WRITTEN: i32 = 68;
pub(crate) const FLOWS: &[Flow] = &[
    Flow {
        name: "Everyday access",
        description: "What people need for their daily work. The manager agrees; what is harmless and many colleagues have needs nobody.",
        risks: &[],
        roles: &["close-team", "finance-clerk", "treasury-analyst"],
        automatic: r#"context.risk == "low" && context.peers_known && context.peers >= 50"#,
        longest_days: "",
        activation_hours: "",
        emergency_hours: "",
        steps: &[("manager", "managers_manager")],
        due_hours: "168",
        remind_hours: "48",
    },
    Flow {
        name: "Privileged access",
        description: "What can do harm. Manager and owner agree; it is used for some hours, when it is needed.",
        risks: &["high", "critical"],
        roles: &["engineer-on-call"],
        automatic: "",
        longest_days: "90",
        activation_hours: "8",
        emergency_hours: "4",
        steps: &[("manager", "managers_manager"), ("owner", "")],
        due_hours: "120",
        remind_hours: "24",
    },
];

/// The manager is away in the week that lies so many days before the end of the history.
pub(crate) const AWAY: i32 = 50;
/// Title of who decides meanwhile.
pub(crate) const STANDS_IN: &str = "Credit Control Manager";

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asker {
    Employee,
    /// One of the manager's other reports.
    Colleague(usize),
    Auditor,
    /// Somebody with one of these titles, for what most others with the same title have.
    LikeOthers(&'static [&'static str]),
}

/// For how long.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Length {
    NoEnd,
    Days(i32),
    /// Until a day, counted from the present one; from the day it is approved.
    EndsIn(i32),
}

/// Who takes a turn.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Voice {
    Manager,
    Delegate,
    Requester,
    /// The lead or head with this title.
    Titled(&'static str),
}

/// What they do.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Turn {
    Approve(&'static str),
    /// For so many days only, and why.
    Shorten(&'static str, &'static str),
    Reject(&'static str),
    AskBack(&'static str),
    Answer(&'static str),
    Withdraw(&'static str),
    /// Uses what was approved for so many hours.
    Activate(&'static str, &'static str),
}

/// Something somebody asks for.
#[derive(Debug)]
pub(crate) struct Asked {
    pub(crate) asker: Asker,
    /// The first that they do not have.
    pub(crate) what: &'static [&'static str],
    pub(crate) length: Length,
    pub(crate) reason: &'static str,
    /// So many days before the end of the history.
    pub(crate) before: i32,
    pub(crate) turns: &'static [(i32, Voice, Turn)],
    /// What the application's owner says when they have set it up.
    pub(crate) done: &'static str,
}

const fn ask(
    asker: Asker,
    what: &'static [&'static str],
    length: Length,
    before: i32,
    reason: &'static str,
    turns: &'static [(i32, Voice, Turn)],
) -> Asked {
    Asked {
        asker,
        what,
        length,
        reason,
        before,
        turns,
        done: "",
    }
}

impl Asked {
    const fn done(self, note: &'static str) -> Self {
        Self { done: note, ..self }
    }
}

/// All requests, those that are over first; what ends without a decision waits today.
pub(crate) const ASKED: &[Asked] = &[
    ask(
        Colleague(0),
        &["transport-planner/tms.tracking.read"],
        NoEnd,
        AWAY,
        "Checks whether goods arrived before their freight is paid.",
        &[(
            AWAY - 1,
            Delegate,
            Approve("Agreed with the manager before the holidays."),
        )],
    )
    .done("Set up in the Transport Planner; no training needed."),
    ask(
        Employee,
        &["people-records/hr.report", "web-shop/shop.catalogue.write"],
        NoEnd,
        41,
        "Plans who checks invoices when many are on holiday.",
        &[(40, Manager, Approve(""))],
    )
    .done("Added to the group of readers."),
    ask(
        Auditor,
        &["data-platform/data.finance.read"],
        Days(60),
        36,
        "Samples journal entries for the audit of the half year.",
        &[
            (
                35,
                Titled("Internal Audit Manager"),
                Approve("Part of the audit plan."),
            ),
            (
                33,
                Titled("Accounting Manager"),
                Shorten("45", "The audit ends before."),
            ),
        ],
    ),
    ask(
        LikeOthers(&["Support Engineer", "Application Analyst", "Data Analyst"]),
        &["source/src.reader", "data-platform/data.viewer"],
        NoEnd,
        29,
        "Finds out why something fails before asking the developers.",
        &[],
    ),
    ask(
        Colleague(1),
        &["erp/erp.purchase.write", "customer-hub/hub.offer.write"],
        NoEnd,
        27,
        "Corrects wrong orders without waiting for Purchasing.",
        &[(
            26,
            Manager,
            Reject("Whoever records invoices must not write orders. Ask the buyer."),
        )],
    ),
    ask(
        Employee,
        &[
            "erp/erp.report.read",
            "data-platform/data.sales.read",
            "people-records/hr.report",
        ],
        EndsIn(6),
        24,
        "Explains the cost centres' differences in the quarterly close.",
        &[(23, Manager, Approve("For this close."))],
    )
    .done("Added to the group of readers."),
    ask(
        Colleague(2),
        &[
            "data-platform/data.sales.read",
            "customer-hub/hub.complaint.write",
        ],
        Days(120),
        22,
        "Compares bonuses with what was sold.",
        &[
            (
                21,
                Manager,
                AskBack("For which suppliers? Purchasing has a report on bonuses."),
            ),
            (
                20,
                Requester,
                Answer("Food only; that report has no returns."),
            ),
            (19, Manager, Approve("Thank you.")),
        ],
    )
    .done("Done with the next load."),
    ask(
        Employee,
        &[
            "data-platform/data.finance.read",
            "directory/dir.local-admin",
        ],
        Days(60),
        19,
        "Looks up postings when suppliers complain about late payment.",
        &[
            (18, Manager, Approve("")),
            (
                16,
                Titled("Accounting Manager"),
                Approve("Read only; fine."),
            ),
            (
                9,
                Requester,
                Activate("4", "A supplier disputes three invoices."),
            ),
        ],
    ),
    ask(
        Colleague(0),
        &[
            "customer-hub/hub.customer.write",
            "people-records/hr.report",
        ],
        Days(30),
        15,
        "Customers who are suppliers, too, send bank details.",
        &[(14, Requester, Withdraw("Credit Control takes them over."))],
    ),
    ask(
        Employee,
        &["directory/dir.vpn", "source/src.reader"],
        Days(180),
        12,
        "Works from home two days a week.",
        &[(
            11,
            Manager,
            Shorten("60", "Until the new rule on working from home is decided."),
        )],
    )
    .done("Group membership is set."),
    ask(
        Employee,
        &["transport-planner/tms.user"],
        NoEnd,
        3,
        "Looks up freight numbers on carriers' invoices.",
        &[(1, Manager, Approve(""))],
    )
    .done("The account is there; the link is in your mailbox."),
    ask(
        Colleague(1),
        &["transport-planner/tms.user"],
        Days(90),
        2,
        "Stands in for a colleague who checks freight.",
        &[(0, Manager, Approve("Until the end of the quarter."))],
    ),
    ask(
        Colleague(2),
        &["erp/erp.order.write", "customer-hub/hub.customer.write"],
        Days(90),
        11,
        "Corrects quantities in orders that do not match the invoice.",
        &[],
    ),
    ask(
        Colleague(1),
        &["web-shop/shop.order.read", "web-shop/shop.catalogue.write"],
        NoEnd,
        3,
        "Finds the orders of customers who are paid back by us.",
        &[],
    ),
    ask(
        Colleague(0),
        &["data-platform/data.finance.read"],
        Days(30),
        2,
        "Prepares the list of open items for the auditors.",
        &[],
    ),
    ask(
        Employee,
        &["directory/dir.local-admin"],
        Days(60),
        2,
        "Installs the update of the invoice scanner.",
        &[(
            1,
            Manager,
            Approve("The scanner stands next to their desk."),
        )],
    ),
    ask(
        Colleague(3),
        &["role:close-team"],
        Days(14),
        1,
        "Takes part in the close of the month.",
        &[],
    ),
    ask(
        Employee,
        &["treasury/bank.statement.read", "source/src.reader"],
        Days(60),
        0,
        "Checks whether suppliers' refunds have come in.",
        &[],
    ),
    ask(
        Colleague(2),
        &["directory/dir.local-admin"],
        Days(7),
        0,
        "Sets up a second screen and a label printer.",
        &[],
    ),
];

/// What the product's data must have from the beginning of the requests on.
pub(crate) fn asked_for() -> impl Iterator<Item = &'static str> {
    ASKED.iter().flat_map(|asked| asked.what).copied()
}
