//! Runs of sources: their life, totals, files and problems.
//!
//! Operational, not versioned: what a run did is in its manifest, and that it did it in its two entries.

mod files;
mod lease;
mod problems;
mod row;

use crate::boxed;
use domain::audit::Bulk;
use domain::id::{ObjectKind, RoleId, SourceId, SourceRunId};
use domain::source::{ImportMode, RunState, RunTotals, SourceRun};
use domain::time::Instant;
use proof::Frontier;
use serde_json::Value;
use sqlx::types::Json;

use row::{Row, columns};

use crate::bulk::keys;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// A run as it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRun {
    /// Of which source.
    pub source: SourceId,
    /// What missing rows mean.
    pub mode: ImportMode,
    /// Who brought its files, as the log writes actors.
    pub created_by: String,
    /// Why it may end more than a tenth of the source.
    pub allow_shrink: Option<String>,
}

impl ReadTx {
    /// A run.
    #[boxed]
    pub async fn run(&mut self, id: SourceRunId) -> Result<Option<SourceRun>> {
        let text = concat!("SELECT ", columns!(), " FROM source_run r WHERE r.id = $1");
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_run).transpose()
    }

    /// The runs that made versions of a role, each with the version's moment.
    #[boxed]
    pub async fn runs_of_role(&mut self, id: RoleId) -> Result<Vec<(Instant, SourceRun)>> {
        // The pieces of a manifest have no index by their moment, so only those of runs of that time are looked at.
        let text = "SELECT v.recorded_from, r.id FROM role v CROSS JOIN source_run r \
             WHERE v.id = $1 AND r.created <= v.recorded_from AND (r.finished IS NULL OR r.finished >= v.recorded_from) \
             AND EXISTS (SELECT 1 FROM manifest_chunk c WHERE c.run_id = r.id AND c.recorded = v.recorded_from)";
        let found: Vec<(At, i64)> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_all(c).await)?;
        let mut runs = Vec::with_capacity(found.len());
        for (at, run) in found {
            let run = self.run(SourceRunId::from_raw(run)).await?;
            runs.extend(run.map(|run| (at.0, run)));
        }
        Ok(runs)
    }

    /// Runs of a source, or of all, the newest first; `below` continues under a run.
    #[boxed]
    pub async fn latest_runs(
        &mut self,
        source: Option<SourceId>,
        below: Option<SourceRunId>,
        most: i64,
    ) -> Result<Vec<SourceRun>> {
        let below = below.map_or(i64::MAX, SourceRunId::raw);
        let rows: Vec<Row> = if let Some(source) = source {
            let text = concat!(
                "SELECT ",
                columns!(),
                " FROM source_run r WHERE r.source_id = $1 AND r.id < $2 ORDER BY r.id DESC LIMIT $3"
            );
            on!(self, c => sqlx::query_as(text).bind(source.raw()).bind(below).bind(most).fetch_all(c).await)?
        } else {
            let text = concat!(
                "SELECT ",
                columns!(),
                " FROM source_run r WHERE r.id < $1 ORDER BY r.id DESC LIMIT $2"
            );
            on!(self, c => sqlx::query_as(text).bind(below).bind(most).fetch_all(c).await)?
        };
        rows.into_iter().map(Row::into_run).collect()
    }

    /// The last run of a source that wrote everything.
    #[boxed]
    pub async fn last_applied_run(&mut self, source: SourceId) -> Result<Option<SourceRun>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM source_run r WHERE r.source_id = $1 AND r.state = 'applied' ORDER BY r.id DESC LIMIT 1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(source.raw()).fetch_optional(c).await)?;
        row.map(Row::into_run).transpose()
    }

    /// Runs in a state, the oldest first.
    #[boxed]
    pub async fn runs_in(&mut self, state: RunState) -> Result<Vec<SourceRun>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM source_run r WHERE r.state = $1 ORDER BY r.id"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(state.word()).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_run).collect()
    }

    /// The sample of its changes that the dry run kept.
    #[boxed]
    pub async fn run_sample(&mut self, id: SourceRunId) -> Result<Option<Value>> {
        let text = "SELECT sample FROM source_run WHERE id = $1";
        let sample: Option<(Option<Json<Value>>,)> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        Ok(sample.and_then(|(sample,)| sample).map(|json| json.0))
    }
}

impl WriteTx {
    /// Adds a run in the state `staged`.
    #[boxed]
    pub async fn insert_run(&mut self, run: &NewRun) -> Result<SourceRunId> {
        let id = self.next_id(ObjectKind::SourceRun).await?;
        let text = "INSERT INTO source_run (id, source_id, mode, state, created, created_by, may_touch_privileged, allow_shrink, message, totals, frontier, records) \
                    VALUES ($1, $2, $3, 'staged', $4, $5, $9, $6, '', $7, $8, 0)";
        let created = At(self.recorded);
        on!(self, c => sqlx::query(text)
            .bind(id)
            .bind(run.source.raw())
            .bind(run.mode.word())
            .bind(created)
            .bind(&run.created_by)
            .bind(&run.allow_shrink)
            .bind(Json(RunTotals::new()))
            .bind(Frontier::new().to_bytes())
            .bind(false)
            .execute(c).await.map(drop))?;
        Ok(SourceRunId::from_raw(id))
    }

