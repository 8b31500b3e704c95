//! Who is behind a session: asked for before every page, and so with one statement.

use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use domain::permission::Rights;
use domain::time::Instant;

use crate::column::At;
use crate::identities::{console_rights, rights};
use crate::{Error, Result, Store, boxed};

/// A session with what every page must know of its person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visitor {
    /// Who signed in.
    pub id: IdentityId,
    /// When.
    pub created: Instant,
    /// When the session was last used, to within five minutes.
    pub last_seen: Instant,
    /// Their name.
    pub display_name: String,
    /// Their sign-in name.
    pub username: String,
    /// Where they are in their life.
    pub status: IdentityStatus,
    /// Their console rights.
    pub rights: Rights,
    /// Whether anyone who has not ended reports to them.
    pub is_manager: bool,
    /// What they were told and have not read, counted up to [`UNREAD_CAP`].
    pub unread: u64,
}

/// Counting what is unread stops here; the screen says “99+”.
pub const UNREAD_CAP: u64 = 100;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    identity_id: i64,
    created: At,
    last_seen: At,
    display_name: String,
    username: String,
    status: String,
    rights: Option<String>,
    is_manager: bool,
    unread: i64,
}

impl TryFrom<Row> for Visitor {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = IdentityId::from_raw(row.identity_id);
        let damaged = || Error::damaged(format!("identity {id}"));
        let names: Vec<String> = row
            .rights
            .map_or(Ok(Vec::new()), |names| serde_json::from_str(&names))
            .map_err(|_| damaged())?;
        Ok(Self {
            id,
            created: row.created.0,
            last_seen: row.last_seen.0,
            display_name: row.display_name,
            username: row.username,
            status: IdentityStatus::from_word(&row.status).ok_or_else(damaged)?,
            rights: rights(&names),
            is_manager: row.is_manager,
            unread: u64::try_from(row.unread).unwrap_or_default(),
        })
    }
}

macro_rules! visitor {
    ($names:literal) => {
        concat!(
            "SELECT n.identity_id, n.created, n.last_seen, p.display_name, p.username, p.status, (SELECT ",
            $names,
            console_rights!("n.identity_id", "$2"),
            ") AS rights, EXISTS (SELECT 1 FROM identity r WHERE r.manager_id = n.identity_id \
             AND r.recorded_to IS NULL AND r.status <> 'ended') AS is_manager, \
             (SELECT COUNT(*) FROM (SELECT 1 AS one FROM notification t WHERE t.identity_id = n.identity_id \
             AND t.read_at IS NULL LIMIT 100) u) AS unread \
             FROM session n JOIN identity p ON p.id = n.identity_id AND p.recorded_to IS NULL WHERE n.id_hash = $1"
        )
    };
}

impl Store {
    /// Who is behind the session with this id hash, expired or not, with the rights of a moment. One statement sees one
    /// moment of the database by itself: no transaction is begun for it.
    #[boxed]
    pub async fn visitor(&self, id_hash: &[u8], at: Instant) -> Result<Option<Visitor>> {
        let text = match self {
            Self::Sqlite { .. } => visitor!("json_group_array(e.name)"),
            Self::Postgres { .. } => visitor!("CAST(json_agg(e.name) AS TEXT)"),
        };
        let row: Option<Row> = at_once!(self, pool => sqlx::query_as(text).bind(id_hash).bind(At(at)).fetch_optional(pool).await)?;
        row.map(Visitor::try_from).transpose()
    }
}
