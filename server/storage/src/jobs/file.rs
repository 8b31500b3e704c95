//! The file that a job made, in pieces. Without its row in `job_file` it is not whole yet.

use crate::boxed;
use domain::id::JobId;
use domain::time::Instant;

use super::row::{count, kept, stored};
use crate::column::At;
use crate::deflate::{deflate, inflate};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// A file that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobFile {
    /// What it is called.
    pub name: String,
    /// Its size before it was deflated.
    pub bytes: u64,
    /// When it is forgotten.
    pub expires: Instant,
}

impl ReadTx {
    /// The file of a job, once it is whole.
    #[boxed]
    pub async fn job_file(&mut self, id: JobId) -> Result<Option<JobFile>> {
        let text = "SELECT name, bytes, expires FROM job_file WHERE job_id = $1";
        let row: Option<(String, i64, At)> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        Ok(row.map(|(name, bytes, expires)| JobFile {
            name,
            bytes: count(bytes),
            expires: expires.0,
        }))
    }

    /// A piece of the file of a job; pieces are numbered from 0.
    #[boxed]
    pub async fn job_file_chunk(&mut self, id: JobId, ordinal: i64) -> Result<Option<Vec<u8>>> {
        let text = "SELECT body FROM job_file_chunk WHERE job_id = $1 AND ordinal = $2";
        let body: Option<Vec<u8>> = on!(self, c => sqlx::query_scalar(text).bind(id.raw()).bind(ordinal).fetch_optional(c).await)?;
        body.map(|body| inflate(&body)).transpose()
    }
}

impl WriteTx {
    /// Forgets the file of a job, also half of one.
    #[boxed]
    pub async fn clear_job_file(&mut self, id: JobId) -> Result<()> {
        for text in [
            "DELETE FROM job_file_chunk WHERE job_id = $1",
            "DELETE FROM job_file WHERE job_id = $1",
        ] {
            on!(self, c => sqlx::query(text).bind(id.raw()).execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Adds a piece to the file of a job; [`Error::Duplicate`] when that piece is there already.
    #[boxed]
    pub async fn add_job_file_chunk(&mut self, id: JobId, ordinal: i64, body: &[u8]) -> Result<()> {
        let text = "INSERT INTO job_file_chunk (job_id, ordinal, body) VALUES ($1, $2, $3)";
        let body = deflate(body);
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(ordinal).bind(&body[..]).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        Ok(())
    }

    /// Says that the file of a job is whole.
    #[boxed]
    pub async fn finish_job_file(&mut self, id: JobId, file: &JobFile) -> Result<()> {
        let text = "INSERT INTO job_file (job_id, name, bytes, expires) VALUES ($1, $2, $3, $4)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(kept(&file.name))
            .bind(stored(file.bytes))
            .bind(At(file.expires))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(())
    }
}
