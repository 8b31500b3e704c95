//! The features of the console, a folder each: list, detail, form, and the handlers beside them.

pub mod accounts;
pub mod applications;
pub mod assignments;
pub mod audit;
pub mod catalogue;
pub mod effective;
pub mod entitlements;
pub mod find;
pub mod findings;
pub mod flows;
pub mod holders;
pub mod imports;
pub mod inbox;
pub mod jobs;
pub mod me;
pub mod notifications;
pub mod overview;
pub mod people;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod roles;
pub mod rules;
pub mod sign_in;
pub mod sources;
pub mod tasks;
pub mod views;

use crate::pages::Pages;

/// All pages.
pub fn pages() -> Pages {
    Pages::new()
        .merge(accounts::router())
        .merge(applications::router())
        .merge(assignments::router())
        .merge(audit::router())
        .merge(catalogue::router())
        .merge(effective::router())
        .merge(entitlements::router())
        .merge(find::router())
        .merge(findings::router())
        .merge(flows::router())
        .merge(holders::router())
        .merge(imports::router())
        .merge(inbox::router())
        .merge(requests::router())
        .merge(tasks::router())
        .merge(jobs::router())
        .merge(notifications::router())
        .merge(overview::router())
        .merge(people::router())
        .merge(reports::router())
        .merge(reviews::router())
        .merge(roles::router())
        .merge(rules::router())
        .merge(me::router())
        .merge(sign_in::router())
        .merge(views::router())
        .merge(sources::router())
}
