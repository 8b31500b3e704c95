//! Where sessions begin and end. The edge owns the cookie; pages only open and close.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use http::StatusCode;
use http::request::Parts;
use service::Origin;
use service::sessions::Opening;

/// What opening and closing answer.
pub type Opened<'a> = Pin<Box<dyn Future<Output = service::Result<()>> + Send + 'a>>;

/// Opens and closes the session of a request.
pub trait Door: Send + Sync {
    /// Begins a session with a new id for someone whose password was right.
    fn open<'a>(&'a self, opening: &'a Opening) -> Opened<'a>;
    /// Ends the session of this request.
    fn close<'a>(&'a self, origin: &'a Origin) -> Opened<'a>;
}

/// The door of this request.
#[derive(Clone)]
pub struct SessionDoor(pub Arc<dyn Door>);

impl std::fmt::Debug for SessionDoor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionDoor")
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SessionDoor {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or(StatusCode::INTERNAL_SERVER_ERROR)
    }
}
