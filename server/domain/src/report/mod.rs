//! Reports: what is counted each day, and the controls of standards and laws that it speaks to.

mod controls;

pub use controls::{CONTROLS, Check, Control, Framework};

use crate::words;

words! {
    /// What is counted once a day.
    Measure {
        /// People, services and agents who have not ended.
        People = "people", "People";
        /// Accounts.
        Accounts = "accounts", "Accounts";
        /// What sources show, and what was given directly and no source shows.
        Held = "held", "Access";
        /// The part of it whose risk is high or critical.
        Privileged = "privileged", "Privileged access";
        /// The part of all access that a closed review decided on in the last 90 days.
        ReviewedQuarter = "reviewed_90", "Reviewed in 90 days";
        /// In the last 180 days.
        ReviewedHalf = "reviewed_180", "Reviewed in 180 days";
        /// In the last 365 days.
        ReviewedYear = "reviewed_365", "Reviewed in 365 days";
        /// The part of privileged access that a closed review decided on in the last 90 days.
        PrivilegedReviewed = "privileged_reviewed_90", "Privileged, reviewed in 90 days";
        /// People who have ended and still have access.
        Leavers = "leavers", "Left, with access";
        /// Accounts of nobody.
        Orphans = "orphans", "Orphan accounts";
        /// Access that was not used for long.
        Dormant = "dormant", "Dormant access";
        /// People who shall not get something although a rule or role says so.
        Exclusions = "exclusions", "Exclusions";
        /// Things to do in applications that nobody has done yet.
        TasksOpen = "tasks_open", "Open tasks";
        /// What waits for somebody and is past its time.
        Overdue = "overdue", "Overdue approvals and tasks";
    }
}

words! {
    /// A table of the reports.
    File {
        /// What was counted on each day.
        Access = "access", "Access over time";
        /// What campaigns came to.
        Reviews = "reviews", "Reviews";
        /// How long requests took.
        Requests = "requests", "Time to decide";
        /// What is there for each control.
        Controls = "controls", "Controls";
    }
}
