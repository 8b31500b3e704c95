//! Manifests: the stored records of what runs did, each a leaf of its run's tree.
//!
//! A record's canonical JSON (RFC 8785) is hashed like an entry (RFC 6962). The run keeps the tree's right edge; the root
//! goes into the entry that ends the run. So any single row is provable, and a chunk costs no pass over the others.

mod people;
mod read;
mod record;

use crate::boxed;
use domain::audit::Event;
use domain::id::SourceRunId;
use domain::source::{RowRecord, RunTotals};
use proof::Frontier;
use proof::hash::leaf_hash;

pub use read::{ManifestChunk, ManifestRow, ManifestSeal};
pub(crate) use record::Texts;

use crate::column::At;
use crate::deflate::deflate;
use crate::engine::WriteTx;
use crate::{Error, Result};

impl WriteTx {
    /// Commits the rows of a chunk with the records of them, at least one; beside them the totals that the chunk adds to
    /// its run, and entries when single objects need their own. Every object of the log that the transaction wrote must
    /// be in a record or in an event.
    #[boxed]
    pub async fn commit_rows(
        mut self,
        run: SourceRunId,
        records: &[RowRecord],
        totals: &RunTotals,
        events: Vec<Event>,
    ) -> Result<()> {
        if records.is_empty() {
            return Err(Error::Empty);
        }
        self.append_records(run, records).await?;
        if !totals.is_empty() {
            self.add_run_totals(run, totals).await?;
        }
        let mut events = events.into_iter();
        match events.next() {
            Some(first) => self.commit(first, events.collect()).await.map(drop),
            None => self.finish().await,
        }
    }

    /// Adds a chunk to the manifest of a run.
    async fn append_records(&mut self, run: SourceRunId, records: &[RowRecord]) -> Result<()> {
        let (mut frontier, first) = self.manifest_edge(run).await?;
        let mut texts = Texts::default();
        let mut body = Vec::with_capacity(records.len() * 200);
        for record in records {
            let from = body.len();
            texts.write(record, &mut body);
            frontier.push(leaf_hash(&body[from..]));
            body.push(b'\n');
        }
        body.pop();
        let leaves = i64::try_from(records.len()).map_err(|e| Error::Entry(e.to_string()))?;
        let (recorded, body) = (At(self.recorded), deflate(&body));
        let text = "INSERT INTO manifest_chunk (run_id, ordinal, first_leaf, leaves, recorded, body) \
                    SELECT $1, COALESCE(max(ordinal), -1) + 1, $2, $3, $4, $5 FROM manifest_chunk WHERE run_id = $1";
        on!(self, c => sqlx::query(text)
            .bind(run.raw())
            .bind(first)
            .bind(leaves)
            .bind(recorded)
            .bind(&body)
            .execute(c).await.map(drop))?;
        let text = "UPDATE source_run SET frontier = $2, records = $3 WHERE id = $1";
        on!(self, c => sqlx::query(text)
            .bind(run.raw())
            .bind(frontier.to_bytes())
            .bind(first + leaves)
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// The right edge of a run's tree and how many records it has.
    pub(crate) async fn manifest_edge(&mut self, run: SourceRunId) -> Result<(Frontier, i64)> {
        let text = "SELECT frontier, records FROM source_run WHERE id = $1";
        let row: Option<(Vec<u8>, i64)> =
            on!(self, c => sqlx::query_as(text).bind(run.raw()).fetch_optional(c).await)?;
        let (frontier, records) = row.ok_or(Error::NotFound)?;
        let frontier = Frontier::from_bytes(&frontier)
            .ok()
            .filter(|frontier| i64::try_from(frontier.size()) == Ok(records));
        let frontier =
            frontier.ok_or_else(|| Error::damaged(format!("the manifest's edge of run {run}")))?;
        Ok((frontier, records))
    }
}
