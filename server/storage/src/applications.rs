//! Business systems that grant things.

mod bulk;
mod list;

use crate::boxed;
use domain::application::{Application, ApplicationContent};
use domain::audit::Target;
use domain::id::{ApplicationId, IdentityId, ObjectKind, SourceId};
use domain::lifecycle::{Level, Lifecycle};
use domain::text;
use domain::time::Instant;

pub use list::{ApplicationRow, TOKENS};
pub(crate) use list::{compare_level, owner, rank, rank_of};

use crate::column::{At, can_be_kept};
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::words::WordTable;
use crate::{Error, Result};

const WORDS: WordTable = WordTable {
    delete: "DELETE FROM application_word WHERE id = $1",
    insert: "INSERT INTO application_word (word, id) VALUES ($1, $2)",
};

macro_rules! columns {
    () => {
        "s.id, s.recorded_from, s.salt, s.name, s.display_name, s.description, s.owner_id, s.criticality, s.status, s.built_in, s.source_id"
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
    criticality: Option<String>,
    status: String,
    built_in: bool,
    source_id: Option<i64>,
}

/// An optional step of four as stored.
pub(crate) fn level(word: Option<&str>) -> Result<Option<Level>> {
    word.map(|word| {
        Level::from_word(word).ok_or_else(|| Error::damaged(format!("unknown level {word}")))
    })
    .transpose()
}

impl Row {
    pub(crate) fn into_application(self) -> Result<Application> {
        let id = ApplicationId::from_raw(self.id);
        Ok(Application {
            id,
            recorded_from: self.recorded_from.0,
            content: ApplicationContent {
                status: Lifecycle::from_word(&self.status)
                    .ok_or_else(|| Error::damaged(format!("application {id}")))?,
                criticality: level(self.criticality.as_deref())?,
                name: self.name,
                display_name: self.display_name,
                description: self.description,
                owner: self.owner_id.map(IdentityId::from_raw),
                built_in: self.built_in,
                source: self.source_id.map(SourceId::from_raw),
            },
        })
    }
}

impl ReadTx {
    /// The present version of an application.
    #[boxed]
    pub async fn application(&mut self, id: ApplicationId) -> Result<Option<Application>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM application s WHERE s.id = $1 AND s.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_application).transpose()
    }

    /// The application that uses a technical name now.
    #[boxed]
    pub async fn application_by_name(&mut self, name: &str) -> Result<Option<Application>> {
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM application s WHERE s.name_key = $1 AND s.recorded_to IS NULL AND s.status <> 'ended'"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(&key).fetch_optional(c).await)?;
        row.map(Row::into_application).transpose()
    }
}

impl WriteTx {
    /// Adds an application.
    #[boxed]
    pub async fn insert_application(
        &mut self,
        content: &ApplicationContent,
    ) -> Result<(ApplicationId, Target)> {
        let id = ApplicationId::from_raw(self.next_id(ObjectKind::Application).await?);
        let written = self.put_application(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_application(
        &mut self,
        id: ApplicationId,
        expected: Instant,
        content: &ApplicationContent,
    ) -> Result<Target> {
        let text = "UPDATE application SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_application(id, content).await;
        self.whole(written)
    }

    async fn put_application(
        &mut self,
        id: ApplicationId,
        content: &ApplicationContent,
    ) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO application (id, recorded_from, salt, name, name_key, display_name, display_key, description, \
                    owner_id, criticality, status, built_in, source_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(&content.name)
            .bind(text::key(&content.name))
            .bind(&content.display_name)
            .bind(text::fold(&content.display_name))
            .bind(&content.description)
            .bind(content.owner.map(IdentityId::raw))
            .bind(content.criticality.map(Level::word))
            .bind(content.status.word())
            .bind(content.built_in)
            .bind(content.source.map(SourceId::raw))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        self.put_words(&WORDS, id.raw(), &words(content)).await?;
        self.roles_changed().await?;
        Ok(mark(id, hash))
    }
}

/// What an application is found by.
fn words(content: &ApplicationContent) -> Vec<String> {
    text::words([content.display_name.as_str(), &content.name])
}
