//! Pausing, resuming and calling off a job.

use domain::audit::AuditAction;
use domain::id::JobId;
use domain::job::{JobKind, JobState, JobStep, JobWish};
use domain::permission::{Action, Facts};

use super::handlers::handlers;
use crate::boxed;
use crate::{Cx, Error, Result, Service};

/// Stops a job, to go on later.
#[boxed]
pub async fn pause(service: &Service, cx: &Cx, id: JobId) -> Result<()> {
    let result = carry_out(service, cx, id, JobStep::Pause, AuditAction::JobPaused).await;
    service.noted(cx, result).await
}

/// Lets a job go on that was paused or has failed, or takes back that it should stop.
#[boxed]
pub async fn resume(service: &Service, cx: &Cx, id: JobId) -> Result<()> {
    let result = carry_out(service, cx, id, JobStep::Resume, AuditAction::JobResumed).await;
    service.noted(cx, result).await?;
    service.wake_worker();
    Ok(())
}

/// Calls a job off. What it has done stays done.
#[boxed]
pub async fn cancel(service: &Service, cx: &Cx, id: JobId) -> Result<()> {
    let result = carry_out(service, cx, id, JobStep::Cancel, AuditAction::JobCancelled).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: JobId,
    step: JobStep,
    action: AuditAction,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let job = tx.job(id).await?.ok_or(Error::NotFound)?;
    let facts = Facts {
        is_owner: job.created_by.is_some() && job.created_by == cx.me(),
        ..Facts::default()
    };
    cx.decide(Action::ControlJob, Some(id.into()), facts)?;
    if step == JobStep::Cancel && !job.cancellable && !job.state.is_over() {
        return Err(Error::Refused(never(job.kind).to_owned()));
    }
    // A running job is its worker's: it is asked, and does it at its next safe point.
    if job.state == JobState::Running {
        let wish = match step {
            JobStep::Pause => Some(JobWish::Pause),
            JobStep::Cancel => Some(JobWish::Cancel),
            _ if job.wish.is_some() => None,
            _ => {
                return Err(job
                    .state
                    .step(step)
                    .map_or_else(Error::from, |_| Error::Conflict));
            }
        };
        tx.wish_job(id, wish).await?;
    } else {
        let to = job.state.step(step)?;
        if to == JobState::Cancelled {
            handlers().called_off(&job, &mut tx, cx).await?;
        }
        tx.move_job(id, job.state, to)
            .await
            .map_err(|error| match error {
                storage::Error::Duplicate => Error::Refused(
                    "The same work was begun anew meanwhile, so this one cannot go on.".to_owned(),
                ),
                other => other.into(),
            })?;
    }
    let event = cx.about(action, id);
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// Why a job cannot be called off, and what can be done instead.
const fn never(kind: JobKind) -> &'static str {
    match kind {
        JobKind::WatchFolder => {
            "This timer goes on as long as its source has a folder. Pause it, or take the folder out of the source."
        }
        _ => {
            "This has begun to change things and can no longer be cancelled. Pause it, or let it come to its end and correct what it did."
        }
    }
}
