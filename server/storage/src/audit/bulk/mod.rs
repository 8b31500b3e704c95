//! The log in bulk, for verification: hundreds of rows at a time, their bytes end to end.
//!
//! Verification reads every row there is, so the work per row decides. An SQLite file is read without the pool's driver;
//! PostgreSQL sends its rows. Values are bytes and are judged by nobody here.

mod block;
mod file;
mod rows;

use crate::boxed;
use domain::id::{ObjectKind, ObjectRef};
use domain::time::Instant;

use crate::engine::ReadTx;
use crate::{Result, Store};
use block::{Block, Shape};
use file::LogFile;

const ENTRY: Shape = Shape {
    numbers: 2,
    texts: 6,
};
const TARGET: Shape = Shape {
    numbers: 3,
    texts: 2,
};
const DETAIL: Shape = Shape {
    numbers: 2,
    texts: 3,
};

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
        self.0.rows(ENTRY).map(|(numbers, mut text)| EntryCheck {
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
        self.0.rows(TARGET).map(|(numbers, mut text)| TargetCheck {
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
        self.0.rows(DETAIL).map(|(numbers, mut text)| DetailCheck {
            seq: numbers[0],
            ordinal: numbers[1],
            subject: text.required(),
            salt: text.optional(),
            body: text.optional(),
        })
    }
}

/// A part of the log: entries, and the targets and details that belong to them.
#[derive(Debug, Default)]
pub struct LogChunk {
    /// The entries.
    pub entries: EntryBlock,
    /// Their targets.
    pub targets: TargetBlock,
    /// Their details.
    pub details: DetailBlock,
}

/// Numbers of entries, the first and the last.
pub type Reach = (i64, i64);

/// Reads the log for verification: an SQLite file directly, PostgreSQL through the transaction.
#[derive(Debug)]
pub struct LogReader(Option<LogFile>);

impl Store {
    /// Opens the log for verification.
    ///
    /// Begin this after the transaction it is read beside: the file then has every entry that the transaction sees. Later
    /// ones are not asked for.
    #[boxed]
    pub async fn log_reader(&self) -> Result<LogReader> {
        let file = match self {
            Self::Sqlite { file, .. } => Some(LogFile::open(file).await?),
            Self::Postgres { .. } => None,
        };
        Ok(LogReader(file))
    }
}

impl LogReader {
    /// The entries in reach, and the targets and details in another reach, which is larger where rows are looked for
    /// that belong to no entry.
    #[boxed]
    pub async fn chunk(&self, tx: &mut ReadTx, entries: Reach, parts: Reach) -> Result<LogChunk> {
        if let Some(file) = &self.0 {
            return file.chunk(entries, parts).await;
        }
        Ok(LogChunk {
            entries: EntryBlock(tx.entry_rows(entries).await?),
            targets: TargetBlock(tx.target_rows(parts).await?),
            details: DetailBlock(tx.detail_rows(parts).await?),
        })
    }
}

impl ReadTx {
    /// The smallest and the largest number of an entry.
    #[boxed]
    pub async fn entry_range(&mut self) -> Result<Option<Reach>> {
        let text = "SELECT (SELECT min(seq) FROM audit_entry), (SELECT max(seq) FROM audit_entry)";
        let (first, last): (Option<i64>, Option<i64>) =
            on!(self, c => sqlx::query_as(text).fetch_one(c).await)?;
        Ok(first.zip(last))
    }

    /// Those of `most` numbers from one on that are entries.
    #[boxed]
    pub async fn entries_to_check(&mut self, from: i64, most: i64) -> Result<EntryBlock> {
        let reach = (from, from.saturating_add(most - 1));
        self.entry_rows(reach).await.map(EntryBlock)
    }

    /// The first target or detail of an entry above this one: its table, entry and place.
    #[boxed]
    pub async fn part_above(&mut self, seq: i64) -> Result<Option<(&'static str, i64, i64)>> {
        for (table, text) in [
            (
                "audit_target",
                "SELECT seq, ordinal FROM audit_target WHERE seq > $1 ORDER BY seq, ordinal LIMIT 1",
            ),
            (
                "audit_detail",
                "SELECT seq, ordinal FROM audit_detail WHERE seq > $1 ORDER BY seq, ordinal LIMIT 1",
            ),
        ] {
            let above: Option<(i64, i16)> =
                on!(self, c => sqlx::query_as(text).bind(seq).fetch_optional(c).await)?;
            if let Some((seq, ordinal)) = above {
                return Ok(Some((table, seq, ordinal.into())));
            }
        }
        Ok(None)
    }
}
