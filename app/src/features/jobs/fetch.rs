//! Downloading the file that a job made, piece by piece, so that it is never whole in memory.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Response};
use domain::id::JobId;
use futures_util::stream;
use http::header;
use service::{Error, Service, jobs};

use crate::state::App;
use crate::visit::Visit;

pub(super) async fn file(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let found = match super::id(&id) {
        Ok(id) => jobs::file(&app.service, &visit.cx(), id)
            .await
            .map(|file| (id, file)),
        Err(error) => Err(error),
    };
    let (id, file) = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    // The name is made of letters, digits and dashes.
    let name = format!("attachment; filename=\"{}\"", file.name);
    (
        [
            (header::CONTENT_TYPE, content_type(&file.name).to_owned()),
            (header::CONTENT_LENGTH, file.bytes.to_string()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        pieces(Arc::clone(&app.service), id),
    )
        .into_response()
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "zip")) => "application/zip",
        _ => "text/csv; charset=utf-8",
    }
}

/// The file of a job, read from the database piece by piece while it is sent.
pub fn pieces(service: Arc<Service>, id: JobId) -> Body {
    Body::from_stream(stream::try_unfold(0, move |ordinal| {
        let service = Arc::clone(&service);
        async move {
            let piece = jobs::file_piece(&service, id, ordinal).await?;
            Ok::<_, Error>(piece.map(|piece| (piece, ordinal + 1)))
        }
    }))
}
