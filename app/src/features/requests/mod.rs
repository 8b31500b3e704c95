//! Requests: the list, and the page of each, which stays for good with everything that happened to it.

mod acts;
pub(in crate::features) mod course;
mod detail;
pub(in crate::features) mod events;
mod list;
pub(in crate::features) mod words;

use domain::id::RequestId;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::REQUESTS, list::page)
        .get(routes::REQUESTS_EXPORT, list::export)
        .get("/requests/{id}", detail::page)
        .post("/requests/{id}", acts::carry_out)
        .get("/people/{id}/requests", list::of_person)
}

fn id(text: &str) -> service::Result<RequestId> {
    text.parse().map_err(|_| service::Error::NotFound)
}
