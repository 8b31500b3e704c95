//! How the company is organised: departments with a head, teams with a lead, posts with how many hold them.

/// A department below the chief executive.
#[derive(Debug)]
pub(crate) struct Department {
    pub(crate) name: &'static str,
    /// Title of who heads it.
    pub(crate) head: &'static str,
    pub(crate) city: &'static str,
    pub(crate) teams: &'static [Team],
}

/// A team in one city.
#[derive(Debug)]
pub(crate) struct Team {
    /// Title of who leads it; no two teams have the same.
    pub(crate) lead: &'static str,
    pub(crate) city: &'static str,
    /// Titles and how many hold them.
    pub(crate) posts: &'static [(&'static str, usize)],
}

const fn team(
    lead: &'static str,
    city: &'static str,
    posts: &'static [(&'static str, usize)],
) -> Team {
    Team { lead, city, posts }
}

/// Title of the one above all heads.
pub(crate) const CHIEF: &str = "Chief Executive Officer";
/// Where the chief is.
pub(crate) const CHIEFS_DEPARTMENT: &str = "Executive Office";

/// Title of who administers the console.
pub(crate) const ADMINISTRATOR: &str = "Head of Security and Access";
/// Title of the second administrator.
pub(crate) const SECOND_ADMINISTRATOR: &str = "Infrastructure Manager";
/// Title of who manages identities.
pub(crate) const IDENTITY_MANAGER: &str = "Identity Administrator";
/// Title of who manages the access model.
pub(crate) const ACCESS_MANAGER: &str = "Access Governance Analyst";
/// Title of who manages policies.
pub(crate) const POLICY_MANAGER: &str = "Security Architect";
/// Title of who runs reviews.
pub(crate) const REVIEW_MANAGER: &str = "Compliance Manager";
/// Title of who reads everything.
pub(crate) const AUDITOR: &str = "Senior Internal Auditor";
/// Title of the manager whose password is handed over.
pub(crate) const MANAGER: &str = "Accounts Payable Manager";