    /// Moves a run on from one of some states; [`Error::Stale`] when it is in another, [`Error::Duplicate`] when it would
    /// be applied beside another run of its source.
    #[boxed]
    pub async fn move_run(
        &mut self,
        id: SourceRunId,
        from: &[RunState],
        to: RunState,
    ) -> Result<()> {
        let text = sql!(self,
            sqlite: "UPDATE source_run SET state = $2, checked = CASE WHEN $2 = 'checked' THEN $4 ELSE checked END, \
                     finished = CASE WHEN $2 IN ('applied', 'refused', 'failed', 'cancelled') THEN $4 ELSE finished END \
                     WHERE id = $1 AND state IN (SELECT value FROM json_each($3))",
            postgres: "UPDATE source_run SET state = $2, checked = CASE WHEN $2 = 'checked' THEN $4 ELSE checked END, \
                     finished = CASE WHEN $2 IN ('applied', 'refused', 'failed', 'cancelled') THEN $4 ELSE finished END \
                     WHERE id = $1 AND state IN (SELECT json_array_elements_text($3::json))",
        );
        let states = keys(
            from.iter()
                .filter(|state| state.may_become(to))
                .map(|state| state.word()),
        );
        let now = At(self.recorded);
        let moved = on!(self, c => sqlx::query(text).bind(id.raw()).bind(to.word()).bind(&states).bind(now).execute(c).await
            .map(|done| done.rows_affected()))
        .map_err(Error::from_write);
        match self.whole(moved)? {
            1 => Ok(()),
            _ => Err(Error::Stale),
        }
    }

    /// Takes a run whose files or columns are about to change back to `staged`, and forgets what its check found. Belongs into
    /// the transaction of the change; [`Error::Stale`] when the run is being checked or applied, or is over.
    #[boxed]
    pub async fn reopen_run(&mut self, id: SourceRunId) -> Result<()> {
        self.move_run(id, &[RunState::Staged, RunState::Checked], RunState::Staged)
            .await?;
        let text = "UPDATE source_run SET sample = NULL, checked = NULL, totals = $2 WHERE id = $1";
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(Json(RunTotals::new())).execute(c).await.map(drop))?;
        self.delete_run_problems(id).await
    }

    /// Begins to apply a run, with no totals yet; keeps whether it may change people who hold rights in the console. The
    /// first event of this transaction's commit must be the one that says so: its number is kept.
    #[boxed]
    pub async fn begin_run(
        &mut self,
        id: SourceRunId,
        from: &[RunState],
        may_touch_privileged: bool,
    ) -> Result<()> {
        self.move_run(id, from, RunState::Applying).await?;
        let text = "UPDATE source_run SET started_seq = $2, totals = $3, may_touch_privileged = $4 WHERE id = $1";
        let seq = self.seq + 1;
        let totals = Json(RunTotals::new());
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(seq).bind(totals).bind(may_touch_privileged).execute(c).await
            .map(drop))?;
        Ok(())
    }

    /// Ends a run with a sentence, empty when there is nothing to say. The first event of this transaction's commit must
    /// be the one that says so and carry the answer, completed by the totals: its number and the manifest's root are kept.
    #[boxed]
    pub async fn finish_run(
        &mut self,
        id: SourceRunId,
        from: &[RunState],
        to: RunState,
        message: &str,
    ) -> Result<Bulk> {
        self.move_run(id, from, to).await?;
        let (frontier, records) = self.manifest_edge(id).await?;
        let root = frontier.root().0;
        let text = "UPDATE source_run SET finished_seq = $2, root = $3, message = $4 WHERE id = $1";
        let seq = self.seq + 1;
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(seq).bind(&root[..]).bind(message).execute(c).await.map(drop))?;
        Ok(Bulk {
            root,
            records: u64::try_from(records).unwrap_or(0),
            totals: std::collections::BTreeMap::new(),
        })
    }

    /// Says which job works on a run.
    #[boxed]
    pub async fn set_run_job(&mut self, id: SourceRunId, job: Option<i64>) -> Result<()> {
        let text = "UPDATE source_run SET job_id = $2 WHERE id = $1";
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(job).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Says why a run may end more than a tenth of its source.
    #[boxed]
    pub async fn set_run_shrink(&mut self, id: SourceRunId, reason: Option<&str>) -> Result<()> {
        let text = "UPDATE source_run SET allow_shrink = $2 WHERE id = $1";
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(reason).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Keeps a sample of a run's changes.
    #[boxed]
    pub async fn set_run_sample(&mut self, id: SourceRunId, sample: &Value) -> Result<()> {
        let text = "UPDATE source_run SET sample = $2 WHERE id = $1";
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(Json(sample)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Sets the totals of a run.
    #[boxed]
    pub async fn set_run_totals(&mut self, id: SourceRunId, totals: &RunTotals) -> Result<()> {
        let text = "UPDATE source_run SET totals = $2 WHERE id = $1";
        on!(self, c => sqlx::query(text).bind(id.raw()).bind(Json(totals)).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Adds to the totals of a run.
    #[boxed]
    pub async fn add_run_totals(&mut self, id: SourceRunId, more: &RunTotals) -> Result<()> {
        let text = "SELECT totals FROM source_run WHERE id = $1";
        let totals: Option<(Json<RunTotals>,)> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        let (Json(mut totals),) = totals.ok_or(Error::NotFound)?;
        for (kind, more) in more {
            let sum = totals.entry(*kind).or_default();
            *sum = sum.plus(*more);
        }
        self.set_run_totals(id, &totals).await
    }
}
