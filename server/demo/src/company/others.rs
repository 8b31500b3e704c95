//! Who is not on the payroll: contractors, people of partner companies, service accounts and agents.

/// Contractors of one kind: team by its lead's title, title, how many.
pub(crate) const CONTRACTORS: &[(&str, &str, usize)] = &[
    ("Business Applications Manager", "ERP Consultant", 4),
    ("Data and Integration Manager", "Integration Developer", 5),
    ("Infrastructure Manager", "Cloud Consultant", 3),
    ("Head of Security and Access", "Penetration Tester", 1),
    ("Service Desk Manager", "Field Technician", 2),
    ("Warehouse Manager Lisbon", "Seasonal Warehouse Worker", 5),
    ("Hub Manager Rotterdam", "Seasonal Warehouse Worker", 4),
    ("Digital Commerce Manager", "Web Developer", 3),
    ("Accounting Manager", "Interim Accountant", 2),
    ("Recruiting Manager", "Freelance Recruiter", 1),
];

/// A partner company whose people work with ours.
#[derive(Debug)]
pub(crate) struct Partner {
    pub(crate) name: &'static str,
    pub(crate) domain: &'static str,
    /// Title of the lead who answers for them.
    pub(crate) host: &'static str,
    pub(crate) title: &'static str,
    pub(crate) people: usize,
}

/// All partners.
pub(crate) const PARTNERS: &[Partner] = &[
    Partner {
        name: "Castelo Customs",
        domain: "castelo-customs.example",
        host: "Hub Manager Rotterdam",
        title: "Customs Broker",
        people: 4,
    },
    Partner {
        name: "Nordhafen Freight",
        domain: "nordhafen.example",
        host: "Transport Planning Manager",
        title: "Freight Coordinator",
        people: 4,
    },
    Partner {
        name: "Meridian Payroll",
        domain: "meridian-payroll.example",
        host: "Payroll Manager",
        title: "Payroll Consultant",
        people: 3,
    },
    Partner {
        name: "Vale Audit",
        domain: "vale-audit.example",
        host: "Accounting Manager",
        title: "External Auditor",
        people: 3,
    },
];

/// A program with a login: username, name, what it does, lead who answers for it (empty: nobody has said).
#[derive(Debug)]
pub(crate) struct Machine(
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) &'static str,
    pub(crate) &'static str,
);

const APPS: &str = "Business Applications Manager";
const DATA: &str = "Data and Integration Manager";
const INFRA: &str = "Infrastructure Manager";
const SECURITY: &str = "Head of Security and Access";

/// Service accounts.
pub(crate) const SERVICES: &[Machine] = &[
    Machine(
        "svc-erp-batch",
        "ERP nightly batch",
        "Runs the nightly posting jobs",
        APPS,
    ),
    Machine(
        "svc-erp-webshop",
        "Web shop orders to ERP",
        "Moves orders from the web shop to the ERP",
        DATA,
    ),
    Machine(
        "svc-erp-bank",
        "ERP bank files",
        "Sends payment files to the bank gateway",
        APPS,
    ),
    Machine(
        "svc-wms-scanner",
        "Warehouse scanners",
        "Signs the handheld scanners in",
        APPS,
    ),
    Machine(
        "svc-wms-labels",
        "Label printing",
        "Prints shipping labels in the warehouses",
        APPS,
    ),
    Machine(
        "svc-tms-carriers",
        "Carrier updates",
        "Reads shipment states from carriers",
        DATA,
    ),
    Machine(
        "svc-edi-customers",
        "Customer EDI",
        "Exchanges orders and invoices with customers",
        DATA,
    ),
    Machine(
        "svc-edi-suppliers",
        "Supplier EDI",
        "Exchanges purchase orders with suppliers",
        DATA,
    ),
    Machine(
        "svc-crm-sync",
        "Customer Hub sync",
        "Keeps customers the same in Customer Hub and ERP",
        DATA,
    ),
    Machine(
        "svc-hris-feed",
        "People Records feed",
        "Publishes joiners and leavers every night",
        APPS,
    ),
    Machine(
        "svc-payroll-export",
        "Payroll export",
        "Hands working hours over to payroll",
        APPS,
    ),
    Machine(
        "svc-directory-sync",
        "Directory sync",
        "Writes people and groups into the directory",
        SECURITY,
    ),
    Machine(
        "svc-backup",
        "Backup",
        "Backs databases and files up",
        INFRA,
    ),
    Machine(
        "svc-monitoring",
        "Monitoring",
        "Reads the health of servers and networks",
        INFRA,
    ),
    Machine(
        "svc-patching",
        "Patch management",
        "Installs updates on servers",
        INFRA,
    ),
    Machine(
        "svc-certificates",
        "Certificate renewal",
        "Renews certificates before they expire",
        INFRA,
    ),
    Machine(
        "svc-build",
        "Build server",
        "Builds and tests our own software",
        INFRA,
    ),
    Machine(
        "svc-deploy",
        "Deployment",
        "Brings releases to the servers",
        INFRA,
    ),
    Machine(
        "svc-siem",
        "Security log collector",
        "Collects security events",
        SECURITY,
    ),
    Machine(
        "svc-scan",
        "Vulnerability scanner",
        "Looks for known weaknesses",
        SECURITY,
    ),
    Machine(
        "svc-dwh-load",
        "Warehouse load",
        "Loads the data platform every hour",
        DATA,
    ),
    Machine(
        "svc-reporting",
        "Scheduled reports",
        "Sends reports by mail every morning",
        DATA,
    ),
    Machine(
        "svc-mail-relay",
        "Mail relay",
        "Sends mail for applications",
        INFRA,
    ),
    Machine(
        "svc-meeting-rooms",
        "Meeting room screens",
        "Shows bookings on the doors",
        "",
    ),
    Machine(
        "svc-fax-archive",
        "Fax archive",
        "Keeps incoming faxes of the old customer service",
        "",
    ),
];

/// Agents.
pub(crate) const AGENTS: &[Machine] = &[
    Machine(
        "agent-invoice-capture",
        "Invoice capture agent",
        "Reads supplier invoices and proposes postings",
        "Accounts Payable Manager",
    ),
    Machine(
        "agent-desk-triage",
        "Service desk triage agent",
        "Sorts tickets and proposes answers",
        "Service Desk Manager",
    ),
    Machine(
        "agent-demand-forecast",
        "Demand forecast agent",
        "Proposes purchase quantities",
        "Category Planning Manager",
    ),
];

/// Why people leave.
pub(crate) const REASONS: &[&str] = &[
    "Resigned.",
    "Resigned; last working day agreed with the manager.",
    "Fixed-term contract ended.",
    "Retired.",
    "Left during the probation period.",
    "Position moved to another company of the group.",
    "Mutual agreement.",
    "Resigned to study full time.",
    "Moved abroad.",
    "Post discontinued in the reorganisation.",
];

/// Why people are suspended for a time, and why that ends.
pub(crate) const SUSPENSIONS: &[(&str, &str)] = &[
    (
        "Laptop reported stolen; access stopped until it is replaced.",
        "New laptop handed over, password changed.",
    ),
    (
        "Suspicious sign-ins from abroad, under investigation.",
        "Investigation closed: travelling on business, confirmed by the manager.",
    ),
    (
        "Asked for by People Operations while a case is open.",
        "Case closed by People Operations.",
    ),
    (
        "Phishing link opened; password must be changed first.",
        "Password changed, device checked.",
    ),
    ("Unpaid absence, asked for by the manager.", "Back at work."),
    (
        "Mandatory security training overdue by 60 days.",
        "Training completed.",
    ),
];
