//! Whether the server lives and whether it can work, for load balancers. Neither says anything about the contents.

use std::sync::Arc;

use axum::extract::State;
use http::StatusCode;
use service::Service;

/// The process answers.
pub(crate) async fn live() -> &'static str {
    "ok\n"
}

/// The database answers, too.
pub(crate) async fn ready(State(service): State<Arc<Service>>) -> (StatusCode, &'static str) {
    match service.ready().await {
        Ok(()) => (StatusCode::OK, "ready\n"),
        Err(error) => {
            tracing::error!(%error, "not ready");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer\n",
            )
        }
    }
}
