//! Approval flows: what they are for, who must agree, and where a request would go.

mod detail;
mod end;
mod fields;
mod form;
mod list;
mod preview;
mod rows;
mod timeline;
mod typed;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::FLOWS, list::page)
        .get(routes::FLOWS_NEW, form::page)
        .post(routes::FLOWS_NEW, form::create)
        .get("/flows/{id}", detail::page)
        .get("/flows/{id}/timeline", timeline::page)
        .get("/flows/{id}/edit", form::edit_page)
        .post("/flows/{id}/edit", form::edit)
        .get("/flows/{id}/end", end::page)
        .post("/flows/{id}/end", end::send)
}
