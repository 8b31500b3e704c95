//! A row of the table `source_run`.

use domain::id::{SourceId, SourceRunId};
use domain::source::{ImportMode, RunState, RunTotals, SourceRun};
use sqlx::types::Json;

use crate::column::At;
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "r.id, r.source_id, r.mode, r.state, r.created, r.created_by, r.checked, r.finished, r.job_id, r.may_touch_privileged, r.allow_shrink, r.message, \
         r.totals, r.started_seq, r.finished_seq, r.records, r.root"
    };
}
pub(super) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    id: i64,
    source_id: i64,
    mode: String,
    state: String,
    created: At,
    created_by: String,
    checked: Option<At>,
    finished: Option<At>,
    job_id: Option<i64>,
    may_touch_privileged: bool,
    allow_shrink: Option<String>,
    message: String,
    totals: Json<RunTotals>,
    started_seq: Option<i64>,
    finished_seq: Option<i64>,
    records: i64,
    root: Option<Vec<u8>>,
}

impl Row {
    pub(super) fn into_run(self) -> Result<SourceRun> {
        let id = SourceRunId::from_raw(self.id);
        let damaged = || Error::damaged(format!("run {id}"));
        let root = self.root.map(<[u8; 32]>::try_from).transpose();
        Ok(SourceRun {
            id,
            source: SourceId::from_raw(self.source_id),
            mode: ImportMode::from_word(&self.mode).ok_or_else(damaged)?,
            state: RunState::from_word(&self.state).ok_or_else(damaged)?,
            created: self.created.0,
            created_by: self.created_by,
            checked: self.checked.map(|at| at.0),
            finished: self.finished.map(|at| at.0),
            job: self.job_id,
            may_touch_privileged: self.may_touch_privileged,
            allow_shrink: self.allow_shrink,
            message: self.message,
            totals: self.totals.0,
            started_seq: self.started_seq,
            finished_seq: self.finished_seq,
            records: u64::try_from(self.records).map_err(|_| damaged())?,
            root: root.map_err(|_| damaged())?,
        })
    }
}
