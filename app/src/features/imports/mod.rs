//! Bringing files in: choose them, say how their columns are called, look at what would change, apply it, see what it did.

mod acts;
mod columns;
mod outcome;
mod plan;
mod problems;
mod rows;
mod run;
pub(super) mod runs;
mod sample;
mod upload;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get("/sources/{id}/import", upload::page)
        .upload("/sources/{id}/import", upload::receive)
        .get("/runs/{id}", run::page)
        .post("/runs/{id}/columns", acts::columns)
        .post("/runs/{id}/kind", acts::kind)
        .post("/runs/{id}/discard", acts::discard)
        .post("/runs/{id}/check", acts::check)
        .post("/runs/{id}/apply", acts::apply)
        .post("/runs/{id}/cancel", acts::cancel)
        .get("/runs/{id}/problems", problems::page)
        .get("/runs/{id}/problems.csv", problems::file)
        .get("/runs/{id}/rows", rows::page)
        .get("/runs/{id}/rows/{leaf}", rows::proof)
}

/// The page of a run.
fn path(run: domain::id::SourceRunId) -> String {
    format!("{}/{run}", routes::RUNS)
}

/// The id in a path; a text that is none leads nowhere.
fn id(text: &str) -> Result<domain::id::SourceRunId, service::Error> {
    text.parse().map_err(|_| service::Error::NotFound)
}
