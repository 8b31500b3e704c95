//! People, services and agents.

mod bulk;
pub(super) mod columns;
pub(super) mod detail;
mod form;
mod give;
mod list;
mod moves;
mod panel;
mod rights;
mod timeline;
mod words;

pub(super) use bulk::summed;
pub(super) use detail::{header, tabs};

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::PEOPLE, list::page)
        .get(routes::PEOPLE_EXPORT, list::export)
        .get(routes::PEOPLE_BULK, bulk::page)
        .post(routes::PEOPLE_BULK, bulk::carry_out)
        .get(routes::PEOPLE_GIVE, give::page)
        .post(routes::PEOPLE_GIVE, give::take)
        .get(routes::PEOPLE_NEW, form::new_page)
        .post(routes::PEOPLE_NEW, form::create)
        .get("/people/{id}", detail::page)
        .get("/people/{id}/timeline", timeline::page)
        .get("/people/{id}/edit", form::edit_page)
        .post("/people/{id}/edit", form::edit)
        .get("/people/{id}/suspend", moves::suspend_page)
        .post("/people/{id}/suspend", moves::suspend)
        .get("/people/{id}/resume", moves::resume_page)
        .post("/people/{id}/resume", moves::resume)
        .get("/people/{id}/end", moves::end_page)
        .post("/people/{id}/end", moves::end)
        .post("/people/{id}/link", detail::link)
        .get("/people/{id}/rights", rights::page)
        .post("/people/{id}/rights", rights::change)
}
