//! Desired grants: of entitlements and of roles, with every version.

mod bulk;
mod ending;
mod list;
mod past;

pub use list::{AssignmentRow, ListedBy, TOKENS};

use crate::boxed;
use domain::assignment::{Agent, AssignmentState};
use domain::audit::Target;
use domain::id::{
    AssignmentId, EntitlementId, IdentityId, ObjectKind, RequestItemId, RoleId, RuleId, SourceId,
};
use domain::role::Grantable;
use domain::time::{Instant, moment, moment_or_none};
use serde::Serialize;

use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

/// What is recorded about an assignment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AssignmentContent {
    /// Who gets it.
    pub identity: IdentityId,
    /// What.
    #[serde(flatten)]
    pub what: Grantable,
    /// What gave it.
    pub agent: Agent,
    /// Why.
    pub reason: String,
    /// Where it is in its life.
    pub state: AssignmentState,
    /// From when.
    #[serde(serialize_with = "moment")]
    pub valid_from: Instant,
    /// Until when.
    #[serde(serialize_with = "moment_or_none")]
    pub valid_until: Option<Instant>,
    /// The source that brought it, and alone may end it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// The rule that gave it, and alone may end it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleId>,
    /// Who gave it; none when no person did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted_by: Option<IdentityId>,
    /// The item of a request that it was given by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<RequestItemId>,
    /// The eligible assignment that it makes active for some hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub activates: Option<AssignmentId>,
}

/// An assignment as it is recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assignment {
    /// Its id.
    pub id: AssignmentId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: AssignmentContent,
}

macro_rules! columns {
    () => {
        "a.id, a.recorded_from, a.salt, a.identity_id, a.entitlement_id, a.agent, a.reason, a.state, a.valid_from, a.valid_until, a.role_id, a.source_id, a.rule_id, a.granted_by, a.request_item_id, a.activates_id"
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
    agent: String,
    reason: String,
    state: String,
    valid_from: At,
    valid_until: Option<At>,
    role_id: Option<i64>,
    source_id: Option<i64>,
    rule_id: Option<i64>,
    granted_by: Option<i64>,
    request_item_id: Option<i64>,
    activates_id: Option<i64>,
}

impl Row {
    pub(crate) fn into_assignment(self) -> Result<Assignment> {
        let what = match (self.entitlement_id, self.role_id) {
            (Some(id), None) => Grantable::Entitlement(EntitlementId::from_raw(id)),
            (None, Some(id)) => Grantable::Role(RoleId::from_raw(id)),
            _ => {
                let id = AssignmentId::from_raw(self.id);
                return Err(Error::damaged(format!(
                    "assignment {id}: it gives not exactly one thing"
                )));
            }
        };
        let id = AssignmentId::from_raw(self.id);
        let damaged = || Error::damaged(format!("assignment {id}"));
        Ok(Assignment {
            id,
            recorded_from: self.recorded_from.0,
            content: AssignmentContent {
                identity: IdentityId::from_raw(self.identity_id),
                what,
                agent: Agent::from_word(&self.agent).ok_or_else(damaged)?,
                reason: self.reason,
                state: AssignmentState::from_word(&self.state).ok_or_else(damaged)?,
                valid_from: self.valid_from.0,
                valid_until: self.valid_until.map(|at| at.0),
                source: self.source_id.map(SourceId::from_raw),
                rule: self.rule_id.map(RuleId::from_raw),
                granted_by: self.granted_by.map(IdentityId::from_raw),
                request: self.request_item_id.map(RequestItemId::from_raw),
                activates: self.activates_id.map(AssignmentId::from_raw),
            },
        })
    }
}

impl ReadTx {
    /// The present version of an assignment.
    #[boxed]
    pub async fn assignment(&mut self, id: AssignmentId) -> Result<Option<Assignment>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM assignment a WHERE a.id = $1 AND a.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_assignment).transpose()
    }

    /// The active assignments of an identity.
    #[boxed]
    pub async fn assignments_of(&mut self, identity: IdentityId) -> Result<Vec<Assignment>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM assignment a WHERE a.identity_id = $1 AND a.state = 'active' AND a.recorded_to IS NULL ORDER BY a.id"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(identity.raw()).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_assignment).collect()
    }

    /// Who holds an entitlement actively and could use it: the identity has not ended and is not suspended.
    #[boxed]
    pub async fn active_holders(
        &mut self,
        entitlement: EntitlementId,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT a.identity_id FROM assignment a \
                    JOIN identity p ON p.id = a.identity_id AND p.recorded_to IS NULL AND p.status IN ('active', 'on_leave') \
                    WHERE a.entitlement_id = $1 AND a.state = 'active' AND a.recorded_to IS NULL ORDER BY a.identity_id LIMIT $2";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).bind(entitlement.raw()).bind(most).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }
}

impl WriteTx {
    /// Adds an assignment.
    #[boxed]
    pub async fn insert_assignment(
        &mut self,
        content: &AssignmentContent,
    ) -> Result<(AssignmentId, Target)> {
        let id = AssignmentId::from_raw(self.next_id(ObjectKind::Assignment).await?);
        let written = self.put_assignment(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_assignment(
        &mut self,
        id: AssignmentId,
        expected: Instant,
        content: &AssignmentContent,
    ) -> Result<Target> {
        let text = "UPDATE assignment SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_assignment(id, content).await;
        self.whole(written)
    }

    async fn put_assignment(
        &mut self,
        id: AssignmentId,
        content: &AssignmentContent,
    ) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO assignment (id, recorded_from, salt, identity_id, entitlement_id, agent, reason, state, valid_from, valid_until, \
                    role_id, source_id, rule_id, granted_by, request_item_id, activates_id) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(content.identity.raw())
            .bind(content.what.entitlement().map(EntitlementId::raw))
            .bind(content.agent.word())
            .bind(&content.reason)
            .bind(content.state.word())
            .bind(At(content.valid_from))
            .bind(content.valid_until.map(At))
            .bind(content.what.role().map(RoleId::raw))
            .bind(content.source.map(SourceId::raw))
            .bind(content.rule.map(RuleId::raw))
            .bind(content.granted_by.map(IdentityId::raw))
            .bind(content.request.map(RequestItemId::raw))
            .bind(content.activates.map(AssignmentId::raw))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(mark(id, hash))
    }
}
