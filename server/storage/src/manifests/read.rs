//! Reading manifests: by page for people, by chunk for verification and proofs.

use crate::boxed;
use domain::id::{ObjectKind, SourceRunId};
use domain::source::{FileKind, RowChange, RowRecord};
use domain::time::Instant;
use proof::hash::{Hash, leaf_hash};

use super::record;
use crate::column::At;
use crate::deflate::inflate;
use crate::engine::ReadTx;
use crate::{Error, Result};

/// A record with its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestRow {
    /// Its leaf in the run's tree, counted from 0.
    pub leaf: u64,
    /// When it was recorded.
    pub recorded: Instant,
    /// What it says.
    pub record: RowRecord,
    /// The canonical JSON that is hashed.
    pub canonical: String,
}

/// A chunk of a manifest as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestChunk {
    /// Of which run.
    pub run: SourceRunId,
    /// Its place among the run's chunks, counted from 0.
    pub ordinal: i64,
    /// The leaf of its first record.
    pub first_leaf: i64,
    /// How many records it has.
    pub leaves: i64,
    /// When they were recorded.
    pub recorded: Instant,
    /// The records, one a line.
    pub body: String,
}

impl ManifestChunk {
    /// The canonical JSON of its records.
    pub fn lines(&self) -> impl Iterator<Item = &str> {
        self.body.split('\n')
    }

    /// Kind, number and content hash of the objects that its records mark.
    pub fn marks(&self) -> impl Iterator<Item = (ObjectKind, i64, [u8; 32])> {
        self.lines().filter_map(record::content_mark)
    }
}

/// What a run says of its manifest, for verification.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ManifestSeal {
    /// The run.
    pub run: SourceRunId,
    /// The edge of the tree that the next chunk goes on from.
    pub frontier: Vec<u8>,
    /// How many records there are.
    pub records: i64,
    /// The root, once the run is over.
    pub root: Option<Vec<u8>>,
    /// The entry that ended the run.
    pub finished_seq: Option<i64>,
}

pub(super) type Row = (i64, i64, i64, i64, At, Vec<u8>);

pub(super) fn into_chunk(
    (run, ordinal, first_leaf, leaves, recorded, body): Row,
) -> Result<ManifestChunk> {
    let run = SourceRunId::from_raw(run);
    let damaged = |_| Error::damaged(format!("chunk {ordinal} of the manifest of run {run}"));
    Ok(ManifestChunk {
        run,
        ordinal,
        first_leaf,
        leaves,
        recorded: recorded.0,
        body: String::from_utf8(inflate(&body)?).map_err(damaged)?,
    })
}

type SealRow = (i64, Vec<u8>, i64, Option<Vec<u8>>, Option<i64>);

impl ReadTx {
    /// What runs after a run say of their manifests, in the order of runs.
    #[boxed]
    pub async fn manifest_seals(&mut self, after: i64, most: i64) -> Result<Vec<ManifestSeal>> {
        let text = "SELECT id, frontier, records, root, finished_seq FROM source_run WHERE id > $1 ORDER BY id LIMIT $2";
        let rows: Vec<SealRow> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(
                |(run, frontier, records, root, finished_seq)| ManifestSeal {
                    run: SourceRunId::from_raw(run),
                    frontier,
                    records,
                    root,
                    finished_seq,
                },
            )
            .collect())
    }

    /// Chunks of all manifests after a run and ordinal, in the order of run and ordinal.
    #[boxed]
    pub async fn manifest_chunks(
        &mut self,
        after: (i64, i64),
        most: i64,
    ) -> Result<Vec<ManifestChunk>> {
        let text = "SELECT run_id, ordinal, first_leaf, leaves, recorded, body FROM manifest_chunk \
                    WHERE (run_id, ordinal) > ($1, $2) ORDER BY run_id, ordinal LIMIT $3";
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(after.0).bind(after.1).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_chunk).collect()
    }

    /// Records of a run from a leaf on; only those of a change and a file, when asked.
    #[boxed]
    pub async fn manifest_page(
        &mut self,
        run: SourceRunId,
        only: (Option<RowChange>, Option<FileKind>),
        from: u64,
        most: usize,
    ) -> Result<Vec<ManifestRow>> {
        let mut rows = Vec::with_capacity(most);
        let mut leaf = i64::try_from(from).unwrap_or(i64::MAX);
        while rows.len() < most {
            let Some(chunk) = self.chunk_from(run, leaf).await? else {
                break;
            };
            for (place, line) in (chunk.first_leaf..).zip(chunk.lines()) {
                if place < leaf || rows.len() == most {
                    continue;
                }
                let record = record::read(line)?;
                let wanted = only.0.is_none_or(|change| change == record.change)
                    && only.1.is_none_or(|file| file == record.file);
                if wanted {
                    rows.push(ManifestRow {
                        leaf: u64::try_from(place).unwrap_or(0),
                        recorded: chunk.recorded,
                        record,
                        canonical: line.to_owned(),
                    });
                }
            }
            leaf = chunk.first_leaf + chunk.leaves;
        }
        Ok(rows)
    }

    /// The leaf hashes of a run's records, from which any of them is proven.
    #[boxed]
    pub async fn manifest_leaf_hashes(&mut self, run: SourceRunId) -> Result<Vec<Hash>> {
        let mut hashes = Vec::new();
        let mut leaf = 0;
        while let Some(chunk) = self.chunk_from(run, leaf).await? {
            hashes.extend(chunk.lines().map(|line| leaf_hash(line.as_bytes())));
            leaf = chunk.first_leaf + chunk.leaves;
        }
        Ok(hashes)
    }

    /// The chunk that holds a leaf, or the next one.
    async fn chunk_from(&mut self, run: SourceRunId, leaf: i64) -> Result<Option<ManifestChunk>> {
        let text = "SELECT run_id, ordinal, first_leaf, leaves, recorded, body FROM manifest_chunk \
                    WHERE run_id = $1 AND ordinal >= $3 AND first_leaf + leaves > $2 ORDER BY ordinal LIMIT 1";
        let near = self.ordinal_near(run, leaf).await?;
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).bind(run.raw()).bind(leaf).bind(near).fetch_optional(c).await)?;
        row.map(into_chunk).transpose()
    }

    /// An ordinal at or before the chunk of a leaf, found by halving: chunks have no index by leaf.
    async fn ordinal_near(&mut self, run: SourceRunId, leaf: i64) -> Result<i64> {
        let text = "SELECT max(ordinal) FROM manifest_chunk WHERE run_id = $1";
        let last: Option<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(run.raw()).fetch_one(c).await)?;
        let text = "SELECT first_leaf FROM manifest_chunk WHERE run_id = $1 AND ordinal = $2";
        let (mut low, mut high) = (0, last.unwrap_or(0));
        while low < high {
            let middle = low + (high - low + 1) / 2;
            let first: Option<i64> = on!(self, c => sqlx::query_scalar(text).bind(run.raw()).bind(middle).fetch_optional(c).await)?;
            match first {
                Some(first) if first <= leaf => low = middle,
                _ => high = middle - 1,
            }
        }
        Ok(low)
    }
}