/// All departments.
pub(crate) const DEPARTMENTS: &[Department] = &[
    Department {
        name: CHIEFS_DEPARTMENT,
        head: "Chief of Staff",
        city: "Lisbon",
        teams: &[team(
            "Corporate Office Manager",
            "Lisbon",
            &[("Executive Assistant", 2), ("Receptionist", 2)],
        )],
    },
    Department {
        name: "Finance",
        head: "Chief Financial Officer",
        city: "Lisbon",
        teams: &[
            team(
                MANAGER,
                "Lisbon",
                &[
                    ("Accounts Payable Clerk", 6),
                    ("Accounts Payable Specialist", 2),
                ],
            ),
            team(
                "Credit Control Manager",
                "Lisbon",
                &[("Credit Controller", 5)],
            ),
            team(
                "Accounting Manager",
                "Lisbon",
                &[("Accountant", 6), ("Tax Specialist", 2)],
            ),
            team(
                "Treasury and Planning Manager",
                "Lisbon",
                &[("Treasury Analyst", 2), ("Financial Analyst", 4)],
            ),
            team("Payroll Manager", "Porto", &[("Payroll Specialist", 4)]),
        ],
    },
    Department {
        name: "People",
        head: "Chief People Officer",
        city: "Lisbon",
        teams: &[
            team("Recruiting Manager", "Lisbon", &[("Recruiter", 4)]),
            team(
                "People Operations Manager",
                "Porto",
                &[
                    ("People Operations Specialist", 5),
                    ("People Data Analyst", 1),
                ],
            ),
            team("Learning Manager", "Lisbon", &[("Learning Specialist", 2)]),
        ],
    },
    Department {
        name: "Information Technology",
        head: "Chief Information Officer",
        city: "Lisbon",
        teams: &[
            team(
                ADMINISTRATOR,
                "Lisbon",
                &[
                    (IDENTITY_MANAGER, 1),
                    (ACCESS_MANAGER, 1),
                    (POLICY_MANAGER, 1),
                    ("Security Analyst", 3),
                ],
            ),
            team(
                SECOND_ADMINISTRATOR,
                "Lisbon",
                &[("Platform Engineer", 6), ("Network Engineer", 2)],
            ),
            team("Service Desk Manager", "Porto", &[("Support Engineer", 8)]),
            team(
                "Business Applications Manager",
                "Lisbon",
                &[("Application Analyst", 6)],
            ),
            team(
                "Data and Integration Manager",
                "Porto",
                &[("Data Engineer", 4), ("Data Analyst", 4)],
            ),
        ],
    },
    Department {
        name: "Sales",
        head: "Chief Commercial Officer",
        city: "Lisbon",
        teams: &[
            team(
                "Sales Manager Portugal",
                "Lisbon",
                &[("Key Account Manager", 5), ("Account Executive", 3)],
            ),
            team(
                "Sales Manager Spain",
                "Madrid",
                &[("Key Account Manager", 4), ("Account Executive", 5)],
            ),
            team(
                "Sales Manager Germany",
                "Hamburg",
                &[("Key Account Manager", 4), ("Account Executive", 4)],
            ),
            team(
                "Sales Manager Benelux",
                "Rotterdam",
                &[("Key Account Manager", 3), ("Account Executive", 4)],
            ),
            team(
                "Inside Sales Manager",
                "Porto",
                &[("Sales Representative", 11)],
            ),
            team(
                "Sales Operations Manager",
                "Lisbon",
                &[("Pricing Analyst", 2), ("Sales Operations Specialist", 2)],
            ),
        ],
    },
    Department {
        name: "Purchasing",
        head: "Director of Purchasing",
        city: "Lisbon",
        teams: &[
            team("Purchasing Manager Food", "Lisbon", &[("Buyer", 6)]),
            team("Purchasing Manager Household", "Madrid", &[("Buyer", 6)]),
            team(
                "Supplier Quality Manager",
                "Hamburg",
                &[("Quality Specialist", 4)],
            ),
            team(
                "Category Planning Manager",
                "Lisbon",
                &[("Category Planner", 4)],
            ),
        ],
    },
    Department {
        name: "Logistics",
        head: "Director of Logistics",
        city: "Rotterdam",
        teams: &[
            team(
                "Warehouse Manager Lisbon",
                "Lisbon",
                &[("Shift Supervisor", 3), ("Warehouse Operator", 20)],
            ),
            team(
                "Warehouse Manager Porto",
                "Porto",
                &[("Shift Supervisor", 2), ("Warehouse Operator", 13)],
            ),
            team(
                "Hub Manager Rotterdam",
                "Rotterdam",
                &[("Warehouse Operator", 12), ("Customs Specialist", 4)],
            ),
            team(
                "Depot Manager Hamburg",
                "Hamburg",
                &[("Warehouse Operator", 7)],
            ),
            team(
                "Transport Planning Manager",
                "Rotterdam",
                &[("Transport Planner", 5)],
            ),
        ],
    },
    Department {
        name: "Customer Service",
        head: "Director of Customer Service",
        city: "Porto",
        teams: &[
            team(
                "Customer Service Manager Portugal",
                "Porto",
                &[("Customer Service Agent", 9)],
            ),
            team(
                "Customer Service Manager Spain",
                "Madrid",
                &[("Customer Service Agent", 8)],
            ),
            team(
                "Customer Service Manager North",
                "Hamburg",
                &[("Customer Service Agent", 8)],
            ),
        ],
    },
    Department {
        name: "Marketing",
        head: "Director of Marketing",
        city: "Lisbon",
        teams: &[
            team(
                "Brand Manager",
                "Lisbon",
                &[("Brand Specialist", 3), ("Graphic Designer", 2)],
            ),
            team(
                "Digital Commerce Manager",
                "Madrid",
                &[("Digital Marketing Specialist", 3), ("Web Shop Editor", 2)],
            ),
            team(
                "Trade Marketing Manager",
                "Lisbon",
                &[("Trade Marketing Specialist", 3)],
            ),
        ],
    },
    Department {
        name: "Legal and Compliance",
        head: "General Counsel",
        city: "Lisbon",
        teams: &[
            team(
                "Contracts Manager",
                "Lisbon",
                &[("Legal Counsel", 2), ("Paralegal", 1)],
            ),
            team(
                REVIEW_MANAGER,
                "Lisbon",
                &[("Compliance Officer", 1), ("Data Protection Officer", 1)],
            ),
            team(
                "Internal Audit Manager",
                "Lisbon",
                &[(AUDITOR, 1), ("Internal Auditor", 1)],
            ),
        ],
    },
];

/// Where a lead's team is, by the lead's title.
pub(crate) fn find(lead: &str) -> Option<(usize, usize)> {
    DEPARTMENTS.iter().enumerate().find_map(|(d, department)| {
        department
            .teams
            .iter()
            .position(|team| team.lead == lead)
            .map(|t| (d, t))
    })
}
