//! Effective access: what people have at a moment, why, and who has an entitlement; two people, and two moments, side by
//! side. What sources see is in `holders`.

mod between;
mod compare;
pub(super) mod export;
mod given;
pub(super) mod holders;
mod lines;
mod narrow;
mod offers;
mod person;
mod way;
mod why;
mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get("/people/{id}/access", person::page)
        .get("/people/{id}/access.csv", export::person)
        .get("/people/{id}/compare", compare::page)
        .get("/people/{id}/changes", between::person::page)
        .get("/entitlements/{id}/changes", between::entitlement::page)
        .get("/applications/{id}/changes", between::application::page)
        .get(routes::CHANGES, between::organisation::page)
        .get("/people/{id}/why/{entitlement}", why::page)
        .get("/entitlements/{id}/holders", holders::page)
        .get("/entitlements/{id}/holders.csv", export::entitlement)
        .get("/roles/{id}/holders.csv", export::role)
}
