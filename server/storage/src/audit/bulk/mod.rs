//! The log in bulk, for verification: hundreds of rows at a time, their bytes end to end.
//!
//! Verification reads every row there is, so the work per row decides. SQLite hands a whole block over as one row;
//! PostgreSQL sends its rows. Values are bytes and are judged by nobody here.

mod block;
mod rows;
mod sqlite;

use domain::id::{ObjectKind, ObjectRef};
use domain::time::Instant;

use crate::Result;
use crate::engine::{Conn, ReadTx};
use block::Block;

/// An entry as its row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EntryCheck<'b> {
    /// Its number.
    pub seq: i64,
    /// Its moment.
    pub recorded: Instant,
    /// Who acted.
    pub actor: &'b [u8],
    /// What was done.
    pub action: &'b [u8],
    /// How it ended.
    pub outcome: &'b [u8],
    /// The request it came with.
    pub request: Option<&'b [u8]>,
    /// The canonical JSON.
    pub leaf: &'b [u8],
    /// Its hash as stored.
    pub leaf_hash: &'b [u8],
}

/// A target of an entry as its row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TargetCheck<'b> {
    /// Of which entry.
    pub seq: i64,
    /// Its place among the targets of the entry.
    pub ordinal: i64,
    /// What it is.
    pub kind: &'b [u8],
    /// Its number.
    pub raw: i64,
    /// Hash of its content.
    pub content: Option<&'b [u8]>,
}

impl TargetCheck<'_> {
    /// The object, if there can be such a one.
    pub fn object(&self) -> Option<ObjectRef> {
        let kind = ObjectKind::ALL
            .iter()
            .copied()
            .find(|kind| kind.name().as_bytes() == self.kind)?;
        (self.raw > 0).then_some(ObjectRef {
            kind,
            raw: self.raw,
        })
    }
}

/// What is kept about a subject of an entry as its row has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DetailCheck<'b> {
    /// Of which entry.
    pub seq: i64,
    /// Its place among the details of the entry.
    pub ordinal: i64,
    /// Whom or what it is about.
    pub subject: &'b [u8],
    /// Its salt; none once erased.
    pub salt: Option<&'b [u8]>,
    /// The canonical JSON; none once erased.
    pub body: Option<&'b [u8]>,
}

/// Entries in the order of their numbers.
#[derive(Debug, Default)]
pub struct EntryBlock(Block);

impl EntryBlock {
    /// The entries.
    pub fn iter(&self) -> impl Iterator<Item = EntryCheck<'_>> {
        self.0
            .rows(sqlite::ENTRIES.shape)
            .map(|(numbers, mut text)| EntryCheck {
                seq: numbers[0],
                recorded: Instant::from_micros(numbers[1]),
                actor: text.required(),
                action: text.required(),
                outcome: text.required(),
                request: text.optional(),
                leaf: text.required(),
                leaf_hash: text.required(),
            })
    }
}

/// Targets in the order of their entries.
#[derive(Debug, Default)]
pub struct TargetBlock(Block);

impl TargetBlock {
    /// The targets.
    pub fn iter(&self) -> impl Iterator<Item = TargetCheck<'_>> {
        self.0
            .rows(sqlite::TARGETS.shape)
            .map(|(numbers, mut text)| TargetCheck {
                seq: numbers[0],
                ordinal: numbers[1],
                raw: numbers[2],
                kind: text.required(),
                content: text.optional(),
            })
    }
}

/// Details in the order of their entries.
#[derive(Debug, Default)]
pub struct DetailBlock(Block);

impl DetailBlock {
    /// The details.
    pub fn iter(&self) -> impl Iterator<Item = DetailCheck<'_>> {
        self.0
            .rows(sqlite::DETAILS.shape)
            .map(|(numbers, mut text)| DetailCheck {
                seq: numbers[0],
                ordinal: numbers[1],
                subject: text.required(),
                salt: text.optional(),
                body: text.optional(),
            })
    }
}

impl ReadTx {
    /// The smallest and the largest number of an entry.
    pub async fn entry_range(&mut self) -> Result<Option<(i64, i64)>> {
        let text = "SELECT (SELECT min(seq) FROM audit_entry), (SELECT max(seq) FROM audit_entry)";
        let (first, last): (Option<i64>, Option<i64>) =
            on!(self, c => sqlx::query_as(text).fetch_one(c).await)?;
        Ok(first.zip(last))
    }

    /// Those of `most` numbers from one on that are entries.
    pub async fn entries_to_check(&mut self, from: i64, most: i64) -> Result<EntryBlock> {
        let to = from.saturating_add(most - 1);
        if matches!(self.conn, Conn::Sqlite(_)) {
            return self.block(&sqlite::ENTRIES, from, to).await.map(EntryBlock);
        }
        self.entry_rows(from, to).await.map(EntryBlock)
    }

    /// Targets of the entries `from..=to`.
    pub async fn targets_to_check(&mut self, from: i64, to: i64) -> Result<TargetBlock> {
        if matches!(self.conn, Conn::Sqlite(_)) {
            return self
                .block(&sqlite::TARGETS, from, to)
                .await
                .map(TargetBlock);
        }
        self.target_rows(from, to).await.map(TargetBlock)
    }

    /// Details of the entries `from..=to`.
    pub async fn details_to_check(&mut self, from: i64, to: i64) -> Result<DetailBlock> {
        if matches!(self.conn, Conn::Sqlite(_)) {
            return self
                .block(&sqlite::DETAILS, from, to)
                .await
                .map(DetailBlock);
        }
        self.detail_rows(from, to).await.map(DetailBlock)
    }
}
