//! Jobs: asking for one, reading it, and what people do to it. Who works on it is in `lease`.
//!
//! Nothing here is versioned or in the log; the use cases record who asked for a job and who called it off.

mod file;
mod lease;
mod list;
mod problems;
mod row;

use crate::boxed;
use domain::id::{IdentityId, JobId, ObjectKind, ObjectRef};
use domain::job::{Job, JobKind, JobState, JobWish};
use domain::time::Instant;

pub use file::JobFile;
pub use lease::{Lease, Settled};
pub use list::{JobRow, TOKENS};
pub use problems::{JobProblem, MOST_PROBLEMS};

use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};
use row::{Row, columns, kept};

/// A job that is asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct NewJob {
    /// What it does.
    pub kind: JobKind,
    /// What it works on.
    pub payload: serde_json::Value,
    /// At most one job with this key is not over.
    pub live_key: Option<String>,
    /// What it is about.
    pub subject: Option<ObjectRef>,
    /// What it does, in a sentence.
    pub title: String,
    /// Not before this; now when none.
    pub run_at: Option<Instant>,
    /// Whether it can be called off; a timer goes on as long as there is a reason for it.
    pub cancellable: bool,
    /// Who asks.
    pub created_by: Option<IdentityId>,
}

impl ReadTx {
    /// A job.
    #[boxed]
    pub async fn job(&mut self, id: JobId) -> Result<Option<Job>> {
        let text = concat!("SELECT ", columns!(), " FROM job j WHERE j.id = $1");
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_job).transpose()
    }

    /// The job of a key that is not over.
    #[boxed]
    pub async fn live_job(&mut self, key: &str) -> Result<Option<JobId>> {
        let text =
            "SELECT id FROM job WHERE live_key = $1 AND state IN ('queued', 'running', 'paused')";
        let id: Option<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(kept(key)).fetch_optional(c).await)?;
        Ok(id.map(JobId::from_raw))
    }

    /// The jobs of a kind about an object, the newest first.
    #[boxed]
    pub async fn jobs_about(
        &mut self,
        subject: ObjectRef,
        kind: JobKind,
        most: i64,
    ) -> Result<Vec<Job>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM job j WHERE j.subject = $1 AND j.kind = $2 AND j.subject IS NOT NULL ORDER BY j.id DESC LIMIT $3"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(subject.to_string())
            .bind(kind.word())
            .bind(most)
            .fetch_all(c).await)?;
        rows.into_iter().map(Row::into_job).collect()
    }

    /// The newest job of a key, also when it is over. It looks through all jobs that are remembered: not for pages.
    #[boxed]
    pub async fn last_job(&mut self, key: &str) -> Result<Option<Job>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM job j WHERE j.live_key = $1 ORDER BY j.id DESC LIMIT 1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(kept(key)).fetch_optional(c).await)?;
        row.map(Row::into_job).transpose()
    }
}

impl WriteTx {
    /// Asks for a job in this transaction. When one of its key is not over, that one is answered and nothing is added.
    #[boxed]
    pub async fn enqueue(&mut self, job: &NewJob) -> Result<JobId> {
        if let Some(key) = &job.live_key
            && let Some(live) = self.live_job(key).await?
        {
            return Ok(live);
        }
        let id = self.next_id(ObjectKind::Job).await?;
        let now = self.recorded;
        let text = "INSERT INTO job (id, kind, payload, live_key, subject, title, state, cancellable, run_at, attempts, done, \
                    problems, note, counts, created, created_by, attempt_from, updated) \
                    VALUES ($1, $2, $3, $4, $5, $6, 'queued', $7, $8, 0, 0, 0, '', '[]', $9, $10, 0, $9)";
        on!(self, c => sqlx::query(text)
            .bind(id)
            .bind(job.kind.word())
            .bind(job.payload.to_string())
            .bind(job.live_key.as_deref().map(kept))
            .bind(job.subject.map(|subject| subject.to_string()))
            .bind(kept(&job.title))
            .bind(job.cancellable)
            .bind(At(job.run_at.unwrap_or(now)))
            .bind(At(now))
            .bind(job.created_by.map(IdentityId::raw))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(JobId::from_raw(id))
    }

    /// Notes for the worker of a running job what is asked of it; none takes it back. [`Error::Stale`] when it does not
    /// run, or can no longer be called off.
    #[boxed]
    pub async fn wish_job(&mut self, id: JobId, wish: Option<JobWish>) -> Result<()> {
        let text =
            "UPDATE job SET wish = $2 WHERE id = $1 AND state = 'running' AND (cancellable OR $3)";
        let harmless = wish != Some(JobWish::Cancel);
        let changed = on!(self, c => sqlx::query(text).bind(id.raw()).bind(wish.map(JobWish::word)).bind(harmless)
            .execute(c).await.map(|done| done.rows_affected()))?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }

    /// Moves a job that no worker holds; [`Error::Stale`] when it is no longer in `from`. One that waits again begins at
    /// once and with fresh attempts.
    #[boxed]
    pub async fn move_job(&mut self, id: JobId, from: JobState, to: JobState) -> Result<()> {
        let now = At(self.recorded);
        let text = "UPDATE job SET state = $3, wish = NULL, updated = $4, \
                    run_at = CASE WHEN $3 = 'queued' THEN $4 ELSE run_at END, \
                    attempts = CASE WHEN $3 = 'queued' THEN 0 ELSE attempts END, \
                    finished = CASE WHEN $3 = 'cancelled' THEN $4 END \
                    WHERE id = $1 AND state = $2 AND state <> 'running'";
        let changed = on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(from.word())
            .bind(to.word())
            .bind(now)
            .execute(c).await.map(|done| done.rows_affected()))
        .map_err(Error::from_write)?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }

    /// Forgets jobs of a kind that were done in a time: there are many of them, and none says anything.
    #[boxed]
    pub async fn forget_done_jobs(
        &mut self,
        kind: JobKind,
        from: Instant,
        to: Instant,
    ) -> Result<()> {
        let text = "DELETE FROM job WHERE finished >= $2 AND finished < $3 AND kind = $1 AND state = 'done'";
        on!(self, c => sqlx::query(text).bind(kind.word()).bind(At(from)).bind(At(to)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets files that have expired, and jobs that ended before a moment with everything of theirs.
    #[boxed]
    pub async fn forget_jobs(&mut self, now: Instant, ended_before: Instant) -> Result<()> {
        for (text, at) in [
            (
                "DELETE FROM job_file_chunk WHERE job_id IN (SELECT job_id FROM job_file WHERE expires <= $1)",
                now,
            ),
            ("DELETE FROM job_file WHERE expires <= $1", now),
            (
                "DELETE FROM job_problem WHERE job_id IN (SELECT id FROM job WHERE finished < $1)",
                ended_before,
            ),
            (
                "DELETE FROM job_file_chunk WHERE job_id IN (SELECT id FROM job WHERE finished < $1)",
                ended_before,
            ),
            (
                "DELETE FROM job_file WHERE job_id IN (SELECT id FROM job WHERE finished < $1)",
                ended_before,
            ),
            ("DELETE FROM job WHERE finished < $1", ended_before),
        ] {
            on!(self, c => sqlx::query(text).bind(At(at)).execute(c).await.map(drop))?;
        }
        Ok(())
    }
}
