//! The job that learns: every night when something was decided since, at once when nothing was learnt yet, and when an
//! administrator asks.

use std::sync::Arc;

use domain::audit::AuditAction;
use domain::id::JobId;
use domain::job::JobKind;
use domain::page::ListQuery;
use domain::permission::{Action, Actor, Facts, Visibility};
use domain::proposal::FEWEST;
use domain::search::{Search, Term};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;

use super::learn::learn;
use crate::findings::last_night;
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Result, Service, boxed};

/// At most one waits or runs.
const KEY: &str = "proposals";

/// Learns from past decisions.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct LearnProposals {}

impl Job for LearnProposals {
    const KIND: JobKind = JobKind::LearnProposals;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        cx.decide(Action::EditAccess, None, Facts::default())?;
        work.note("Learning from past decisions");
        let lessons = match learn(service).await? {
            Ok(lessons) => lessons,
            Err(few) => {
                return Ok(Ended::Done(
                    json!({ "approved": few.approved, "denied": few.denied, "learnt": false }),
                ));
            }
        };
        if work.stopping().is_some() {
            return Ok(Ended::Stopped);
        }
        let (head, content) = (lessons.head, lessons.learnt.to_bytes());
        let mut tx = service
            .store
            .write(service.now(), Arc::clone(&service.entropy))
            .await?;
        work.keep(&mut tx).await?;
        tx.keep_proposals(&head, &content).await?;
        tx.commit_unaudited("what past decisions teach; it changes nobody's access")
            .await?;
        Ok(Ended::Done(
            json!({ "approved": head.approved, "denied": head.denied, "learnt": true, "quality": lessons.learnt.quality }),
        ))
    }
}

async fn ask(tx: &mut WriteTx, cx: &Cx) -> Result<JobId> {
    enqueue(tx, cx, &NewJob::of(&LearnProposals {})?.once(KEY)).await
}

/// Asks to learn now; one that waits or runs already is enough. Recorded in the log.
#[boxed]
pub async fn learn_again(service: &Service, cx: &Cx) -> Result<JobId> {
    let result = asked(service, cx).await;
    let id = service.noted(cx, result).await?;
    service.wake_worker();
    Ok(id)
}

async fn asked(service: &Service, cx: &Cx) -> Result<JobId> {
    let mut tx = service.begin(cx).await?;
    cx.decide(Action::EditAccess, None, Facts::default())?;
    let id = ask(&mut tx, cx).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

/// Sees to it that what is decided is learnt from.
pub(crate) async fn ensure_learnt(service: &Service) -> Result<()> {
    let mut tx = service.store.read().await?;
    let Some(organisation) = tx.organisation().await? else {
        return Ok(());
    };
    let Some(newest) = tx.newest_decision().await? else {
        return Ok(());
    };
    let night = last_night(service.now(), &organisation.time_zone());
    let is_due = if let Some(head) = tx.proposal_basis().await? {
        newest > head.basis && head.learnt < night
    } else {
        let few = i64::try_from(FEWEST).unwrap_or(0);
        let (approved, denied) = tx.some_decisions(few).await?;
        approved + denied >= FEWEST
    };
    if !is_due || tx.live_job(KEY).await?.is_some() {
        return Ok(());
    }
    // One that failed, or learnt nothing, is not begun again in the same night.
    let search = Search {
        terms: vec![Term::is("kind", JobKind::LearnProposals.word())],
    };
    let query = ListQuery {
        search,
        ..ListQuery::default()
    };
    let last = tx.jobs(Visibility::All, None, &query).await?;
    if last.rows.iter().any(|row| row.job.created >= night) {
        return Ok(());
    }
    drop(tx);
    let mut tx = service
        .store
        .write(service.now(), Arc::clone(&service.entropy))
        .await?;
    ask(&mut tx, &Cx::of(Actor::System)).await?;
    tx.commit_unaudited("learning from past decisions; it changes nobody's access")
        .await?;
    service.wake_worker();
    Ok(())
}
