//! Observed access: of a person, of the holders of an entitlement, and of everybody.

mod entitlement;
mod list;
mod person;
mod rows;

pub(super) use rows::last_used;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::ACCESS, list::page)
        .get(routes::ACCESS_EXPORT, list::export)
        .get("/people/{id}/access", person::page)
        .get("/people/{id}/access.csv", person::export)
        .get("/entitlements/{id}/holders", entitlement::page)
        .get("/entitlements/{id}/holders.csv", entitlement::export)
}
