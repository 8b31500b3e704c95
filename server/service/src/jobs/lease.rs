//! What a worker does around a job: claim it, keep it, and write down how it ended.

use std::sync::Arc;

use domain::job::{MOST_ATTEMPTS, back_off};
use domain::permission::Actor;
use domain::text;
use domain::time::SECOND;
use storage::WriteTx;
use storage::jobs::{Lease, Settled};

use super::handlers::{Ended, Handlers};
use super::work::{Stop, Work};
use crate::boxed;
use crate::{Cx, Error, Result, Service};

/// A worker that is not heard of for so long has lost its job.
pub const LEASE: i64 = 30 * SECOND;

/// Takes the job that has waited longest, if one waits.
#[boxed]
pub async fn claim(service: &Service, handlers: &Handlers) -> Result<Option<Arc<Work>>> {
    while service.store.read().await?.job_due(service.now()).await? {
        let mut name = [0; 16];
        service.entropy.fill(&mut name);
        let owner = text::hex(&name);
        let mut tx = unaudited(service).await?;
        let now = service.now();
        let Some(job) = tx.claim_job(&owner, now, now.plus(LEASE)).await? else {
            return Ok(None);
        };
        tx.commit_unaudited("a lease on a job").await?;
        let (wish, attempts) = (job.wish, job.attempts);
        let lease = Lease { job: job.id, owner };
        let work = Work::new(job, lease, Arc::clone(&service.clock), handlers.clone());
        // A worker that is gone may have left a wish behind.
        let stopped = wish.map(|wish| match wish {
            domain::job::JobWish::Pause => Stop::Pause,
            domain::job::JobWish::Cancel => Stop::Cancel,
        });
        if let Some(stop) = stopped {
            work.stop(stop);
            settle(service, &work, Ok(Ended::Stopped)).await?;
        } else if attempts > MOST_ATTEMPTS {
            let text = format!(
                "It stopped {MOST_ATTEMPTS} times before its end, so it is not begun again by itself. Look at the server's log, then resume it."
            );
            settle(service, &work, Err(Error::Refused(text))).await?;
        } else {
            return Ok(Some(Arc::new(work)));
        }
    }
    Ok(None)
}

/// Keeps the lease, writes how far the job is, and hears what is asked of it.
#[boxed]
pub async fn beat(service: &Service, work: &Work) -> Result<()> {
    let mut tx = unaudited(service).await?;
    work.keep(&mut tx).await?;
    tx.commit_unaudited("how far a job is, and its lease")
        .await?;
    Ok(())
}

/// Writes down how an attempt ended. A job that another worker has taken meanwhile is that worker's.
#[boxed]
pub async fn settle(service: &Service, work: &Work, outcome: Result<Ended>) -> Result<()> {
    let Some(settled) = settled(service, work, outcome) else {
        return Ok(());
    };
    let mut tx = unaudited(service).await?;
    if settled == Settled::Cancelled {
        let cx = Cx::of(Actor::System);
        let handlers = work.handlers();
        handlers.called_off(work.as_claimed(), &mut tx, &cx).await?;
    }
    match work.settle(&mut tx, &settled).await {
        Ok(()) => tx
            .commit_unaudited(
                "how an attempt at a job ended; the acts of the job have entries of their own",
            )
            .await
            .map_err(Error::from),
        Err(Error::Conflict) => Ok(()),
        Err(error) => Err(error),
    }
}

fn settled(service: &Service, work: &Work, outcome: Result<Ended>) -> Option<Settled> {
    let again = |wait: i64, failure: Option<String>, fresh: bool| Settled::Again {
        at: service.now().plus(wait),
        failure,
        fresh,
    };
    let attempts = work.as_claimed().attempts;
    match (outcome, work.stopping()) {
        (Ok(Ended::Settled), _) | (_, Some(Stop::Lost)) => None,
        (Ok(Ended::Done(result)), _) => Some(Settled::Done(result)),
        (Ok(Ended::Stopped | Ended::Again(_)), Some(Stop::Pause)) => Some(Settled::Paused),
        (Ok(Ended::Stopped | Ended::Again(_)), Some(Stop::Cancel)) => Some(Settled::Cancelled),
        (Ok(Ended::Stopped), Some(Stop::Shutdown)) => Some(again(0, None, true)),
        (Ok(Ended::Stopped), None) => Some(again(back_off(attempts), None, false)),
        (Ok(Ended::Again(at)), _) => Some(Settled::Again {
            at,
            failure: None,
            fresh: true,
        }),
        (Err(error), _) => {
            let text = sentence(work, &error);
            Some(if passing(&error) && attempts < MOST_ATTEMPTS {
                again(back_off(attempts), Some(text), false)
            } else {
                Settled::Failed(text)
            })
        }
    }
}

/// Whether trying again later may help.
pub(crate) fn passing(error: &Error) -> bool {
    match error {
        Error::Busy | Error::Conflict => true,
        Error::Storage(error) => error.is_passing(),
        _ => false,
    }
}

/// Writes a failure into the server's log, and answers what the job's page says of it.
fn sentence(work: &Work, error: &Error) -> String {
    tracing::error!(%error, job = %work.job(), "an attempt at a job failed");
    said(work, error)
}

/// What the job's page says of a failure: never internals, those are in the server's log.
pub(super) fn said(work: &Work, error: &Error) -> String {
    match error {
        Error::Storage(error) if error.disk_full() => {
            "There is no room left for the database. Make room on its disk, then resume this."
                .to_owned()
        }
        Error::Storage(error) if error.is_passing() => {
            "The database could not be reached or was too busy.".to_owned()
        }
        Error::Storage(_) | Error::Internal(_) => {
            format!(
                "It failed on our side. The server's log says more at job {}.",
                work.job()
            )
        }
        Error::Conflict => "Somebody else changed the same thing meanwhile.".to_owned(),
        error => {
            let text = error.to_string();
            let mut letters = text.chars();
            let first: String = letters
                .next()
                .map(|c| c.to_uppercase().collect())
                .unwrap_or_default();
            let end = if text.ends_with('.') { "" } else { "." };
            format!("{first}{}{end}", letters.as_str())
        }
    }
}

async fn unaudited(service: &Service) -> Result<WriteTx> {
    Ok(service
        .store
        .write(service.now(), Arc::clone(&service.entropy))
        .await?)
}
