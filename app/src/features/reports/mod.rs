//! Reports: pictures of how access, reviews and requests went, and what is there for the controls of standards and laws.

mod controls;
mod page;

use axum::extract::{Path, State};
use axum::response::Response;
use domain::permission::ConsoleRight::{Administer, Audit, RunReviews};
use domain::review::Campaign;
use service::reports::{self, File};

use crate::download;
use crate::pages::Pages;
use crate::routes;
use crate::state::App;
use crate::visit::Visit;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::REPORTS, page::page)
        .get(routes::REPORTS_CONTROLS, controls::page)
        .get("/reports/{table}/export.csv", export)
}

/// Whether the list of reviews can be opened. Reports are open to more people than reviews and the log are.
fn sees_reviews(visit: &Visit) -> bool {
    visit.rights().has_any(&[Administer, RunReviews, Audit])
}

/// Whether a campaign can be opened: whoever answers for it needs no right.
fn sees_review(visit: &Visit, campaign: &Campaign) -> bool {
    sees_reviews(visit) || visit.me() == Some(campaign.content.terms.owner)
}

/// Whether the audit log can be opened.
fn sees_log(visit: &Visit) -> bool {
    visit.rights().has_any(&[Administer, Audit])
}

/// Where a table is downloaded.
fn href(file: File) -> String {
    format!("{}/{}/export.csv", routes::REPORTS, file.word())
}

async fn export(State(app): State<App>, visit: Visit, Path(table): Path<String>) -> Response {
    let Some(file) = File::from_word(&table) else {
        return app.nothing_here(&visit);
    };
    match reports::file(&app.service, &visit.cx(), file).await {
        Ok(bytes) => download::csv(&visit, file.word(), bytes),
        Err(error) => app.refuse(&visit, error),
    }
}
