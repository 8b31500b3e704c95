//! Opening and closing sessions for the pages, through tower-sessions.

use app::door::{Door, Opened};
use service::Error;
use service::sessions::Opening;
use tower_sessions::Session;

use crate::sessions::{OPENING, OpeningData};

/// The session of a request.
pub(crate) struct SessionDoorway(pub(crate) Session);

fn internal(error: tower_sessions::session::Error) -> Error {
    Error::Internal(format!("the session could not be stored: {error}"))
}

impl Door for SessionDoorway {
    fn open<'a>(&'a self, opening: &'a Opening) -> Opened<'a> {
        Box::pin(async move {
            // A new id at sign-in, so that one planted before is worth nothing (session fixation).
            self.0.cycle_id().await.map_err(internal)?;
            self.0.clear().await;
            self.0.insert(OPENING, OpeningData::from(opening)).await.map_err(internal)?;
            self.0.save().await.map_err(internal)
        })
    }

    fn close(&self) -> Opened<'_> {
        Box::pin(async move { self.0.flush().await.map_err(internal) })
    }
}
