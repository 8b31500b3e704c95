//! Who works on a job: a worker takes one for a while, keeps it while it works, and gives it up with how it ended.
//!
//! Every call of a worker names its lease; once somebody else has taken the job they answer [`Error::Stale`], so that
//! two workers never carry out the same job. Writes are serial on both engines, so claiming needs no row locks.

use crate::boxed;
use domain::id::JobId;
use domain::job::{Job, JobProgress, JobState, JobWish};
use domain::time::Instant;

use super::row::{kept, stored};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// A worker's hold on a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lease {
    /// Which job.
    pub job: JobId,
    /// A word that nobody else has.
    pub owner: String,
}

/// How a worker leaves a job.
#[derive(Debug, Clone, PartialEq)]
pub enum Settled {
    /// Done, with what came out.
    Done(serde_json::Value),
    /// Given up, with the reason in a sentence.
    Failed(String),
    /// Stopped, to go on later.
    Paused,
    /// Stopped for good.
    Cancelled,
    /// Begun again at a moment; a sentence when the attempt failed. A fresh start forgets the attempts.
    Again {
        /// Not before this.
        at: Instant,
        /// Why the attempt failed.
        failure: Option<String>,
        /// Whether attempts are counted from the beginning.
        fresh: bool,
    },
}

impl Settled {
    const fn state(&self) -> JobState {
        match self {
            Self::Done(_) => JobState::Done,
            Self::Failed(_) => JobState::Failed,
            Self::Paused => JobState::Paused,
            Self::Cancelled => JobState::Cancelled,
            Self::Again { .. } => JobState::Queued,
        }
    }
}

impl ReadTx {
    /// Whether a job waits for a worker: its time has come, or its worker has not been heard of. What was asked for to
    /// begin at once need not wait until a clock that stands behind the database has caught up.
    #[boxed]
    pub async fn job_due(&mut self, now: Instant) -> Result<bool> {
        let text = "SELECT EXISTS (SELECT 1 FROM job WHERE (state = 'queued' AND (run_at <= $1 OR run_at = updated)) \
                    OR (state = 'running' AND lease_until < $1)) AS due";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(At(now)).fetch_one(c).await)?)
    }
}

impl WriteTx {
    /// Takes the job that has waited longest, until a moment.
    #[boxed]
    pub async fn claim_job(
        &mut self,
        owner: &str,
        now: Instant,
        until: Instant,
    ) -> Result<Option<Job>> {
        let text = "UPDATE job SET state = 'running', lease_owner = $1, lease_until = $2, attempts = attempts + 1, \
                    started = COALESCE(started, $3), attempt_started = $3, attempt_from = done, updated = $3 \
                    WHERE id = (SELECT w.id FROM job w WHERE (w.state = 'queued' AND (w.run_at <= $3 OR w.run_at = w.updated)) \
                    OR (w.state = 'running' AND w.lease_until < $3) ORDER BY w.run_at, w.id LIMIT 1) RETURNING id";
        let id: Option<i64> = on!(self, c => sqlx::query_scalar(text)
            .bind(owner)
            .bind(At(until))
            .bind(At(now))
            .fetch_optional(c).await)?;
        match id {
            Some(id) => self.job(JobId::from_raw(id)).await,
            None => Ok(None),
        }
    }

    /// Keeps a job until a moment and writes how far it is. Answers what is asked of it.
    #[boxed]
    pub async fn keep_job(
        &mut self,
        lease: &Lease,
        now: Instant,
        until: Instant,
        progress: &JobProgress,
    ) -> Result<Option<JobWish>> {
        let text = "UPDATE job SET lease_until = $3, updated = $4, done = $5, total = $6, problems = $7, note = $8, counts = $9, \
                    attempt_from = CASE WHEN attempt_from > $5 THEN $5 ELSE attempt_from END \
                    WHERE id = $1 AND lease_owner = $2 AND state = 'running' RETURNING COALESCE(wish, '') AS wish";
        let counts = counts(progress)?;
        let wish: Option<String> = on!(self, c => sqlx::query_scalar(text)
            .bind(lease.job.raw())
            .bind(&lease.owner)
            .bind(At(until))
            .bind(At(now))
            .bind(stored(progress.done))
            .bind(progress.total.map(stored))
            .bind(stored(progress.problems))
            .bind(kept(&progress.note))
            .bind(&counts)
            .fetch_optional(c).await)?;
        Ok(JobWish::from_word(&wish.ok_or(Error::Stale)?))
    }

    /// From this transaction on the job cannot be called off. Answers whether that was in time.
    #[boxed]
    pub async fn hold_job(&mut self, lease: &Lease) -> Result<bool> {
        let text = "UPDATE job SET cancellable = $3 WHERE id = $1 AND lease_owner = $2 AND state = 'running' \
                    AND (wish IS NULL OR wish <> 'cancel' OR NOT cancellable)";
        let held = on!(self, c => sqlx::query(text).bind(lease.job.raw()).bind(&lease.owner).bind(false)
            .execute(c).await.map(|done| done.rows_affected()))?;
        Ok(held == 1)
    }

    /// Gives a job up with how it ended and how far it came. What was asked of one that begins again is not forgotten:
    /// whoever claims it next hears of it.
    #[boxed]
    pub async fn settle_job(
        &mut self,
        lease: &Lease,
        now: Instant,
        settled: &Settled,
        progress: &JobProgress,
    ) -> Result<()> {
        let text = "UPDATE job SET state = $3, wish = CASE WHEN $3 = 'queued' THEN wish END, lease_owner = NULL, lease_until = NULL, updated = $4, \
                    finished = $5, result = COALESCE($6, result), failure = $7, run_at = COALESCE($8, run_at), \
                    attempts = CASE WHEN $9 THEN 0 ELSE attempts END, done = $10, total = $11, problems = $12, \
                    note = $13, counts = $14 \
                    WHERE id = $1 AND lease_owner = $2 AND state = 'running'";
        let state = settled.state();
        let result = match settled {
            Settled::Done(result) => Some(result.to_string()),
            _ => None,
        };
        let (again, failure, fresh) = match settled {
            Settled::Again { at, failure, fresh } => (Some(At(*at)), failure.as_deref(), *fresh),
            Settled::Failed(reason) => (None, Some(reason.as_str()), false),
            _ => (None, None, false),
        };
        let finished = state.is_over().then_some(At(now));
        let counts = counts(progress)?;
        let changed = on!(self, c => sqlx::query(text)
            .bind(lease.job.raw())
            .bind(&lease.owner)
            .bind(state.word())
            .bind(At(now))
            .bind(finished)
            .bind(&result)
            .bind(failure.map(kept))
            .bind(again)
            .bind(fresh)
            .bind(stored(progress.done))
            .bind(progress.total.map(stored))
            .bind(stored(progress.problems))
            .bind(kept(&progress.note))
            .bind(&counts)
            .execute(c).await.map(|done| done.rows_affected()))?;
        if changed == 1 {
            Ok(())
        } else {
            Err(Error::Stale)
        }
    }
}

fn counts(progress: &JobProgress) -> Result<String> {
    let text = serde_json::to_string(&progress.counts);
    text.map_err(|e| Error::Entry(e.to_string()))
}
