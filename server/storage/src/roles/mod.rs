//! Roles with what is in them. The parts are content of the role: they change only together with a new version of it.

mod list;
mod write;

use crate::boxed;
use std::collections::{BTreeSet, HashMap};

use domain::id::{EntitlementId, IdentityId, RoleId, SourceId};
use domain::lifecycle::Lifecycle;
use domain::role::{Grantable, Role, RoleContent, RolePart};
use domain::text;
use domain::time::Instant;

pub use list::{RoleRow, TOKENS};

use crate::bulk::keys;
use crate::column::{At, can_be_kept};
use crate::engine::ReadTx;
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "r.id, r.recorded_from, r.salt, r.name, r.display_name, r.description, r.owner_id, r.status, r.source_id"
    };
}
pub(crate) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    name: String,
    display_name: String,
    description: String,
    owner_id: Option<i64>,
    status: String,
    source_id: Option<i64>,
}

impl Row {
    pub(crate) fn into_role(self, parts: BTreeSet<RolePart>) -> Result<Role> {
        let id = RoleId::from_raw(self.id);
        Ok(Role {
            id,
            recorded_from: self.recorded_from.0,
            content: RoleContent {
                status: Lifecycle::from_word(&self.status)
                    .ok_or_else(|| Error::damaged(format!("role {id}")))?,
                name: self.name,
                display_name: self.display_name,
                description: self.description,
                owner: self.owner_id.map(IdentityId::from_raw),
                source: self.source_id.map(SourceId::from_raw),
                parts,
            },
        })
    }
}

/// What an import finds a role by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleKey {
    /// Its id.
    pub id: RoleId,
    /// Its technical name, folded by [`domain::text::key`].
    pub name_key: String,
    /// The source that brought it.
    pub source: Option<SourceId>,
}

/// A part of a role with the time it was in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeptPart {
    pub(crate) role: i64,
    pub(crate) from: Instant,
    pub(crate) to: Option<Instant>,
    pub(crate) part: RolePart,
}

impl KeptPart {
    /// Whether the role held it at a moment.
    pub(crate) fn held(&self, at: Instant) -> bool {
        self.from <= at && self.to.is_none_or(|to| to > at)
    }
}

type PartRow = (i64, At, Option<At>, Option<i64>, Option<i64>, Option<i64>);

fn into_part((role, from, to, includes, entitlement, source): PartRow) -> Result<KeptPart> {
    let what = match (includes, entitlement) {
        (Some(id), None) => Grantable::Role(RoleId::from_raw(id)),
        (None, Some(id)) => Grantable::Entitlement(EntitlementId::from_raw(id)),
        _ => {
            let role = RoleId::from_raw(role);
            return Err(Error::damaged(format!(
                "role_content of role {role}: it is not exactly one thing"
            )));
        }
    };
    Ok(KeptPart {
        role,
        from: from.0,
        to: to.map(|at| at.0),
        part: RolePart {
            what,
            source: source.map(SourceId::from_raw),
        },
    })
}

impl ReadTx {
    /// The present version of a role.
    #[boxed]
    pub async fn role(&mut self, id: RoleId) -> Result<Option<Role>> {
        Ok(self.roles_with(&[id]).await?.pop())
    }

    /// The version of a role that was recorded at a moment.
    #[boxed]
    pub async fn role_as_of(&mut self, id: RoleId, at: Instant) -> Result<Option<Role>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM role r WHERE r.id = $1 AND r.recorded_from <= $2 AND (r.recorded_to IS NULL OR r.recorded_to > $2)"
        );
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(At(at)).fetch_optional(c).await)?;
        let Some(row) = row else { return Ok(None) };
        let parts = self.kept_parts(&[row.id]).await?;
        let held = parts.iter().filter(|part| part.held(row.recorded_from.0));
        let held = held.map(|part| part.part).collect();
        row.into_role(held).map(Some)
    }

    /// All versions of a role, the oldest first.
    #[boxed]
    pub async fn role_history(&mut self, id: RoleId) -> Result<Vec<Role>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM role r WHERE r.id = $1 ORDER BY r.recorded_from"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_all(c).await)?;
        let parts = self.kept_parts(&[id.raw()]).await?;
        let versions = rows.into_iter().map(|row| {
            let held = parts.iter().filter(|part| part.held(row.recorded_from.0));
            let held = held.map(|part| part.part).collect();
            row.into_role(held)
        });
        versions.collect()
    }

    /// The role that uses a technical name now.
    #[boxed]
    pub async fn role_by_name(&mut self, name: &str) -> Result<Option<Role>> {
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let text =
            "SELECT id FROM role WHERE name_key = $1 AND recorded_to IS NULL AND status <> 'ended'";
        let id: Option<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(&key).fetch_optional(c).await)?;
        match id {
            Some(id) => self.role(RoleId::from_raw(id)).await,
            None => Ok(None),
        }
    }

    /// Present versions of roles; unknown ids are left out. In no order.
    #[boxed]
    pub async fn roles_with(&mut self, ids: &[RoleId]) -> Result<Vec<Role>> {
        let raw: Vec<i64> = ids.iter().map(|id| id.raw()).collect();
        let text = of_keys!(
            self,
            columns!(),
            "role r",
            "r.id = CAST(k.value AS BIGINT) AND r.recorded_to IS NULL"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(keys(&raw)).fetch_all(c).await)?;
        let mut parts: HashMap<i64, BTreeSet<RolePart>> = HashMap::new();
        for part in self.present_parts(&raw).await? {
            parts.entry(part.role).or_default().insert(part.part);
        }
        rows.into_iter()
            .map(|row| {
                let parts = parts.remove(&row.id).unwrap_or_default();
                row.into_role(parts)
            })
            .collect()
    }

    /// Keys of roles that have not ended, after an id, in the order of ids.
    #[boxed]
    pub async fn role_keys(&mut self, after: i64, most: i64) -> Result<Vec<RoleKey>> {
        let text = "SELECT id, name_key, source_id FROM role \
                    WHERE recorded_to IS NULL AND status <> 'ended' AND id > $1 ORDER BY id LIMIT $2";
        let rows: Vec<(i64, String, Option<i64>)> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(id, name_key, source)| RoleKey {
                id: RoleId::from_raw(id),
                name_key,
                source: source.map(SourceId::from_raw),
            })
            .collect())
    }

    /// What roles hold now.
    pub(crate) async fn present_parts(&mut self, roles: &[i64]) -> Result<Vec<KeptPart>> {
        let text = of_keys!(
            self,
            "h.role_id, h.recorded_from, h.recorded_to, h.includes_role_id, h.entitlement_id, h.source_id",
            "role_content h",
            "h.role_id = CAST(k.value AS BIGINT) AND h.recorded_to IS NULL"
        );
        let rows: Vec<PartRow> =
            on!(self, c => sqlx::query_as(text).bind(keys(roles)).fetch_all(c).await)?;
        rows.into_iter().map(into_part).collect()
    }

    /// Everything that roles hold or held.
    pub(crate) async fn kept_parts(&mut self, roles: &[i64]) -> Result<Vec<KeptPart>> {
        let text = of_keys!(
            self,
            "h.role_id, h.recorded_from, h.recorded_to, h.includes_role_id, h.entitlement_id, h.source_id",
            "role_content h",
            "h.role_id = CAST(k.value AS BIGINT)"
        );
        let rows: Vec<PartRow> =
            on!(self, c => sqlx::query_as(text).bind(keys(roles)).fetch_all(c).await)?;
        rows.into_iter().map(into_part).collect()
    }
}
