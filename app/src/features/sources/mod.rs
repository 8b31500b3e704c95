//! Where access data comes from: the list of sources, one source with its runs, its form, and whom its names mean.

mod detail;
mod end;
pub(super) mod form;
mod list;
mod waiting;
pub(super) mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::SOURCES, list::page)
        .get(routes::SOURCES_NEW, form::new_page)
        .post(routes::SOURCES_NEW, form::create)
        .get("/sources/{id}", detail::page)
        .get("/sources/{id}/edit", form::edit_page)
        .post("/sources/{id}/edit", form::edit)
        .get("/sources/{id}/end", end::page)
        .post("/sources/{id}/end", end::end)
        .post("/sources/{id}/forget", detail::forget)
        .get("/sources/{id}/waiting", waiting::page)
        .post("/sources/{id}/waiting", waiting::decide)
}
