//! Reports: pictures of how access, reviews and requests went, and what is there for the controls of standards and laws.

mod chart;
mod controls;
mod page;

use axum::extract::{Path, State};
use axum::response::Response;
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
