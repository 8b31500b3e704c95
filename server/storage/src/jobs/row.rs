//! A job as it lies in its table.

use std::borrow::Cow;

use domain::id::{IdentityId, JobId};
use domain::job::{Job, JobKind, JobProgress, JobState, JobWish};

use crate::column::At;
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "j.id, j.kind, j.payload, j.subject, j.title, j.state, j.wish, j.cancellable, j.run_at, j.attempts, j.done, j.total, \
         j.problems, j.note, j.counts, j.result, j.failure, j.created, j.created_by, j.started, j.attempt_started, \
         j.attempt_from, j.updated, j.finished"
    };
}
pub(super) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) id: i64,
    kind: String,
    payload: String,
    subject: Option<String>,
    title: String,
    state: String,
    wish: Option<String>,
    cancellable: bool,
    run_at: At,
    attempts: i64,
    done: i64,
    total: Option<i64>,
    problems: i64,
    note: String,
    counts: String,
    result: Option<String>,
    failure: Option<String>,
    created: At,
    created_by: Option<i64>,
    started: Option<At>,
    attempt_started: Option<At>,
    attempt_from: i64,
    updated: At,
    finished: Option<At>,
}

impl Row {
    pub(super) fn into_job(self) -> Result<Job> {
        let id = JobId::from_raw(self.id);
        let damaged = || Error::damaged(format!("job {id}"));
        let json = |text: &str| serde_json::from_str(text).map_err(|_| damaged());
        Ok(Job {
            id,
            kind: JobKind::from_word(&self.kind).ok_or_else(damaged)?,
            payload: json(&self.payload)?,
            subject: self
                .subject
                .map(|subject| subject.parse().map_err(|_| damaged()))
                .transpose()?,
            title: self.title,
            state: JobState::from_word(&self.state).ok_or_else(damaged)?,
            wish: self
                .wish
                .map(|wish| JobWish::from_word(&wish).ok_or_else(damaged))
                .transpose()?,
            cancellable: self.cancellable,
            run_at: self.run_at.0,
            attempts: self.attempts,
            progress: JobProgress {
                done: count(self.done),
                total: self.total.map(count),
                problems: count(self.problems),
                note: self.note,
                counts: serde_json::from_str(&self.counts).map_err(|_| damaged())?,
            },
            result: self.result.as_deref().map(json).transpose()?,
            failure: self.failure,
            created: self.created.0,
            created_by: self.created_by.map(IdentityId::from_raw),
            started: self.started.map(|at| at.0),
            attempt_started: self.attempt_started.map(|at| at.0),
            attempt_from: count(self.attempt_from),
            updated: self.updated.0,
            finished: self.finished.map(|at| at.0),
        })
    }
}

/// A number of items as a column has it.
pub(super) fn count(stored: i64) -> u64 {
    u64::try_from(stored).unwrap_or(0)
}

/// A number of items for a column.
pub(super) fn stored(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A text that a column can hold: PostgreSQL keeps no NUL.
pub(super) fn kept(text: &str) -> Cow<'_, str> {
    if crate::column::can_be_kept(text) {
        text.into()
    } else {
        text.replace('\0', "\u{fffd}").into()
    }
}
