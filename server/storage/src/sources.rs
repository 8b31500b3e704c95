//! Where access data comes from.

use crate::boxed;
use domain::audit::Target;
use domain::id::{ObjectKind, SourceId};
use domain::lifecycle::Lifecycle;
use domain::source::{ImportMode, Mapping, Source, SourceContent};
use domain::text;
use domain::time::Instant;
use sqlx::types::Json;

use crate::column::{At, can_be_kept};
use crate::engine::{ReadTx, WriteTx};
use crate::versioned::{content_hash, mark};
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "c.id, c.recorded_from, c.salt, c.name, c.description, c.folder, c.every_minutes, c.mode, c.mapping, c.status"
    };
}
pub(crate) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) id: i64,
    pub(crate) recorded_from: At,
    pub(crate) salt: Vec<u8>,
    name: String,
    description: String,
    folder: String,
    every_minutes: Option<i64>,
    mode: String,
    mapping: Json<Mapping>,
    status: String,
}

impl Row {
    pub(crate) fn into_source(self) -> Result<Source> {
        let id = SourceId::from_raw(self.id);
        let damaged = || Error::damaged(format!("source {id}"));
        Ok(Source {
            id,
            recorded_from: self.recorded_from.0,
            content: SourceContent {
                mode: ImportMode::from_word(&self.mode).ok_or_else(damaged)?,
                status: Lifecycle::from_word(&self.status).ok_or_else(damaged)?,
                name: self.name,
                description: self.description,
                folder: self.folder,
                every_minutes: self.every_minutes,
                mapping: self.mapping.0,
            },
        })
    }
}

impl ReadTx {
    /// The present version of a source.
    #[boxed]
    pub async fn source(&mut self, id: SourceId) -> Result<Option<Source>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM source c WHERE c.id = $1 AND c.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_source).transpose()
    }

    /// The source that uses a name now.
    #[boxed]
    pub async fn source_by_name(&mut self, name: &str) -> Result<Option<Source>> {
        let key = text::key(name);
        if !can_be_kept(&key) {
            return Ok(None);
        }
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM source c WHERE c.name_key = $1 AND c.recorded_to IS NULL AND c.status <> 'ended'"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(&key).fetch_optional(c).await)?;
        row.map(Row::into_source).transpose()
    }

    /// All sources, also ended ones, by name. There are few.
    #[boxed]
    pub async fn sources(&mut self) -> Result<Vec<Source>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM source c WHERE c.recorded_to IS NULL ORDER BY c.name_key, c.id"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_source).collect()
    }

    /// Active sources with a folder to look at.
    #[boxed]
    pub async fn sources_to_watch(&mut self) -> Result<Vec<Source>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM source c WHERE c.recorded_to IS NULL AND c.status = 'active' AND c.folder <> '' \
             AND c.every_minutes IS NOT NULL ORDER BY c.id"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_source).collect()
    }
}

impl WriteTx {
    /// Adds a source.
    #[boxed]
    pub async fn insert_source(&mut self, content: &SourceContent) -> Result<(SourceId, Target)> {
        let id = SourceId::from_raw(self.next_id(ObjectKind::Source).await?);
        let written = self.put_source(id, content).await;
        Ok((id, self.whole(written)?))
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_source(
        &mut self,
        id: SourceId,
        expected: Instant,
        content: &SourceContent,
    ) -> Result<Target> {
        let text = "UPDATE source SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_source(id, content).await;
        self.whole(written)
    }

    async fn put_source(&mut self, id: SourceId, content: &SourceContent) -> Result<Target> {
        let salt = self.salt();
        let hash = content_hash(&salt, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO source (id, recorded_from, salt, name, name_key, description, folder, every_minutes, mode, mapping, status) \
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&salt[..])
            .bind(&content.name)
            .bind(text::key(&content.name))
            .bind(&content.description)
            .bind(&content.folder)
            .bind(content.every_minutes)
            .bind(content.mode.word())
            .bind(Json(&content.mapping))
            .bind(content.status.word())
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(mark(id, hash))
    }
}
