//! Signed tree heads and the hashes of complete subtrees.

use crate::boxed;
use domain::time::Instant;

use crate::Result;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

/// A checkpoint as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredCheckpoint {
    /// Entries it covers.
    pub size: i64,
    /// Root hash as stored beside the note.
    pub root: Vec<u8>,
    /// The tree's right edge, from which the next checkpoint goes on.
    pub frontier: Vec<u8>,
    /// The signed note (C2SP signed-note, tlog-checkpoint).
    pub note: String,
    /// When it was made.
    pub created: Instant,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    size: i64,
    root: Vec<u8>,
    frontier: Vec<u8>,
    note: String,
    created: At,
}

impl From<Row> for StoredCheckpoint {
    fn from(row: Row) -> Self {
        Self {
            size: row.size,
            root: row.root,
            frontier: row.frontier,
            note: row.note,
            created: row.created.0,
        }
    }
}

impl ReadTx {
    /// The latest checkpoint.
    #[boxed]
    pub async fn latest_checkpoint(&mut self) -> Result<Option<StoredCheckpoint>> {
        let text = "SELECT size, root, frontier, note, created FROM audit_checkpoint ORDER BY size DESC LIMIT 1";
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).fetch_optional(c).await)?;
        Ok(row.map(StoredCheckpoint::from))
    }

    /// Checkpoints above a size, the smallest first.
    #[boxed]
    pub async fn checkpoints_above(
        &mut self,
        size: i64,
        most: i64,
    ) -> Result<Vec<StoredCheckpoint>> {
        let text = "SELECT size, root, frontier, note, created FROM audit_checkpoint WHERE size > $1 ORDER BY size LIMIT $2";
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(size).bind(most).fetch_all(c).await)?;
        Ok(rows.into_iter().map(StoredCheckpoint::from).collect())
    }

    /// Leaf hashes of the entries `from..from + most`, counting entries from 1.
    #[boxed]
    pub async fn leaf_hashes(&mut self, from: i64, most: i64) -> Result<Vec<Vec<u8>>> {
        let text = "SELECT leaf_hash FROM audit_entry WHERE seq >= $1 ORDER BY seq LIMIT $2";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(from).bind(most).fetch_all(c).await)?)
    }

    /// Hashes of complete subtrees of one level with their positions, from a position on.
    #[boxed]
    pub async fn nodes_to_check(
        &mut self,
        level: i16,
        from: i64,
        most: i64,
    ) -> Result<Vec<(i64, Vec<u8>)>> {
        let text = "SELECT position, hash FROM audit_node WHERE level = $1 AND position >= $2 ORDER BY position LIMIT $3";
        Ok(
            on!(self, c => sqlx::query_as(text).bind(level).bind(from).bind(most).fetch_all(c).await)?,
        )
    }

    /// A stored subtree, as level and position, that no tree of this size has.
    #[boxed]
    pub async fn node_beyond(&mut self, size: i64) -> Result<Option<(i16, i64)>> {
        let text = "SELECT level, position FROM audit_node WHERE level < 1 OR level > 7 OR position < 0 \
                    OR position >= (CAST($1 AS BIGINT) >> (8 * level)) ORDER BY level, position LIMIT 1";
        Ok(on!(self, c => sqlx::query_as(text).bind(size).fetch_optional(c).await)?)
    }

    /// Hashes of complete subtrees of one level, by position.
    #[boxed]
    pub async fn audit_nodes(&mut self, level: i16, from: i64, most: i64) -> Result<Vec<Vec<u8>>> {
        let text = "SELECT hash FROM audit_node WHERE level = $1 AND position >= $2 ORDER BY position LIMIT $3";
        Ok(
            on!(self, c => sqlx::query_scalar(text).bind(level).bind(from).bind(most).fetch_all(c).await)?,
        )
    }
}

impl WriteTx {
    /// Stores a checkpoint; one of the same size stays as it is.
    #[boxed]
    pub async fn insert_checkpoint(&mut self, checkpoint: &StoredCheckpoint) -> Result<()> {
        let text = "INSERT INTO audit_checkpoint (size, root, frontier, note, created) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (size) DO NOTHING";
        on!(self, c => sqlx::query(text)
            .bind(checkpoint.size)
            .bind(&checkpoint.root)
            .bind(&checkpoint.frontier)
            .bind(&checkpoint.note)
            .bind(At(checkpoint.created))
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Stores the hash of a complete subtree.
    #[boxed]
    pub async fn insert_audit_node(
        &mut self,
        level: i16,
        position: i64,
        hash: &[u8],
    ) -> Result<()> {
        let text = "INSERT INTO audit_node (level, position, hash) VALUES ($1, $2, $3) ON CONFLICT (level, position) DO NOTHING";
        on!(self, c => sqlx::query(text).bind(level).bind(position).bind(hash).execute(c).await.map(drop))?;
        Ok(())
    }
}
