//! One's own sessions: see them, sign out elsewhere.

use crate::boxed;
use domain::audit::AuditAction;
use domain::permission::{Action, Facts};
use domain::time::Instant;

use super::alive;
use crate::{Cx, Error, Result, Service};

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnSession {
    /// Names the session in forms; not the secret in the cookie.
    pub handle: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it began.
    pub created: Instant,
    /// When it was last used, to within five minutes.
    pub last_seen: Instant,
    /// Network address at sign-in.
    pub address: String,
    /// Browser at sign-in.
    pub user_agent: String,
}

/// The first 64 bits of the id's hash: enough to name one of a person's sessions.
fn handle(id_hash: &[u8]) -> String {
    domain::text::hex(&id_hash[..id_hash.len().min(8)])
}

/// The actor's open sessions, the latest used first.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, current: &[u8]) -> Result<Vec<OwnSession>> {
    let id = own(cx)?;
    let now = service.now();
    let sessions = service.store.read().await?.sessions_of(id).await?;
    Ok(sessions
        .into_iter()
        .filter(|session| alive(session.created, session.last_seen, now))
        .map(|session| OwnSession {
            handle: handle(&session.id_hash),
            current: session.id_hash == current,
            created: session.created,
            last_seen: session.last_seen,
            address: session.address,
            user_agent: session.user_agent,
        })
        .collect())
}

/// Ends one of the actor's sessions.
#[boxed]
pub async fn end_one(service: &Service, cx: &Cx, wanted: &str) -> Result<()> {
    let id = own(cx)?;
    let mut tx = service.begin(cx).await?;
    let session = tx
        .sessions_of(id)
        .await?
        .into_iter()
        .find(|session| handle(&session.id_hash) == wanted)
        .ok_or(Error::NotFound)?;
    tx.delete_session(&session.id_hash).await?;
    let event = cx.about(AuditAction::SignedOut, id);
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// Ends all of the actor's sessions but the present one; answers how many.
#[boxed]
pub async fn end_others(service: &Service, cx: &Cx, current: &[u8]) -> Result<u64> {
    let id = own(cx)?;
    let mut tx = service.begin(cx).await?;
    let ended = tx.delete_sessions_of(id, Some(current)).await?;
    let mut event = cx.about(AuditAction::SignedOut, id);
    for detail in &mut event.details {
        detail.note = Some(serde_json::json!({ "sessions": ended }));
    }
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(ended)
}

fn own(cx: &Cx) -> Result<domain::id::IdentityId> {
    let id = cx.me().ok_or(Error::NotFound)?;
    cx.decide(
        Action::OwnAccount,
        Some(id.into()),
        Facts {
            is_self: true,
            ..Facts::default()
        },
    )?;
    Ok(id)
}
