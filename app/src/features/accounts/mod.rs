//! Logins in applications: of a person, in an application, and all of them.

mod application;
mod list;
mod person;
mod rows;

pub(super) use rows::status_of_person;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::ACCOUNTS, list::page)
        .get(routes::ACCOUNTS_EXPORT, list::export)
        .get("/people/{id}/accounts", person::page)
        .get("/people/{id}/accounts.csv", person::export)
        .get("/applications/{id}/accounts", application::page)
        .get("/applications/{id}/accounts.csv", application::export)
}
