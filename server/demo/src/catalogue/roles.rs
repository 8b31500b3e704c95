//! The roles: what people get together, from what everybody has to what the lead of a department has.
//!
//! Who gets them is in [`super::rules`] and [`super::given`].

use super::model::Filling;

/// A role.
#[derive(Debug)]
pub(crate) struct Role {
    pub(crate) name: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) description: &'static str,
    /// Title of the lead or head who answers for it; empty: nobody has said.
    pub(crate) owner: &'static str,
    /// What is in it at first: `APPLICATION/ENTITLEMENT` or `role:NAME`.
    pub(crate) parts: &'static [&'static str],
}

const fn role(
    name: &'static str,
    display_name: &'static str,
    description: &'static str,
    owner: &'static str,
    parts: &'static [&'static str],
) -> Role {
    Role {
        name,
        display_name,
        description,
        owner,
        parts,
    }
}

/// All roles; whatever is in another comes before it.
pub(crate) const ROLES: &[Role] = &[
    role(
        "employee",
        "Employee",
        "What everybody on the payroll has from the first day on.",
        "People Operations Manager",
        &[
            "directory/dir.account",
            "directory/dir.mailbox",
            "directory/dir.office",
            "people-records/hr.self",
            "payroll/payroll.self",
            "service-desk/desk.self",
        ],
    ),
    role(
        "external-partner",
        "External partner",
        "What people of partner companies need to work with us.",
        "",
        &["directory/dir.account", "service-desk/desk.self"],
    ),
    role(
        "people-manager",
        "People manager",
        "Looks after a team: its records and absences.",
        "People Operations Manager",
        &[
            "people-records/hr.team.read",
            "people-records/hr.absence.approve",
        ],
    ),
    role(
        "finance-clerk",
        "Finance clerk",
        "Works with the ERP and the files of Finance.",
        "Chief Financial Officer",
        &[
            "erp/erp.user",
            "erp/erp.order.read",
            "directory/dir.finance-share",
        ],
    ),
    role(
        "accounts-payable-clerk",
        "Accounts payable clerk",
        "Records suppliers' invoices and matches them with orders.",
        "Accounts Payable Manager",
        &["role:finance-clerk", "erp/erp.invoice.post"],
    ),
    role(
        "accountant",
        "Accountant",
        "Keeps the general ledger and reports from it.",
        "Accounting Manager",
        &[
            "role:finance-clerk",
            "erp/erp.ledger.post",
            "erp/erp.report.read",
            "data-platform/data.finance.read",
        ],
    ),
    role(
        "finance-lead",
        "Finance lead",
        "Leads a team of Finance: stands in for everybody in it and approves.",
        "Chief Financial Officer",
        &[
            "role:accounts-payable-clerk",
            "role:accountant",
            "erp/erp.invoice.approve",
        ],
    ),
    role(
        "treasury-analyst",
        "Treasury analyst",
        "Watches balances and prepares payments.",
        "Treasury and Planning Manager",
        &[
            "role:finance-clerk",
            "treasury/bank.user",
            "treasury/bank.statement.read",
            "treasury/bank.payment.create",
        ],
    ),
    role(
        "close-team",
        "Close team",
        "Closes the books, across departments; only while a close is running.",
        "",
        &[
            "erp/erp.user",
            "erp/erp.period.close",
            "erp/erp.report.read",
            "data-platform/data.finance.read",
        ],
    ),
    role(
        "engineer",
        "Engineer",
        "Builds and runs our own systems.",
        "Infrastructure Manager",
        &[
            "source/src.reader",
            "source/src.write",
            "source/src.scanner",
            "directory/dir.vpn",
        ],
    ),
    role(
        "engineer-on-call",
        "Engineer on call",
        "Repairs at night and on weekends what must not wait.",
        "Infrastructure Manager",
        &[
            "role:engineer",
            "source/src.release",
            "service-desk/desk.change.approve",
        ],
    ),
    role(
        "service-desk-agent",
        "Service desk agent",
        "Helps colleagues and hands out devices.",
        "Service Desk Manager",
        &[
            "service-desk/desk.ticket.write",
            "service-desk/desk.agent",
            "service-desk/desk.asset.write",
            "service-desk/desk.remote",
        ],
    ),
    role(
        "sales",
        "Sales",
        "Looks after customers and writes offers.",
        "Chief Commercial Officer",
        &[
            "customer-hub/hub.user",
            "customer-hub/hub.customer.write",
            "customer-hub/hub.offer.write",
            "erp/erp.user",
            "erp/erp.order.read",
        ],
    ),
    role(
        "sales-lead",
        "Sales lead",
        "Leads a region and approves special offers.",
        "Chief Commercial Officer",
        &[
            "role:sales",
            "customer-hub/hub.customer.read_all",
            "customer-hub/hub.offer.approve",
        ],
    ),
    role(
        "buyer",
        "Buyer",
        "Orders from suppliers.",
        "Director of Purchasing",
        &[
            "erp/erp.user",
            "erp/erp.purchase.write",
            "data-platform/data.stock.read",
        ],
    ),
    // Made for a team that never came about: nobody holds it, and it gives what the role before it does.
    role(
        "purchasing-assistant",
        "Purchasing assistant",
        "Prepares orders for the buyers.",
        "Director of Purchasing",
        &[
            "erp/erp.user",
            "erp/erp.purchase.write",
            "data-platform/data.stock.read",
        ],
    ),
    role(
        "warehouse-operator",
        "Warehouse operator",
        "Receives, picks and counts goods with a scanner.",
        "Director of Logistics",
        &[
            "warehouse-control/wms.scanner",
            "warehouse-control/wms.receive",
            "warehouse-control/wms.pick",
            "warehouse-control/wms.count",
        ],
    ),
    role(
        "shift-supervisor",
        "Shift supervisor",
        "Plans a shift and releases its shipments.",
        "Director of Logistics",
        &[
            "role:warehouse-operator",
            "warehouse-control/wms.supervisors",
            "warehouse-control/wms.release",
        ],
    ),
    role(
        "customer-service-agent",
        "Customer service agent",
        "Answers customers and settles complaints.",
        "Director of Customer Service",
        &[
            "customer-hub/hub.user",
            "customer-hub/hub.complaint.write",
            "web-shop/shop.order.read",
        ],
    ),
];

/// What is put right later: role, days before the end of the history, what.
pub(crate) const REFILLS: &[(&str, i32, Filling)] = &[
    (
        "accounts-payable-clerk",
        262,
        Filling {
            adds: &["erp/erp.supplier.write"],
            drops: &[],
            reason: "Clerks keep suppliers up to date while the data team is short of people.",
        },
    ),
    (
        "customer-service-agent",
        204,
        Filling {
            adds: &[
                "transport-planner/tms.user",
                "transport-planner/tms.tracking.read",
            ],
            drops: &[],
            reason: "Customers ask where their goods are.",
        },
    ),
    (
        "accounts-payable-clerk",
        131,
        Filling {
            adds: &[],
            drops: &["erp/erp.supplier.write"],
            reason: "Internal audit: whoever records invoices must not change suppliers' bank details.",
        },
    ),
    (
        "engineer",
        88,
        Filling {
            adds: &[],
            drops: &["source/src.scanner"],
            reason: "The build server scans now; the licences have ended.",
        },
    ),
];
