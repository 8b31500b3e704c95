//! What is wrong in the files of a run, line by line.

use crate::boxed;
use domain::id::SourceRunId;
use domain::source::{FileKind, PROBLEMS_KEPT, RunProblem};

use crate::bulk::Rows;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

impl ReadTx {
    /// Problems of a run after an ordinal, in the order in which they were found.
    #[boxed]
    pub async fn run_problems(
        &mut self,
        run: SourceRunId,
        after: i64,
        most: i64,
    ) -> Result<Vec<(i64, RunProblem)>> {
        let text = "SELECT ordinal, kind, line, field, message FROM run_problem WHERE run_id = $1 AND ordinal > $2 \
                    ORDER BY ordinal LIMIT $3";
        let rows: Vec<(i64, String, i64, String, String)> = on!(self, c => sqlx::query_as(text).bind(run.raw()).bind(after).bind(most).fetch_all(c).await)?;
        rows.into_iter()
            .map(|(ordinal, kind, line, column, message)| {
                let damaged = || Error::damaged(format!("run_problem {ordinal} of run {run}"));
                let problem = RunProblem {
                    kind: FileKind::from_word(&kind).ok_or_else(damaged)?,
                    line: u64::try_from(line).map_err(|_| damaged())?,
                    column,
                    message,
                };
                Ok((ordinal, problem))
            })
            .collect()
    }

    /// How many problems of a run are kept.
    #[boxed]
    pub async fn run_problem_count(&mut self, run: SourceRunId) -> Result<u64> {
        let text = "SELECT count(*) FROM run_problem WHERE run_id = $1";
        let count: i64 =
            on!(self, c => sqlx::query_scalar(text).bind(run.raw()).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }
}

impl WriteTx {
    /// Keeps problems, the first of them under an ordinal counted from 1; what is above [`PROBLEMS_KEPT`] is left out.
    #[boxed]
    pub async fn insert_run_problems(
        &mut self,
        run: SourceRunId,
        first: i64,
        problems: &[RunProblem],
    ) -> Result<()> {
        let kept = i64::try_from(PROBLEMS_KEPT).unwrap_or(i64::MAX);
        let numbered = (first..=kept).zip(problems);
        let rows = Rows::of(numbered, |cells, (ordinal, problem)| {
            cells.number(ordinal);
            cells.text(problem.kind.word());
            cells.number(i64::try_from(problem.line).unwrap_or(i64::MAX));
            cells.text(&problem.column);
            cells.text(&problem.message);
        });
        let text = of_rows!(
            self,
            "INSERT INTO run_problem (run_id, ordinal, kind, line, field, message) SELECT CAST($2 AS BIGINT), ",
            [number 0, text 1, number 2, text 3, text 4],
            " ON CONFLICT (run_id, ordinal) DO NOTHING"
        );
        on!(self, c => sqlx::query(text).bind(&rows).bind(run.raw()).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Forgets the problems of a run, because its files are read again.
    #[boxed]
    pub async fn delete_run_problems(&mut self, run: SourceRunId) -> Result<()> {
        let text = "DELETE FROM run_problem WHERE run_id = $1";
        on!(self, c => sqlx::query(text).bind(run.raw()).execute(c).await.map(drop))?;
        Ok(())
    }
}
