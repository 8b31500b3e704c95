//! Checking and applying as jobs, so that a page need not wait for them.

use std::sync::Arc;

use domain::id::{JobId, SourceRunId};
use domain::job::JobKind;
use domain::permission::{Action, Facts};
use domain::source::{RunState, SourceRun};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;

use super::kept::{read_kept, shrink_sentence, still_true};
use super::progress::{Progress, Step};
use super::run::{Outcome, Worker, apply, break_off_check, check};
use crate::boxed;
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Error, Result, Service};

/// Checks a run.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct CheckImport {
    /// Which.
    pub run: SourceRunId,
}

/// Applies a run.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct ApplyImport {
    /// Which.
    pub run: SourceRunId,
}

impl Job for CheckImport {
    const KIND: JobKind = JobKind::CheckImport;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let Some(cx) = still_open(service, work, self.run).await? else {
            return Ok(Ended::Done(json!({})));
        };
        let progress = watched(work);
        let outcome = watch(work, &progress, check(service, &cx, self.run, &progress.0)).await?;
        Ok(ended(work, outcome))
    }

    async fn called_off(&self, tx: &mut WriteTx, _cx: &Cx) -> Result<()> {
        tx.set_run_job(self.run, None).await?;
        break_off_check(tx, self.run).await
    }
}

impl Job for ApplyImport {
    const KIND: JobKind = JobKind::ApplyImport;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let Some(cx) = still_open(service, work, self.run).await? else {
            return Ok(Ended::Done(json!({})));
        };
        let name = work.job().to_string();
        let progress = watched(work);
        let outcome = watch(
            work,
            &progress,
            Box::pin(apply(
                service,
                &cx,
                self.run,
                None,
                Worker::job(&name, work),
                &progress.0,
            )),
        )
        .await?;
        Ok(ended(work, outcome))
    }

    async fn called_off(&self, tx: &mut WriteTx, _cx: &Cx) -> Result<()> {
        tx.set_run_job(self.run, None).await?;
        Ok(())
    }
}

/// Progress that the work hears of, through a place that both can see.
struct Watched(Progress, Arc<std::sync::Mutex<Option<Step>>>);

fn watched(work: &Work) -> Watched {
    let seen: Arc<std::sync::Mutex<Option<Step>>> = Arc::default();
    let place = Arc::clone(&seen);
    let progress = Progress::new(
        move |step| {
            if let Ok(mut seen) = place.lock() {
                *seen = Some(step);
            }
        },
        work.flag(),
    );
    Watched(progress, seen)
}

/// Waits for an import and passes on how far it is.
async fn watch(
    work: &Work,
    progress: &Watched,
    import: impl Future<Output = Result<Outcome>>,
) -> Result<Outcome> {
    let mut import = std::pin::pin!(import);
    std::future::poll_fn(|context| {
        let polled = import.as_mut().poll(context);
        if let Some(step) = progress.1.lock().ok().and_then(|mut seen| seen.take()) {
            work.progress(step.done, Some(step.total));
            work.problems(step.problems);
            work.note(format!("Reading {}", step.kind.label().to_lowercase()));
        }
        polled
    })
    .await
}

/// In whose name a job goes on; nobody when the run is over already.
async fn still_open(service: &Service, work: &Work, run: SourceRunId) -> Result<Option<Cx>> {
    let found = service
        .store
        .read()
        .await?
        .run(run)
        .await?
        .ok_or(Error::NotFound)?;
    if found.state.is_over() {
        return Ok(None);
    }
    // What has begun to write is completed, whatever became of who asked for it.
    if found.state == RunState::Applying {
        return Ok(Some(
            cx_of(service, work)
                .await
                .unwrap_or_else(|_| Cx::of(domain::permission::Actor::System)),
        ));
    }
    cx_of(service, work).await.map(Some)
}

fn ended(work: &Work, outcome: Outcome) -> Ended {
    let run = match outcome {
        Outcome::Done(run) => run,
        Outcome::Stopped => return Ended::Stopped,
        Outcome::Held(until) => return Ended::Again(until),
    };
    let sum = |of: fn(&domain::source::FileTotals) -> u64| run.totals.values().map(of).sum();
    work.count("Added", sum(|totals| totals.added));
    work.count("Changed", sum(|totals| totals.changed));
    work.count("Ended", sum(|totals| totals.ended));
    work.count("Unchanged", sum(|totals| totals.unchanged));
    work.count("Rejected", sum(|totals| totals.rejected));
    Ended::Done(json!({ "state": run.state.word(), "message": run.message }))
}

