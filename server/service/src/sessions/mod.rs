//! Signing in and out, and the sessions in between.
//!
//! The session id lives in the browser's cookie; here and in the database is only its hash. Two limits end a session:
//! an hour without use and twelve hours in all (OWASP ASVS 5.0, 7.3).

mod own;
mod sign_in;
pub(crate) mod throttle;

pub use own::{OwnSession, end_one, end_others, list};
pub use sign_in::{Opening, verify};

use crate::boxed;
use domain::audit::AuditAction;
use domain::id::IdentityId;
use domain::permission::{Actor, Rights};
use domain::time::{HOUR, Instant, MINUTE};
use storage::sessions::Session;

use crate::{Cx, Origin, Result, Service};

/// A session ends after this long without use.
pub const IDLE: i64 = 60 * MINUTE;
/// A session ends after this long in any case.
pub const ABSOLUTE: i64 = 12 * HOUR;
/// Use is noted at most this often.
const TOUCH: i64 = 5 * MINUTE;

/// Who is behind a session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    /// Who.
    pub id: IdentityId,
    /// Name to show.
    pub display_name: String,
    /// Sign-in name.
    pub username: String,
    /// Console rights in force.
    pub rights: Rights,
    /// Whether others report to them.
    pub is_manager: bool,
    /// What they were told and have not read, counted up to [`UNREAD_CAP`](crate::notifications::UNREAD_CAP).
    pub unread: u64,
}

impl SignedIn {
    /// The actor of what they do.
    pub const fn actor(&self) -> Actor {
        Actor::Person {
            id: self.id,
            rights: self.rights,
        }
    }
}

/// Opens a session for someone whose password was verified, and records the sign-in.
#[boxed]
pub async fn open(service: &Service, opening: &Opening, id_hash: &[u8]) -> Result<()> {
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    let now = tx.recorded();
    let session = Session {
        id_hash: id_hash.to_vec(),
        identity: opening.identity,
        created: now,
        last_seen: now,
        address: opening.origin.address.clone().unwrap_or_default(),
        user_agent: opening.origin.user_agent.clone().unwrap_or_default(),
    };
    tx.insert_session(&session).await?;
    let cx = person(opening.identity, &opening.origin);
    let event = cx.about(AuditAction::SignedIn, opening.identity);
    tx.commit(event, Vec::new()).await?;
    Ok(())
}

/// Who is behind a session id, if the session is alive and the person may sign in. Notes the use, at most every five
/// minutes, and does not fail when that cannot be written.
#[boxed]
pub async fn resume(service: &Service, id_hash: &[u8]) -> Result<Option<SignedIn>> {
    let now = service.now();
    let Some(visitor) = service.store.visitor(id_hash, now).await? else {
        return Ok(None);
    };
    if !alive(visitor.created, visitor.last_seen, now) || !visitor.status.may_sign_in() {
        return Ok(None);
    }
    if now.since(visitor.last_seen) > TOUCH
        && let Err(error) = touch(service, id_hash, now).await
    {
        tracing::warn!(%error, "the use of a session could not be noted");
    }
    Ok(Some(SignedIn {
        id: visitor.id,
        display_name: visitor.display_name,
        username: visitor.username,
        rights: visitor.rights,
        is_manager: visitor.is_manager,
        unread: visitor.unread,
    }))
}

/// Ends the session behind a sign-out.
#[boxed]
pub async fn close(service: &Service, origin: &Origin, id_hash: &[u8]) -> Result<()> {
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    let Some(session) = tx.session(id_hash).await? else {
        return Ok(());
    };
    tx.delete_session(id_hash).await?;
    let cx = person(session.identity, origin);
    let event = cx.about(AuditAction::SignedOut, session.identity);
    tx.commit(event, Vec::new()).await?;
    Ok(())
}

fn alive(created: Instant, last_seen: Instant, now: Instant) -> bool {
    now.since(last_seen) < IDLE && now.since(created) < ABSOLUTE
}

async fn touch(service: &Service, id_hash: &[u8], now: Instant) -> Result<()> {
    let mut tx = service.store.write(now, service.entropy.clone()).await?;
    tx.touch_session(id_hash, now).await?;
    tx.commit_unaudited("a session's last use").await?;
    Ok(())
}

/// The person as actor of their own session's entries.
fn person(id: IdentityId, origin: &Origin) -> Cx {
    Cx {
        actor: Actor::Person {
            id,
            rights: Rights::NONE,
        },
        origin: origin.clone(),
        once: None,
    }
}
