//! Request ids and one log line a request. The path is logged as its pattern: a real one may hold a secret.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use proof::hash::sha256;
use tracing::Instrument;

/// The id of a request, as in the log, the audit and on error pages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RequestId(pub(crate) String);

/// Gives every request an id, logs it once, and answers with the id in `x-request-id`.
pub(crate) async fn request(mut request: Request, next: Next) -> Response {
    let id = new_id();
    request.extensions_mut().insert(RequestId(id.clone()));
    let method = request.method().clone();
    let path = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(none)", MatchedPath::as_str)
        .to_owned();
    let span = tracing::info_span!("request", id = %id);
    let begun = Instant::now();
    let mut response = next.run(request).instrument(span).await;
    let micros = u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX);
    tracing::info!(request = %id, %method, path, status = response.status().as_u16(), micros, "answered");
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// Unique among the requests of all nodes, and no secret: 80 bits made from a random start and a counter.
fn new_id() -> String {
    use std::hash::{BuildHasher, RandomState};
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicU64, Ordering};
    static START: OnceLock<[u64; 2]> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let start = START.get_or_init(|| {
        [
            RandomState::new().hash_one(1),
            RandomState::new().hash_one(2),
        ]
    });
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mixed = sha256(format!("{start:?}{count}").as_bytes());
    domain::text::hex(&mixed.0[..10])
}
