//! The same act on many people: who matches a search now, one after the other here, or as a job.
//!
//! What is to be done to “all that match” is agreed on as a set: a count and a mark of the ids. When others match by the
//! time of the act, nothing is done.

use domain::audit::AuditAction;
use domain::id::{IdentityId, JobId};
use domain::job::JobKind;
use domain::page::{COUNT_CAP, ListQuery, Position};
use domain::permission::visible_people;
use domain::search::Search;
use domain::time::Date;
use proof::hash::sha256;
use serde::{Deserialize, Serialize};

use super::list::list_guard;
use super::move_::{End, end, resume, suspend};
use super::read::may_move_some;
use crate::jobs::{Ended, Job, NewJob, Work, enqueue};
use crate::many::{Did, Many, each};
use crate::{Cx, Error, Result, Service, boxed};

/// Most people of one act on all that match.
pub const MOST_MATCHING: u64 = COUNT_CAP;
/// Most people that are moved while somebody waits; more are a job.
pub const MOST_AT_ONCE: usize = 200;

/// What is done to each of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Act {
    /// They cannot sign in for now.
    Suspend,
    /// They can again.
    Resume,
    /// They have left for good.
    End,
}

/// An act with what it needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    /// What is done.
    pub act: Act,
    /// Why; required.
    pub reason: String,
    /// The last day, for an end.
    pub last_day: Option<Date>,
}

/// Who matches a search at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matching {
    /// Who, in the order of their ids.
    pub ids: Vec<IdentityId>,
    /// Tells this set from every other.
    pub mark: String,
}

/// Everybody who matches a search now and whom the actor may see.
#[boxed]
pub async fn matching(service: &Service, cx: &Cx, search: &Search) -> Result<Matching> {
    list_guard(cx)?;
    let mut query = ListQuery {
        search: search.clone(),
        whole: true,
        ..ListQuery::default()
    };
    let mut tx = service.store.read().await?;
    let mut ids: Vec<IdentityId> = Vec::new();
    loop {
        let page = tx
            .identities(visible_people(cx.actor), cx.me(), &query)
            .await?;
        ids.extend(page.rows.iter().map(|row| row.id));
        if page.total > MOST_MATCHING || ids.len() as u64 > MOST_MATCHING {
            return Err(Error::Refused(
                "More than 10 000 people match. Narrow the list with a filter and select them again.".to_owned(),
            ));
        }
        match page.after {
            Some(cursor) => query.position = Position::After(cursor),
            None => break,
        }
    }
    ids.sort_unstable();
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.raw().to_be_bytes()).collect();
    let mark = domain::text::hex(&sha256(&bytes).0[..16]);
    Ok(Matching { ids, mark })
}

/// Moves one of many. Somebody who is there already is not a failure.
#[boxed]
pub async fn move_one(service: &Service, cx: &Cx, id: IdentityId, how: &Move) -> Result<Did> {
    let moved = match how.act {
        Act::Suspend => suspend(service, cx, id, &how.reason).await,
        Act::Resume => resume(service, cx, id, &how.reason).await,
        Act::End => {
            let how = End {
                reason: how.reason.clone(),
                last_day: how.last_day,
            };
            end(service, cx, id, &how).await
        }
    };
    match moved {
        Ok(()) | Err(Error::AlreadyDone(_)) => Ok(Did::Done),
        Err(Error::State(state)) if how.act.leads_to(state.from) => Ok(Did::Unchanged),
        Err(error) => Err(error),
    }
}

/// Moves many people as a job. `key` makes asking twice the same as asking once.
#[boxed]
pub async fn move_many(
    service: &Service,
    cx: &Cx,
    how: &Move,
    ids: &[IdentityId],
    key: &str,
) -> Result<JobId> {
    may_move_some(service, cx).await?;
    let payload = MovePeople {
        how: how.clone(),
        ids: ids.to_vec(),
        key: key.to_owned(),
    };
    let title = format!("{} {} people", how.act.verb(), ids.len());
    let mut tx = service.begin(cx).await?;
    let job = NewJob::of(&payload)?.title(title);
    let id = enqueue(&mut tx, cx, &job).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(id)
}

impl Act {
    /// The act of this word.
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "suspend" => Some(Self::Suspend),
            "resume" => Some(Self::Resume),
            "end" => Some(Self::End),
            _ => None,
        }
    }

    /// Its word in forms.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::End => "end",
        }
    }

    /// What stands on its button.
    pub const fn verb(self) -> &'static str {
        match self {
            Self::Suspend => "Suspend",
            Self::Resume => "Resume",
            Self::End => "End",
        }
    }

    /// Whether somebody in this state needs no such act any more.
    fn leads_to(self, state: &str) -> bool {
        let end = match self {
            Self::Suspend => "suspended",
            Self::Resume => "active",
            Self::End => "ended",
        };
        state == end
    }
}

/// The work of moving many people. Each has a key of their own, so that beginning again does nothing twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct MovePeople {
    how: Move,
    ids: Vec<IdentityId>,
    key: String,
}

impl Job for MovePeople {
    const KIND: JobKind = JobKind::BulkPeople;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        match each(&self, &self.ids, service, work).await? {
            Some(went) => went.finish(service, work).await,
            None => Ok(Ended::Stopped),
        }
    }
}

impl Many for MovePeople {
    type Item = IdentityId;

    fn key(&self, _work: &Work, id: &IdentityId) -> String {
        format!("{} {id}", self.key)
    }

    fn subject(&self, id: &IdentityId) -> String {
        id.to_string()
    }

    async fn one(&self, service: &Service, cx: &Cx, id: &IdentityId) -> Result<Did> {
        move_one(service, cx, *id, &self.how).await
    }
}
