//! Roles: named bundles of entitlements and other roles. What a change of one would do is shown before it is made.

mod change;
mod columns;
mod compare;
mod contents;
mod detail;
mod discover;
mod draft;
mod form;
mod holders;
mod list;
mod moment;
mod panel;
mod parts;
mod sheet;
mod steps;
mod timeline;
mod versions;
mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    discover::pages(Pages::new())
        .get(routes::ROLES, list::page)
        .get(routes::ROLES_EXPORT, list::export)
        .get(routes::ROLES_NEW, form::new_page)
        .post(routes::ROLES_NEW, form::create)
        .get("/roles/{id}", detail::page)
        .get("/roles/{id}/contents", contents::page)
        .get("/roles/{id}/contents/edit", change::page)
        .post("/roles/{id}/contents/edit", change::send)
        .get("/roles/{id}/holders", holders::page)
        .get("/roles/{id}/versions", versions::page)
        .get("/roles/{id}/compare", compare::page)
        .get("/roles/{id}/timeline", timeline::page)
        .get("/roles/{id}/edit", form::edit_page)
        .post("/roles/{id}/edit", form::edit)
        .get("/roles/{id}/{step}", steps::page)
        .post("/roles/{id}/{step}", steps::take)
}
