//! Single things an application can grant.

pub(crate) mod columns;
mod controls;
pub(super) mod detail;
mod form;
mod list;
mod panel;
pub(super) mod rows;
mod steps;
mod timeline;
mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::ENTITLEMENTS, list::page)
        .get(routes::ENTITLEMENTS_EXPORT, list::export)
        .get(routes::ENTITLEMENTS_NEW, form::new_page)
        .post(routes::ENTITLEMENTS_NEW, form::create)
        .get("/entitlements/{id}", detail::page)
        .get("/entitlements/{id}/timeline", timeline::page)
        .get("/entitlements/{id}/edit", form::edit_page)
        .post("/entitlements/{id}/edit", form::edit)
        .get("/entitlements/{id}/{step}", steps::page)
        .post("/entitlements/{id}/{step}", steps::take)
}
