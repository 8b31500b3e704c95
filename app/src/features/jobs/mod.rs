//! Long work: the list of jobs, a job with its progress, and files of long lists.
//!
//! What a job does belongs to its own feature; a page of another feature shows how far it is with [`progress`].

mod acts;
mod api;
mod detail;
mod export;
mod fetch;
mod list;
mod panel;
mod words;

pub use export::{FileOf, export, export_button, export_of};
pub use fetch::pieces;
pub use panel::{now, progress, progress_at};

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::JOBS, list::page)
        .get("/jobs/{id}", detail::page)
        .post("/jobs/{id}/pause", acts::pause)
        .post("/jobs/{id}/resume", acts::resume)
        .post("/jobs/{id}/cancel", acts::cancel)
        .get("/jobs/{id}/file", fetch::file)
        .get("/api/jobs/{id}", api::job)
        .get("/exports/{list}", export::page)
        .post("/exports/{list}", export::ask)
        .get("/exports/{list}/{of}", export::page_of)
        .post("/exports/{list}/{of}", export::ask_of)
}

/// The id in a path; a text that is none leads nowhere.
fn id(text: &str) -> Result<domain::id::JobId, service::Error> {
    text.parse().map_err(|_| service::Error::NotFound)
}