/// Asks for a check as a job.
#[boxed]
pub async fn ask_check(service: &Service, cx: &Cx, run: SourceRunId) -> Result<JobId> {
    let result = carry_out_ask(service, cx, run, Ask::Check).await;
    service.noted(cx, result).await
}

/// Asks for a checked run to be applied as a job. When it would end too much, a reason is needed.
#[boxed]
pub async fn ask_apply(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    allow_shrink: Option<&str>,
) -> Result<JobId> {
    let reason = said(allow_shrink);
    let result = carry_out_ask(service, cx, run, Ask::Apply { reason, seen: None }).await;
    service.noted(cx, result).await
}

/// The same by who saw the plan with this hash; [`Error::Conflict`] when the run has another one now.
#[boxed]
pub async fn ask_apply_as_seen(
    service: &Service,
    cx: &Cx,
    run: SourceRunId,
    allow_shrink: Option<&str>,
    hash: &str,
) -> Result<JobId> {
    let (reason, seen) = (said(allow_shrink), Some(hash));
    let result = carry_out_ask(service, cx, run, Ask::Apply { reason, seen }).await;
    service.noted(cx, result).await
}

fn said(reason: Option<&str>) -> Option<&str> {
    reason.map(str::trim).filter(|reason| !reason.is_empty())
}

/// What a job is asked for; applying may come with the reason why so much may end, and with the plan that was seen.
#[derive(Debug, Clone, Copy)]
enum Ask<'a> {
    Check,
    Apply {
        reason: Option<&'a str>,
        seen: Option<&'a str>,
    },
}

async fn carry_out_ask(service: &Service, cx: &Cx, id: SourceRunId, ask: Ask<'_>) -> Result<JobId> {
    cx.decide(Action::RunImport, Some(id.into()), Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let run = tx.run(id).await?.ok_or(Error::NotFound)?;
    let source = tx.source(run.source).await?.ok_or(Error::NotFound)?;
    let may = match ask {
        Ask::Check => matches!(run.state, RunState::Staged | RunState::Checked),
        Ask::Apply { .. } => run.state == RunState::Checked,
    };
    if !may {
        return Err(Error::Refused(format!(
            "This import is {}. Look at it again.",
            run.state.label().to_lowercase()
        )));
    }
    let job = match ask {
        Ask::Check => NewJob::of(&CheckImport { run: id })?
            .title(format!("{}: check an import", source.content.name))
            .once(format!("check:{id}")),
        Ask::Apply { reason, seen } => {
            let plan = read_kept(&mut tx, id).await?.plan;
            let plan = plan.map(|plan| plan.hash).unwrap_or_default();
            if seen.is_some_and(|seen| seen != plan) {
                return Err(Error::Conflict);
            }
            allowed(&mut tx, &run, reason).await?;
            tx.set_run_shrink(id, reason).await?;
            NewJob::of(&ApplyImport { run: id })?
                .title(format!("{}: apply an import", source.content.name))
                .once(super::resume::key(id))
        }
    };
    let job = enqueue(&mut tx, cx, &job.about(id)).await?;
    tx.set_run_job(id, Some(job.raw())).await?;
    let event = cx.about(domain::audit::AuditAction::JobCreated, job);
    service.commit(cx, tx, job, event, Vec::new()).await?;
    service.wake_worker();
    Ok(job)
}

async fn allowed(tx: &mut WriteTx, run: &SourceRun, reason: Option<&str>) -> Result<()> {
    let too_much = still_true(tx, run).await?.too_much();
    if too_much.is_empty() {
        return Ok(());
    }
    match reason {
        None => {
            Err(domain::field::FieldErrors::one("allow_shrink", shrink_sentence(&too_much)).into())
        }
        Some(reason) if reason.chars().count() > 500 => Err(domain::field::FieldErrors::one(
            "allow_shrink",
            "The reason is too long: shorten it to 500 characters.",
        )
        .into()),
        Some(_) => Ok(()),
    }
}
