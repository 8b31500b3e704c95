//! Business systems that grant things.

pub(super) mod columns;
pub(super) mod detail;
mod form;
mod list;
mod panel;
mod steps;
mod timeline;
mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::APPLICATIONS, list::page)
        .get(routes::APPLICATIONS_EXPORT, list::export)
        .get(routes::APPLICATIONS_NEW, form::new_page)
        .post(routes::APPLICATIONS_NEW, form::create)
        .get("/applications/{id}", detail::page)
        .get("/applications/{id}/timeline", timeline::page)
        .get("/applications/{id}/edit", form::edit_page)
        .post("/applications/{id}/edit", form::edit)
        .get("/applications/{id}/{step}", steps::page)
        .post("/applications/{id}/{step}", steps::take)
}
