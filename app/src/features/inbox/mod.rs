//! The inbox: everything that waits for whoever is signed in, and the page on which an item is decided.

pub(in crate::features) mod acts;
mod bulk;
pub(in crate::features) mod decide;
pub(in crate::features) mod facts;
mod item;
mod proposal;
mod queue;
mod rows;
pub(in crate::features) mod said;

use domain::id::RequestItemId;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::INBOX, queue::page)
        .get("/inbox/bulk", bulk::ask)
        .post("/inbox/bulk", bulk::carry_out)
        .get("/inbox/{id}", item::page)
        .post("/inbox/{id}", decide::decide)
}

/// The item that a path names.
pub(in crate::features) fn id(text: &str) -> service::Result<RequestItemId> {
    text.parse().map_err(|_| service::Error::NotFound)
}
