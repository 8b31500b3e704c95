//! Fulfilment tasks: all of them for those who see everybody's access, and each with its note and history.

pub(in crate::features) mod detail;
mod list;

use domain::id::FulfilmentTaskId;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::TASKS, list::page)
        .get("/tasks/{id}", detail::page)
        .post("/tasks/{id}", detail::carry_out)
}

fn id(text: &str) -> service::Result<FulfilmentTaskId> {
    text.parse().map_err(|_| service::Error::NotFound)
}
