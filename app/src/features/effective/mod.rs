//! Effective access: what people have at a moment, why, and who has an entitlement. What sources see is in `holders`.

mod given;
pub(super) mod holders;
mod lines;
mod narrow;
mod person;
mod way;
mod why;
mod words;

use crate::pages::Pages;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get("/people/{id}/access", person::page)
        .get("/people/{id}/why/{entitlement}", why::page)
        .get("/entitlements/{id}/holders", holders::page)
}
