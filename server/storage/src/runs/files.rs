//! The files of a run and their raw pieces, deflated, so that any process can go on with the run.

use crate::boxed;
use domain::id::SourceRunId;
use domain::source::{FileKind, RunFile};
use sqlx::types::Json;

use crate::deflate::{deflate, inflate};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

type Row = (String, String, i64, Vec<u8>, Json<Vec<String>>);

fn into_file((kind, name, bytes, sha256, header): Row) -> Result<RunFile> {
    let damaged = || Error::damaged(format!("run_file {name}"));
    Ok(RunFile {
        kind: FileKind::from_word(&kind).ok_or_else(damaged)?,
        bytes: u64::try_from(bytes).map_err(|_| damaged())?,
        sha256: sha256.try_into().map_err(|_| damaged())?,
        header: header.0,
        name,
    })
}

impl ReadTx {
    /// Runs that are over and whose files are still there: whoever ended them was cut off before they were removed.
    #[boxed]
    pub async fn runs_over_with_files(&mut self) -> Result<Vec<SourceRunId>> {
        let text = "SELECT r.id FROM source_run r WHERE r.state IN ('applied', 'refused', 'failed', 'cancelled') \
                    AND EXISTS (SELECT 1 FROM run_chunk c WHERE c.run_id = r.id) ORDER BY r.id";
        let rows: Vec<i64> = on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?;
        Ok(rows.into_iter().map(SourceRunId::from_raw).collect())
    }

    /// The files of a run, in the order of their kinds' words.
    #[boxed]
    pub async fn run_files(&mut self, run: SourceRunId) -> Result<Vec<RunFile>> {
        let text = "SELECT kind, name, bytes, sha256, header FROM run_file WHERE run_id = $1 ORDER BY kind";
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(run.raw()).fetch_all(c).await)?;
        rows.into_iter().map(into_file).collect()
    }

    /// A piece of a file as it was handed over; none after the last one, or once they are gone.
    #[boxed]
    pub async fn run_chunk(
        &mut self,
        run: SourceRunId,
        kind: FileKind,
        ordinal: i64,
    ) -> Result<Option<Vec<u8>>> {
        let text = "SELECT body FROM run_chunk WHERE run_id = $1 AND kind = $2 AND ordinal = $3";
        let body: Option<Vec<u8>> = on!(self, c => sqlx::query_scalar(text)
            .bind(run.raw())
            .bind(kind.word())
            .bind(ordinal)
            .fetch_optional(c).await)?;
        body.map(|body| inflate(&body)).transpose()
    }
}

impl WriteTx {
    /// Says which file a run has; one of the same kind is replaced.
    #[boxed]
    pub async fn put_run_file(&mut self, run: SourceRunId, file: &RunFile) -> Result<()> {
        let text = "INSERT INTO run_file (run_id, kind, name, bytes, sha256, header) VALUES ($1, $2, $3, $4, $5, $6) \
                    ON CONFLICT (run_id, kind) DO UPDATE SET name = excluded.name, bytes = excluded.bytes, sha256 = excluded.sha256, \
                    header = excluded.header";
        let bytes = i64::try_from(file.bytes).unwrap_or(i64::MAX);
        on!(self, c => sqlx::query(text)
            .bind(run.raw())
            .bind(file.kind.word())
            .bind(&file.name)
            .bind(bytes)
            .bind(&file.sha256[..])
            .bind(Json(&file.header))
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Keeps a piece of a file, counted from 0.
    #[boxed]
    pub async fn append_run_chunk(
        &mut self,
        run: SourceRunId,
        kind: FileKind,
        ordinal: i64,
        raw: &[u8],
    ) -> Result<()> {
        let body = deflate(raw);
        let text = "INSERT INTO run_chunk (run_id, kind, ordinal, body) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (run_id, kind, ordinal) DO UPDATE SET body = excluded.body";
        on!(self, c => sqlx::query(text)
            .bind(run.raw())
            .bind(kind.word())
            .bind(ordinal)
            .bind(&body)
            .execute(c).await.map(drop))?;
        Ok(())
    }

    /// Takes a file out of a run: at most so many of its pieces, and once none is left, the file. Answers how many pieces.
    #[boxed]
    pub async fn delete_run_file(
        &mut self,
        run: SourceRunId,
        kind: FileKind,
        most: i64,
    ) -> Result<u64> {
        let text = "DELETE FROM run_chunk WHERE run_id = $1 AND kind = $2 AND ordinal IN \
                    (SELECT ordinal FROM run_chunk WHERE run_id = $1 AND kind = $2 ORDER BY ordinal LIMIT $3)";
        let gone = on!(self, c => sqlx::query(text).bind(run.raw()).bind(kind.word()).bind(most).execute(c).await
            .map(|done| done.rows_affected()))?;
        let text = "DELETE FROM run_file WHERE run_id = $1 AND kind = $2 \
                    AND NOT EXISTS (SELECT 1 FROM run_chunk WHERE run_id = $1 AND kind = $2)";
        on!(self, c => sqlx::query(text).bind(run.raw()).bind(kind.word()).execute(c).await.map(drop))?;
        Ok(gone)
    }

    /// Removes at most so many pieces of a run's files; answers how many.
    #[boxed]
    pub async fn delete_run_chunks(&mut self, run: SourceRunId, most: i64) -> Result<u64> {
        let text = "DELETE FROM run_chunk WHERE run_id = $1 AND (kind, ordinal) IN \
                    (SELECT kind, ordinal FROM run_chunk WHERE run_id = $1 ORDER BY kind, ordinal LIMIT $2)";
        let gone = on!(self, c => sqlx::query(text).bind(run.raw()).bind(most).execute(c).await
            .map(|done| done.rows_affected()))?;
        Ok(gone)
    }
}
