//! Single things an application can grant.

mod bulk;
mod catalogue;
mod list;

use crate::boxed;
use domain::audit::Target;
use domain::entitlement::{Entitlement, EntitlementContent, EntitlementKind};
use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectKind, SourceId};
use domain::lifecycle::{Level, Lifecycle};
use domain::text;
use domain::time::Instant;
use sqlx::types::Json;

pub use bulk::EntitlementKey;
pub use catalogue::{Covered, Segment};
pub use list::{EntitlementRow, TOKENS};

use crate::applications::level;
use crate::column::{At, can_be_kept};
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::words::WordTable;
use crate::{Error, Result};

const WORDS: WordTable = WordTable {
    delete: "DELETE FROM entitlement_word WHERE id = $1",
    insert: "INSERT INTO entitlement_word (word, id) VALUES ($1, $2)",
};

macro_rules! columns {
    () => {
        "e.id, e.recorded_from, e.salt, e.application_id, e.name, e.display_name, e.description, e.kind, e.actions, \
         e.resource_type, e.resource_id, e.risk, e.owner_id, e.requestable, e.status, e.source_id"
    };
}
pub(crate) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    application_id: i64,
    name: String,
    display_name: String,
    description: String,
    kind: String,
    actions: Json<Vec<String>>,
    resource_type: String,
    resource_id: String,
    risk: Option<String>,
    owner_id: Option<i64>,
    requestable: bool,
    status: String,
    source_id: Option<i64>,
}

impl Row {
    pub(crate) fn into_entitlement(self) -> Result<Entitlement> {
        let id = EntitlementId::from_raw(self.id);
        let damaged = || Error::damaged(format!("entitlement {id}"));
        Ok(Entitlement {
            id,
            recorded_from: self.recorded_from.0,
            content: EntitlementContent {
                application: ApplicationId::from_raw(self.application_id),
                kind: EntitlementKind::from_word(&self.kind).ok_or_else(damaged)?,
                status: Lifecycle::from_word(&self.status).ok_or_else(damaged)?,
                risk: level(self.risk.as_deref())?,
                name: self.name,
                display_name: self.display_name,
                description: self.description,
                actions: self.actions.0,
                resource_type: self.resource_type,
                resource_id: self.resource_id,
                owner: self.owner_id.map(IdentityId::from_raw),
                requestable: self.requestable,
                source: self.source_id.map(SourceId::from_raw),
            },
        })
    }
}

impl ReadTx {
    /// The present version of an entitlement.
    #[boxed]
    pub async fn entitlement(&mut self, id: EntitlementId) -> Result<Option<Entitlement>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM entitlement e WHERE e.id = $1 AND e.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_entitlement).transpose()
    }

    /// The entitlement of an application that uses a technical name now.
    #[boxed]
    pub async fn entitlement_by_name(
        &mut self,
        application: ApplicationId,
        name: &str,
    ) -> Result<Option<Entitlement>> {
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM entitlement e WHERE e.application_id = $1 AND e.name_key = $2 AND e.recorded_to IS NULL AND e.status <> 'ended'"
        );
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).bind(application.raw()).bind(&key).fetch_optional(c).await)?;
        row.map(Row::into_entitlement).transpose()
    }
}

impl WriteTx {
    /// Adds an entitlement.
    #[boxed]
    pub async fn insert_entitlement(
        &mut self,
        content: &EntitlementContent,
    ) -> Result<(EntitlementId, Target)> {
        let id = EntitlementId::from_raw(self.next_id(ObjectKind::Entitlement).await?);
        let written = self.put_entitlement(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_entitlement(
        &mut self,
        id: EntitlementId,
        expected: Instant,
        content: &EntitlementContent,
    ) -> Result<Target> {
        let text = "UPDATE entitlement SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_entitlement(id, content).await;
        self.whole(written)
    }

    async fn put_entitlement(
        &mut self,
        id: EntitlementId,
        content: &EntitlementContent,
    ) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO entitlement (id, recorded_from, salt, application_id, name, name_key, display_name, display_key, \
                    description, kind, actions, resource_type, resource_id, risk, owner_id, requestable, status, source_id) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(content.application.raw())
            .bind(&content.name)
            .bind(text::key(&content.name))
            .bind(&content.display_name)
            .bind(text::fold(&content.display_name))
            .bind(&content.description)
            .bind(content.kind.word())
            .bind(Json(&content.actions))
            .bind(&content.resource_type)
            .bind(&content.resource_id)
            .bind(content.risk.map(Level::word))
            .bind(content.owner.map(IdentityId::raw))
            .bind(content.requestable)
            .bind(content.status.word())
            .bind(content.source.map(SourceId::raw))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        self.put_words(&WORDS, id.raw(), &words(content)).await?;
        self.roles_changed().await?;
        Ok(mark(id, hash))
    }
}

/// What an entitlement is found by.
fn words(content: &EntitlementContent) -> Vec<String> {
    text::words([content.display_name.as_str(), &content.name])
}
