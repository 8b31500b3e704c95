//! What went wrong with single items of a job.

use crate::boxed;
use domain::id::JobId;

use super::row::kept;
use crate::Result;
use crate::engine::{ReadTx, WriteTx};

/// So many problems of a job are kept; the rest is only counted.
pub const MOST_PROBLEMS: i64 = 10_000;

/// A problem with one item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobProblem {
    /// The item: an id as text, a name, or nothing.
    pub subject: String,
    /// What is wrong and what to do, in a sentence.
    pub message: String,
}

impl ReadTx {
    /// Problems of a job after the one with this number, in their order, each with its number from 1 on.
    #[boxed]
    pub async fn job_problems(
        &mut self,
        id: JobId,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, JobProblem)>> {
        let text = "SELECT ordinal, subject, message FROM job_problem WHERE job_id = $1 AND ordinal > $2 ORDER BY ordinal LIMIT $3";
        let rows: Vec<(i64, String, String)> = on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(after).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(|(ordinal, subject, message)| (ordinal, JobProblem { subject, message }))
            .collect())
    }
}

impl WriteTx {
    /// Adds problems to a job until it has [`MOST_PROBLEMS`].
    #[boxed]
    pub async fn add_job_problems(&mut self, id: JobId, problems: &[JobProblem]) -> Result<()> {
        let last = "SELECT COALESCE(max(ordinal), 0) FROM job_problem WHERE job_id = $1";
        let last: i64 = on!(self, c => sqlx::query_scalar(last).bind(id.raw()).fetch_one(c).await)?;
        let text =
            "INSERT INTO job_problem (job_id, ordinal, subject, message) VALUES ($1, $2, $3, $4)";
        for (ordinal, problem) in (last + 1..=MOST_PROBLEMS).zip(problems) {
            on!(self, c => sqlx::query(text)
                .bind(id.raw())
                .bind(ordinal)
                .bind(kept(&problem.subject))
                .bind(kept(&problem.message))
                .execute(c).await.map(drop))?;
        }
        Ok(())
    }

    /// Forgets the problems of a job, for an attempt that begins from the start.
    #[boxed]
    pub async fn clear_job_problems(&mut self, id: JobId) -> Result<()> {
        on!(self, c => sqlx::query("DELETE FROM job_problem WHERE job_id = $1").bind(id.raw()).execute(c).await.map(drop))?;
        Ok(())
    }
}
