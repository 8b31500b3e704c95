//! The log: appending with every commit, reading, checkpoints, and what verification needs.

mod append;
mod bulk;
mod checkpoints;
mod documents;
mod list;
mod role_versions;
mod versions;

use crate::boxed;
use domain::id::{ObjectKind, ObjectRef, RoleId};
use domain::time::Instant;
use serde_json::Value;

pub use bulk::{
    DetailBlock, DetailCheck, EntryBlock, EntryCheck, LogChunk, LogReader, Reach, TargetBlock,
    TargetCheck,
};
pub use checkpoints::StoredCheckpoint;
pub use list::TOKENS;
pub use versions::{LoggedVersion, VersionCheck};

use crate::column::At;
use crate::engine::ReadTx;
use crate::{Error, Result};

/// An entry as it is shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// Its number; the first is 1.
    pub seq: i64,
    /// When it was recorded.
    pub recorded: Instant,
    /// Who acted: an id text, or `system`, `command_line`, `anonymous`.
    pub actor: String,
    /// What was done, as the word of an action.
    pub action: String,
    /// How it ended.
    pub outcome: String,
    /// The request it came with.
    pub request: Option<String>,
    /// What it touched.
    pub targets: Vec<ObjectRef>,
    /// What is kept about each subject; the body is none once erased.
    pub details: Vec<StoredDetail>,
}

/// What the log keeps about a subject of an entry.
#[derive(Debug, Clone, PartialEq)]
pub struct StoredDetail {
    /// Whom or what it is about, as id text.
    pub subject: String,
    /// The details; none once erased.
    pub body: Option<Value>,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    seq: i64,
    recorded: At,
    actor: String,
    action: String,
    outcome: String,
    request: Option<String>,
}

impl ReadTx {
    /// One entry with targets and details.
    #[boxed]
    pub async fn audit_entry(&mut self, seq: i64) -> Result<Option<Entry>> {
        let text =
            "SELECT seq, recorded, actor, action, outcome, request FROM audit_entry WHERE seq = $1";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(seq).fetch_all(c).await)?;
        Ok(self.complete(rows).await?.pop())
    }

    /// The canonical JSON of an entry and its leaf hash.
    #[boxed]
    pub async fn audit_leaf(&mut self, seq: i64) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let text = "SELECT leaf, leaf_hash FROM audit_entry WHERE seq = $1";
        Ok(on!(self, c => sqlx::query_as(text).bind(seq).fetch_optional(c).await)?)
    }

    /// The entries that touched an object, the newest first; `below` continues under an entry.
    #[boxed]
    pub async fn audit_of(
        &mut self,
        object: ObjectRef,
        below: Option<i64>,
        most: i64,
    ) -> Result<Vec<Entry>> {
        let text = "SELECT seq, recorded, actor, action, outcome, request FROM audit_entry \
             WHERE seq IN (SELECT seq FROM audit_target WHERE kind = $1 AND object_id = $2 AND seq < $3 ORDER BY seq DESC LIMIT $4) \
             ORDER BY seq DESC";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(object.kind.name())
            .bind(object.raw)
            .bind(below.unwrap_or(i64::MAX))
            .bind(most)
            .fetch_all(c).await)?;
        self.complete(rows).await
    }

    /// The entries that made the versions of a role, the newest first. What an import made has none: its records are in
    /// the manifest of its run.
    #[boxed]
    pub async fn entries_of_role(&mut self, id: RoleId) -> Result<Vec<Entry>> {
        // From the versions by their moments: a role that was given to many has many entries that changed nothing of it.
        let text = "SELECT e.seq, e.recorded, e.actor, e.action, e.outcome, e.request \
             FROM role r CROSS JOIN audit_entry e CROSS JOIN audit_target t \
             WHERE r.id = $1 AND e.recorded = r.recorded_from AND t.seq = e.seq AND t.kind = $2 \
             AND t.object_id = r.id AND t.content IS NOT NULL ORDER BY e.seq DESC";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(id.raw())
            .bind(ObjectKind::Role.name())
            .fetch_all(c).await)?;
        self.complete(rows).await
    }

    /// Number and moment of the last entry.
    #[boxed]
    pub async fn audit_head(&mut self) -> Result<(i64, Instant)> {
        let (seq, recorded): (i64, At) = on!(self, c => sqlx::query_as("SELECT seq, recorded FROM audit_head").fetch_one(c).await)?;
        Ok((seq, recorded.0))
    }

    /// Adds targets and details to rows.
    async fn complete(&mut self, rows: Vec<Row>) -> Result<Vec<Entry>> {
        let wanted =
            serde_json::Value::from(rows.iter().map(|row| row.seq).collect::<Vec<_>>()).to_string();
        let targets = sql!(self,
            sqlite: "SELECT seq, kind, object_id FROM audit_target WHERE seq IN (SELECT value FROM json_each($1)) ORDER BY seq, ordinal",
            postgres: "SELECT seq, kind, object_id FROM audit_target WHERE seq IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY seq, ordinal",
        );
        let details = sql!(self,
            sqlite: "SELECT seq, subject, body FROM audit_detail WHERE seq IN (SELECT value FROM json_each($1)) ORDER BY seq, ordinal",
            postgres: "SELECT seq, subject, body FROM audit_detail WHERE seq IN (SELECT value::bigint FROM json_array_elements_text($1::json)) ORDER BY seq, ordinal",
        );
        let targets: Vec<(i64, String, i64)> =
            on!(self, c => sqlx::query_as(targets).bind(&wanted).fetch_all(c).await)?;
        let details: Vec<(i64, String, Option<String>)> =
            on!(self, c => sqlx::query_as(details).bind(&wanted).fetch_all(c).await)?;
        let mut entries: Vec<Entry> = rows
            .into_iter()
            .map(|row| Entry {
                seq: row.seq,
                recorded: row.recorded.0,
                actor: row.actor,
                action: row.action,
                outcome: row.outcome,
                request: row.request,
                targets: Vec::new(),
                details: Vec::new(),
            })
            .collect();
        let place: std::collections::HashMap<i64, usize> = entries
            .iter()
            .enumerate()
            .map(|(i, entry)| (entry.seq, i))
            .collect();
        for (seq, kind, raw) in targets {
            let kind = ObjectKind::from_name(&kind)
                .ok_or_else(|| Error::damaged(format!("audit_target of entry {seq}")))?;
            if let Some(i) = place.get(&seq) {
                entries[*i].targets.push(ObjectRef { kind, raw });
            }
        }
        for (seq, subject, body) in details {
            let body = body.map(|text| serde_json::from_str(&text)).transpose();
            let body = body.map_err(|_| Error::damaged(format!("audit_detail of entry {seq}")))?;
            if let Some(i) = place.get(&seq) {
                entries[*i].details.push(StoredDetail { subject, body });
            }
        }
        Ok(entries)
    }
}
