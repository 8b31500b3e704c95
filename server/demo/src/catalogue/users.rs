//! Which departments use which application, and logins that belong to nobody.

/// An application with the departments that use it: how many of a hundred people there have an account.
pub(crate) type Users = (&'static str, &'static [(&'static str, usize)]);

/// Stands for every department that is not named.
pub(crate) const OTHERS: &str = "";

/// Who uses what. Shares of people who were never asked for grow by themselves, as in life.
pub(crate) const USERS: &[Users] = &[
    (
        "erp",
        &[
            ("Finance", 96),
            ("Purchasing", 92),
            ("Sales", 55),
            ("Logistics", 20),
            (OTHERS, 6),
        ],
    ),
    ("treasury", &[("Finance", 34)]),
    ("payroll", &[("People", 45), (OTHERS, 92)]),
    (
        "customer-hub",
        &[
            ("Sales", 97),
            ("Customer Service", 95),
            ("Marketing", 60),
            (OTHERS, 3),
        ],
    ),
    (
        "warehouse-control",
        &[("Logistics", 94), ("Purchasing", 30), (OTHERS, 2)],
    ),
    (
        "transport-planner",
        &[("Logistics", 24), ("Customer Service", 15)],
    ),
    (
        "web-shop",
        &[("Marketing", 62), ("Sales", 12), ("Customer Service", 40)],
    ),
    ("people-records", &[(OTHERS, 97)]),
    ("directory", &[(OTHERS, 99)]),
    ("service-desk", &[(OTHERS, 88)]),
    (
        "data-platform",
        &[
            ("Information Technology", 55),
            ("Finance", 40),
            ("Sales", 25),
            ("Marketing", 35),
            (OTHERS, 6),
        ],
    ),
    (
        "source",
        &[("Information Technology", 68), ("Marketing", 8)],
    ),
    ("contact-base", &[("Sales", 20)]),
    ("shared-drives", &[("Finance", 15), ("Logistics", 8)]),
];

/// Logins nobody answers for: application, name, whether somebody still uses it.
pub(crate) const ORPHANS: &[(&str, &str, bool)] = &[
    ("directory", "scan-lisbon-2", true),
    ("directory", "meetingroom.alfama", true),
    ("directory", "conf-tablet-04", false),
    ("directory", "j.smith.test", false),
    ("directory", "admin-old", false),
    ("erp", "ATLAS", true),
    ("erp", "KONSULT1", false),
    ("erp", "KONSULT2", false),
    ("erp", "MIGRATION", false),
    ("customer-hub", "demo@hub", true),
    ("customer-hub", "trainer", false),
    ("warehouse-control", "terminal-07", true),
    ("warehouse-control", "terminal-12", true),
    ("warehouse-control", "inventur2019", false),
    ("web-shop", "agency-preview", true),
    ("web-shop", "root", false),
    ("data-platform", "bi_legacy", true),
    ("data-platform", "tmp_export", false),
    ("source", "build-bot-old", false),
    ("source", "ci-mirror", true),
    ("treasury", "EBICS-TEST", false),
    ("service-desk", "monitoring-hook", true),
];
