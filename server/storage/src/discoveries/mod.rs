//! Searches for roles, and what they proposed. Sets of ids are bytes here; the service knows what they mean.
//!
//! Not versioned: a proposal is what was found at one moment, and the only thing that changes is what became of it.

mod origin;
mod proposed;
mod write;

use crate::boxed;
use domain::discovered::{DiscoveryState, Scope};
use domain::id::{ApplicationId, DiscoveryId, IdentityId, JobId};
use domain::job::JobState;
use domain::time::Instant;

pub use origin::Origin;
pub use proposed::{Narrowed, Proposed, ProposedRow, Sums};
pub use write::{NewDiscovery, NewProposed, Totals};

use crate::column::At;
use crate::engine::ReadTx;
use crate::{Error, Result};

/// A search with its totals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovery {
    /// Its id.
    pub id: DiscoveryId,
    /// When it was asked for.
    pub created: Instant,
    /// By whom, with the name.
    pub created_by: Option<(IdentityId, String)>,
    /// The job that carries it out.
    pub job: JobId,
    /// Where it looks.
    pub scope: Scope,
    /// What the application of its scope is called.
    pub application: String,
    /// How far it came.
    pub state: DiscoveryState,
    /// When it found the proposal.
    pub found: Option<Instant>,
    /// What it found.
    pub totals: Totals,
}

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    created: At,
    created_by: Option<i64>,
    person: Option<String>,
    job_id: i64,
    job_state: Option<String>,
    scope: String,
    application_id: Option<i64>,
    application: Option<String>,
    department: Option<String>,
    state: String,
    found: Option<At>,
    people: i64,
    idle: i64,
    grants: i64,
    left_out: i64,
    bound: i64,
    roles: i64,
}

impl TryFrom<Row> for Discovery {
    type Error = Error;
    fn try_from(row: Row) -> Result<Self> {
        let id = DiscoveryId::from_raw(row.id);
        let damaged = || Error::damaged(format!("discovery {id}"));
        let application = row.application_id.map(ApplicationId::from_raw);
        let number = |n: i64| u64::try_from(n).map_err(|_| damaged());
        Ok(Self {
            id,
            created: row.created.0,
            created_by: row
                .created_by
                .map(|id| (IdentityId::from_raw(id), row.person.unwrap_or_default())),
            job: JobId::from_raw(row.job_id),
            scope: Scope::of(&row.scope, application, row.department).ok_or_else(damaged)?,
            application: row.application.unwrap_or_default(),
            state: state(&row.state, row.job_state.as_deref()).ok_or_else(damaged)?,
            found: row.found.map(|at| at.0),
            totals: Totals {
                people: number(row.people)?,
                idle: number(row.idle)?,
                grants: number(row.grants)?,
                left_out: number(row.left_out)?,
                bound: number(row.bound)?,
                roles: number(row.roles)?,
            },
        })
    }
}

/// A search whose job has failed, or is gone, does not go on by itself.
fn state(kept: &str, job: Option<&str>) -> Option<DiscoveryState> {
    let failed = job.is_none_or(|job| job == JobState::Failed.word());
    match DiscoveryState::from_word(kept)? {
        DiscoveryState::Searching if failed => Some(DiscoveryState::Failed),
        state => Some(state),
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT d.id, d.created, d.created_by, p.display_name AS person, d.job_id, j.state AS job_state, d.scope, \
             d.application_id, a.display_name AS application, d.department, d.state, d.found, d.people, d.idle, d.grants, \
             d.left_out, d.bound, d.roles FROM discovery d \
             LEFT JOIN identity p ON p.id = d.created_by AND p.recorded_to IS NULL \
             LEFT JOIN application a ON a.id = d.application_id AND a.recorded_to IS NULL \
             LEFT JOIN job j ON j.id = d.job_id ",
            $rest
        )
    };
}

impl ReadTx {
    /// A search.
    #[boxed]
    pub async fn discovery(&mut self, id: DiscoveryId) -> Result<Option<Discovery>> {
        let text = select!("WHERE d.id = $1");
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Discovery::try_from).transpose()
    }

    /// Searches, the newest first; `below` continues under one.
    #[boxed]
    pub async fn discoveries(
        &mut self,
        below: Option<DiscoveryId>,
        most: i64,
    ) -> Result<Vec<Discovery>> {
        let below = below.map_or(i64::MAX, DiscoveryId::raw);
        let text = select!("WHERE d.id < $1 ORDER BY d.id DESC LIMIT $2");
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(below).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Discovery::try_from).collect()
    }
}
