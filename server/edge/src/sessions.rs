//! The store behind tower-sessions: rows with the hash of the id, both limits enforced with our clock.
//!
//! A session holds only who signed in. Opening one records the sign-in; losing one records the sign-out.

use std::sync::Arc;

use async_trait::async_trait;
use domain::id::IdentityId;
use domain::permission::{ConsoleRight, Rights};
use proof::hash::sha256;
use serde::{Deserialize, Serialize};
use service::sessions::{Opening, SignedIn};
use service::{Origin, Service, sessions};
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};

/// Key of what is known while a session is opened.
pub(crate) const OPENING: &str = "opening";
/// Key of who is behind a session that was found.
pub(crate) const USER: &str = "user";

/// Sessions in our database.
#[derive(Debug, Clone)]
pub(crate) struct Sessions {
    service: Arc<Service>,
}

impl Sessions {
    pub(crate) fn new(service: Arc<Service>) -> Self {
        Self { service }
    }
}

/// What is stored instead of the id.
pub(crate) fn id_hash(id: Id) -> [u8; 32] {
    sha256(&id.0.to_be_bytes()).0
}

/// An [`Opening`] on its way through the session's data.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct OpeningData {
    identity: IdentityId,
    request: Option<String>,
    address: Option<String>,
    user_agent: Option<String>,
}

impl From<&Opening> for OpeningData {
    fn from(opening: &Opening) -> Self {
        let Origin {
            request,
            address,
            user_agent,
        } = opening.origin.clone();
        Self {
            identity: opening.identity,
            request,
            address,
            user_agent,
        }
    }
}

impl From<OpeningData> for Opening {
    fn from(data: OpeningData) -> Self {
        let OpeningData {
            identity,
            request,
            address,
            user_agent,
        } = data;
        Self {
            identity,
            origin: Origin {
                request,
                address,
                user_agent,
            },
        }
    }
}

/// A [`SignedIn`] on its way through the session's data.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct UserData {
    id: IdentityId,
    display_name: String,
    username: String,
    rights: Vec<String>,
    is_manager: bool,
    unread: u64,
}

impl From<SignedIn> for UserData {
    fn from(user: SignedIn) -> Self {
        let rights = user
            .rights
            .iter()
            .map(|right| right.word().to_owned())
            .collect();
        Self {
            id: user.id,
            display_name: user.display_name,
            username: user.username,
            rights,
            is_manager: user.is_manager,
            unread: user.unread,
        }
    }
}

impl From<UserData> for SignedIn {
    fn from(data: UserData) -> Self {
        let rights: Rights = data
            .rights
            .iter()
            .filter_map(|word| ConsoleRight::from_word(word))
            .collect();
        Self {
            id: data.id,
            display_name: data.display_name,
            username: data.username,
            rights,
            is_manager: data.is_manager,
            unread: data.unread,
        }
    }
}

fn backend(error: &service::Error) -> Error {
    Error::Backend(error.to_string())
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let value = record
            .data
            .remove(OPENING)
            .ok_or_else(|| Error::Encode("a session is opened by signing in only".to_owned()))?;
        let data: OpeningData =
            serde_json::from_value(value).map_err(|e| Error::Decode(e.to_string()))?;
        let identity = data.identity;
        sessions::open(&self.service, &data.into(), &id_hash(record.id))
            .await
            .map_err(|e| backend(&e))?;
        // The record must not be empty, or the cookie would not be sent.
        record.data.insert(
            "identity".to_owned(),
            serde_json::Value::String(identity.to_string()),
        );
        Ok(())
    }

    async fn save(&self, _: &Record) -> Result<()> {
        // A session never changes after it was opened; its last use is noted when it is loaded.
        Ok(())
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let found = sessions::resume(&self.service, &id_hash(*id))
            .await
            .map_err(|e| backend(&e))?;
        let Some(user) = found else { return Ok(None) };
        let user =
            serde_json::to_value(UserData::from(user)).map_err(|e| Error::Encode(e.to_string()))?;
        let data = [(USER.to_owned(), user)].into_iter().collect();
        // Expiry is decided in `resume`; this date only has to lie ahead.
        Ok(Some(Record {
            id: *id,
            data,
            expiry_date: OffsetDateTime::now_utc() + time::Duration::hours(12),
        }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        sessions::close(&self.service, &Origin::default(), &id_hash(*id))
            .await
            .map_err(|e| backend(&e))
    }
}
