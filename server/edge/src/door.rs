//! Opening and closing sessions for the pages, through tower-sessions.

use std::sync::Arc;

use app::door::{Door, Opened};
use service::sessions::Opening;
use service::{Error, Origin, Service};
use tower_sessions::Session;

use crate::sessions::{OPENING, OpeningData, id_hash};

/// The session of a request.
pub(crate) struct SessionDoorway(pub(crate) Session, pub(crate) Arc<Service>);

fn internal(error: tower_sessions::session::Error) -> Error {
    Error::Internal(format!("the session could not be stored: {error}"))
}

impl Door for SessionDoorway {
    fn open<'a>(&'a self, opening: &'a Opening) -> Opened<'a> {
        Box::pin(async move {
            // A new id at sign-in, so that one planted before is worth nothing (session fixation).
            self.0.cycle_id().await.map_err(internal)?;
            self.0.clear().await;
            self.0
                .insert(OPENING, OpeningData::from(opening))
                .await
                .map_err(internal)?;
            self.0.save().await.map_err(internal)
        })
    }

    fn close<'a>(&'a self, origin: &'a Origin) -> Opened<'a> {
        Box::pin(async move {
            // Ended here, where it is known from where; the store finds nothing left to end.
            if let Some(id) = self.0.id() {
                service::sessions::close(&self.1, origin, &id_hash(id)).await?;
            }
            self.0.flush().await.map_err(internal)
        })
    }
}
