//! Observed access, as sources see it: of a person, of the holders of an entitlement, and of everybody. What people have
//! by what was given to them is in the feature `effective`.

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
        .get("/people/{id}/observed", person::page)
        .get("/people/{id}/observed.csv", person::export)
        .get("/entitlements/{id}/observed", entitlement::page)
        .get("/entitlements/{id}/observed.csv", entitlement::export)
}
