//! Signed-in sessions. The id itself is only in the browser; here is its hash.

use crate::boxed;
use domain::id::IdentityId;
use domain::time::Instant;

use crate::Result;
use crate::bulk::keys;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

/// A session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the id in the cookie.
    pub id_hash: Vec<u8>,
    /// Who signed in.
    pub identity: IdentityId,
    /// When.
    pub created: Instant,
    /// When it was last used, to within five minutes.
    pub last_seen: Instant,
    /// Network address at sign-in.
    pub address: String,
    /// Browser at sign-in.
    pub user_agent: String,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id_hash: Vec<u8>,
    identity_id: i64,
    created: At,
    last_seen: At,
    address: String,
    user_agent: String,
}

impl From<Row> for Session {
    fn from(row: Row) -> Self {
        Self {
            id_hash: row.id_hash,
            identity: IdentityId::from_raw(row.identity_id),
            created: row.created.0,
            last_seen: row.last_seen.0,
            address: row.address,
            user_agent: row.user_agent,
        }
    }
}

macro_rules! columns {
    () => {
        "SELECT id_hash, identity_id, created, last_seen, address, user_agent FROM session"
    };
}

impl ReadTx {
    /// The session with this id hash, expired or not.
    #[boxed]
    pub async fn session(&mut self, id_hash: &[u8]) -> Result<Option<Session>> {
        let text = concat!(columns!(), " WHERE id_hash = $1");
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id_hash).fetch_optional(c).await)?;
        Ok(row.map(Session::from))
    }

    /// All sessions of an identity, the latest used first.
    #[boxed]
    pub async fn sessions_of(&mut self, identity: IdentityId) -> Result<Vec<Session>> {
        let text = concat!(
            columns!(),
            " WHERE identity_id = $1 ORDER BY last_seen DESC, id_hash LIMIT 200"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(identity.raw()).fetch_all(c).await)?;
        Ok(rows.into_iter().map(Session::from).collect())
    }
}

impl WriteTx {
    /// Ends all sessions of identities.
    #[boxed]
    pub async fn delete_sessions_of_all(&mut self, identities: &[IdentityId]) -> Result<()> {
        let text = of_ids!(self, "DELETE FROM session WHERE identity_id IN ", "");
        let ids = keys(identities.iter().map(|id| id.raw()));
        on!(self, c => sqlx::query(text).bind(&ids).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Adds a session.
    #[boxed]
    pub async fn insert_session(&mut self, session: &Session) -> Result<()> {
        let text = "INSERT INTO session (id_hash, identity_id, created, last_seen, address, user_agent) VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, c => sqlx::query(text)
            .bind(&session.id_hash)
            .bind(session.identity.raw())
            .bind(At(session.created))
            .bind(At(session.last_seen))
            .bind(&session.address)
            .bind(&session.user_agent)
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Notes that a session was used now.
    #[boxed]
    pub async fn touch_session(&mut self, id_hash: &[u8], now: Instant) -> Result<()> {
        let text = "UPDATE session SET last_seen = $2 WHERE id_hash = $1 AND last_seen < $2";
        on!(self, c => sqlx::query(text).bind(id_hash).bind(At(now)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends one session; answers whether there was one.
    #[boxed]
    pub async fn delete_session(&mut self, id_hash: &[u8]) -> Result<bool> {
        let text = "DELETE FROM session WHERE id_hash = $1";
        let gone = on!(self, c => sqlx::query(text).bind(id_hash).execute(c).await.map(|done| done.rows_affected()))?;
        Ok(gone > 0)
    }

    /// Ends all sessions of an identity except one; answers how many.
    #[boxed]
    pub async fn delete_sessions_of(
        &mut self,
        identity: IdentityId,
        keep: Option<&[u8]>,
    ) -> Result<u64> {
        let text = "DELETE FROM session WHERE identity_id = $1 AND id_hash <> $2";
        let keep = keep.unwrap_or_default();
        Ok(
            on!(self, c => sqlx::query(text).bind(identity.raw()).bind(keep).execute(c).await.map(|done| done.rows_affected()))?,
        )
    }

    /// Forgets sessions last used, or begun, before these moments.
    #[boxed]
    pub async fn delete_expired_sessions(
        &mut self,
        idle_before: Instant,
        begun_before: Instant,
    ) -> Result<()> {
        let text = "DELETE FROM session WHERE last_seen < $1 OR created < $2";
        on!(self, c => sqlx::query(text).bind(At(idle_before)).bind(At(begun_before)).execute(c).await.map(drop))?;
        Ok(())
    }
}
