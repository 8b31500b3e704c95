//! Lists as files.

use axum::response::{IntoResponse, Response};
use http::header;

use crate::visit::Visit;

/// A CSV file whose name says what it is and when, in UTC.
pub fn csv(visit: &Visit, list: &str, file: Vec<u8>) -> Response {
    let at = visit.now.to_string().replace([':', '-'], "");
    let name = format!("attachment; filename=\"{list}-{}-UTC.csv\"", &at[..15]);
    (
        [
            (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
            (header::CONTENT_DISPOSITION, name),
            (header::CACHE_CONTROL, "no-store".to_owned()),
        ],
        file,
    )
        .into_response()
}
