//! What people shall not get, with every version.

use crate::boxed;
use domain::audit::Target;
use domain::exclusion::{Exclusion, ExclusionContent, ExclusionState};
use domain::id::{EntitlementId, ExclusionId, IdentityId, ObjectKind, RoleId};
use domain::role::Grantable;
use domain::time::Instant;

use crate::bulk::keys;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "y.id, y.recorded_from, y.salt, y.identity_id, y.entitlement_id, y.role_id, y.reason, y.owner_id, y.state, y.valid_from, y.valid_until"
    };
}
pub(crate) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    identity_id: i64,
    entitlement_id: Option<i64>,
    role_id: Option<i64>,
    reason: String,
    owner_id: Option<i64>,
    state: String,
    valid_from: At,
    valid_until: Option<At>,
}

/// What a row names: an entitlement or a role, and exactly one of them.
pub(crate) fn grantable(entitlement: Option<i64>, role: Option<i64>) -> Option<Grantable> {
    match (entitlement, role) {
        (Some(id), None) => Some(Grantable::Entitlement(EntitlementId::from_raw(id))),
        (None, Some(id)) => Some(Grantable::Role(RoleId::from_raw(id))),
        _ => None,
    }
}

impl Row {
    pub(crate) fn into_exclusion(self) -> Result<Exclusion> {
        let id = ExclusionId::from_raw(self.id);
        let damaged = || Error::damaged(format!("exclusion {id}"));
        Ok(Exclusion {
            id,
            recorded_from: self.recorded_from.0,
            content: ExclusionContent {
                identity: IdentityId::from_raw(self.identity_id),
                what: grantable(self.entitlement_id, self.role_id).ok_or_else(damaged)?,
                reason: self.reason,
                owner: self.owner_id.map(IdentityId::from_raw),
                state: ExclusionState::from_word(&self.state).ok_or_else(damaged)?,
                valid_from: self.valid_from.0,
                valid_until: self.valid_until.map(|at| at.0),
            },
        })
    }
}

impl ReadTx {
    /// The present version of an exclusion.
    #[boxed]
    pub async fn exclusion(&mut self, id: ExclusionId) -> Result<Option<Exclusion>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM exclusion y WHERE y.id = $1 AND y.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_exclusion).transpose()
    }

    /// What was recorded of people's exclusions at a moment, without those that had ended. In the order of ids.
    #[boxed]
    pub async fn exclusions_as_of(
        &mut self,
        identities: &[IdentityId],
        known: Instant,
    ) -> Result<Vec<Exclusion>> {
        if identities.is_empty() {
            return Ok(Vec::new());
        }
        let text = of_keys!(
            self,
            columns!(),
            "exclusion y",
            "y.identity_id = CAST(k.value AS BIGINT) AND y.state = 'active' AND y.recorded_from <= $2 \
             AND (y.recorded_to IS NULL OR y.recorded_to > $2)"
        );
        let ids = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(&ids).bind(At(known)).fetch_all(c).await)?;
        let mut all: Vec<Exclusion> = rows
            .into_iter()
            .map(Row::into_exclusion)
            .collect::<Result<_>>()?;
        all.sort_unstable_by_key(|exclusion| exclusion.id);
        Ok(all)
    }

    /// Everybody who is excluded from something now.
    #[boxed]
    pub async fn excluded_people(&mut self) -> Result<Vec<IdentityId>> {
        let text = "SELECT identity_id FROM exclusion WHERE recorded_to IS NULL AND state = 'active' AND role_id IS NOT NULL \
                    UNION SELECT identity_id FROM exclusion WHERE recorded_to IS NULL AND state = 'active' AND entitlement_id IS NOT NULL";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }
}

impl WriteTx {
    /// Adds an exclusion.
    #[boxed]
    pub async fn insert_exclusion(
        &mut self,
        content: &ExclusionContent,
    ) -> Result<(ExclusionId, Target)> {
        let id = ExclusionId::from_raw(self.next_id(ObjectKind::Exclusion).await?);
        let written = self.put_exclusion(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_exclusion(
        &mut self,
        id: ExclusionId,
        expected: Instant,
        content: &ExclusionContent,
    ) -> Result<Target> {
        let text = "UPDATE exclusion SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_exclusion(id, content).await;
        self.whole(written)
    }

    async fn put_exclusion(
        &mut self,
        id: ExclusionId,
        content: &ExclusionContent,
    ) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO exclusion (id, recorded_from, salt, identity_id, entitlement_id, role_id, reason, owner_id, state, \
                    valid_from, valid_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(content.identity.raw())
            .bind(content.what.entitlement().map(EntitlementId::raw))
            .bind(content.what.role().map(RoleId::raw))
            .bind(&content.reason)
            .bind(content.owner.map(IdentityId::raw))
            .bind(content.state.word())
            .bind(At(content.valid_from))
            .bind(content.valid_until.map(At))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(mark(id, hash))
    }
}
