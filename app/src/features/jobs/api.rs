//! What the island of a job's page asks each second.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, header};
use service::jobs;

use super::panel::now;
use crate::refuse::json_refusal;
use crate::state::App;
use crate::visit::Visit;

/// How far a job is.
pub(super) async fn job(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let found = match super::id(&id) {
        Ok(id) => jobs::read(&app.service, &visit.cx(), id).await,
        Err(error) => Err(error),
    };
    let mut response = match found {
        Ok(view) => Json(now(&view)).into_response(),
        Err(error) => json_refusal(&error),
    };
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
