//! People, services and agents.

mod bulk;
mod departments;
mod list;
mod past;
mod row;
mod write;

use crate::boxed;
use domain::id::IdentityId;
use domain::identity::Identity;
use domain::permission::{ConsoleRight, Rights};
use domain::time::{Date, Instant};

pub use bulk::IdentityKey;
pub use list::{IdentityRow, TOKENS};
pub(crate) use past::moved;
pub(crate) use row::{Row, columns};

use crate::Result;
use crate::bulk::keys;
use crate::column::{At, Day, can_be_kept};
use crate::engine::ReadTx;

/// Where the names of somebody's console rights at a moment come from.
macro_rules! console_rights {
    ($id:literal, $at:literal) => {
        concat!(
            " FROM assignment a \
             JOIN entitlement e ON e.id = a.entitlement_id AND e.recorded_to IS NULL AND e.status = 'active' \
             JOIN application s ON s.id = e.application_id AND s.recorded_to IS NULL AND s.built_in \
             WHERE a.recorded_to IS NULL AND a.state = 'active' AND a.identity_id = ",
            $id,
            " AND a.valid_from <= ",
            $at,
            " AND (a.valid_until IS NULL OR a.valid_until > ",
            $at,
            ")"
        )
    };
}
pub(crate) use console_rights;

/// Names that are no rights mean nothing.
pub(crate) fn rights(names: &[String]) -> Rights {
    names
        .iter()
        .filter_map(|name| ConsoleRight::from_word(name))
        .collect()
}

/// An identity in a picker or beside another object: just enough to recognise it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdentityName {
    /// Its id.
    pub id: IdentityId,
    /// Its sign-in name.
    pub username: String,
    /// Its name.
    pub display_name: String,
    /// Its title.
    pub title: String,
}

impl ReadTx {
    /// The present version of an identity.
    #[boxed]
    pub async fn identity(&mut self, id: IdentityId) -> Result<Option<Identity>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM identity p WHERE p.id = $1 AND p.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_identity).transpose()
    }

    /// The version of an identity that was recorded at a moment.
    #[boxed]
    pub async fn identity_as_of(
        &mut self,
        id: IdentityId,
        at: Instant,
    ) -> Result<Option<Identity>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM identity p WHERE p.id = $1 AND p.recorded_from <= $2 AND (p.recorded_to IS NULL OR p.recorded_to > $2)"
        );
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(At(at)).fetch_optional(c).await)?;
        row.map(Row::into_identity).transpose()
    }

    /// The identity that uses a username now; ended ones do not.
    #[boxed]
    pub async fn identity_by_username(&mut self, username: &str) -> Result<Option<Identity>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM identity p WHERE p.username_key = $1 AND p.recorded_to IS NULL AND p.status <> 'ended'"
        );
        let key = domain::text::key(username);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(&key).fetch_optional(c).await)?;
        row.map(Row::into_identity).transpose()
    }

    /// Names of identities, for showing beside other things; unknown ids are left out.
    #[boxed]
    pub async fn identity_names(&mut self, ids: &[IdentityId]) -> Result<Vec<IdentityName>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let text = of_keys!(
            self,
            "p.id, p.username, p.display_name, p.title",
            "identity p",
            "p.id = CAST(k.value AS BIGINT) AND p.recorded_to IS NULL"
        );
        let mut wanted: Vec<i64> = ids.iter().map(|id| id.raw()).collect();
        wanted.sort_unstable();
        wanted.dedup();
        let wanted = keys(wanted);
        let rows: Vec<(i64, String, String, String)> =
            on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut names: Vec<IdentityName> = rows
            .into_iter()
            .map(|(id, username, display_name, title)| IdentityName {
                id: IdentityId::from_raw(id),
                username,
                display_name,
                title,
            })
            .collect();
        names.sort_unstable_by_key(|name| name.id);
        Ok(names)
    }

    /// Identities whose last day is before `today` and who have not ended.
    #[boxed]
    pub async fn identities_due_to_end(
        &mut self,
        today: Date,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let text = "SELECT id FROM identity WHERE recorded_to IS NULL AND status <> 'ended' \
                    AND COALESCE(end_date, $3) < $1 ORDER BY COALESCE(end_date, $3), id LIMIT $2";
        let far = Day("9999-12-31"
            .parse()
            .map_err(|_| crate::Error::damaged("a constant date"))?);
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(Day(today)).bind(most).bind(far).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// The console rights of an identity at a moment: active assignments of the built-in application's entitlements.
    #[boxed]
    pub async fn console_rights(&mut self, id: IdentityId, at: Instant) -> Result<Rights> {
        let text = concat!("SELECT e.name", console_rights!("$1", "$2"));
        let names: Vec<String> = on!(self, c => sqlx::query_scalar(text).bind(id.raw()).bind(At(at)).fetch_all(c).await)?;
        Ok(rights(&names))
    }
}
