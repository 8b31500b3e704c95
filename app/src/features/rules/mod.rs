//! Rules: who gets a role or an entitlement by their attributes. A rule is written, observed and activated; what it would
//! do is shown before it does it.

mod columns;
mod condition;
mod controls;
mod detail;
mod edit;
mod edit_page;
mod form;
mod life;
mod list;
mod open;
mod panel;
mod rows;
mod steps;
mod timeline;
mod who;
mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::RULES, list::page)
        .get(routes::RULES_EXPORT, list::export)
        .get(routes::RULES_NEW, form::page)
        .post(routes::RULES_NEW, form::create)
        .get("/rules/{id}", detail::page)
        .get("/rules/{id}/who", who::page)
        .get("/rules/{id}/timeline", timeline::page)
        .get("/rules/{id}/edit", edit::page)
        .post("/rules/{id}/edit", edit::send)
        .get("/rules/{id}/{step}", steps::page)
        .post("/rules/{id}/{step}", steps::take)
}
