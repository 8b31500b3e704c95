//! Giving to so many that nobody waits for it.

use domain::audit::AuditAction;
use domain::id::JobId;
use domain::job::JobKind;
use domain::role::Grantable;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;

use super::{Gave, GiveMany, PlannedGifts, one, said};
use crate::jobs::{Ended, Job, JobProblem, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Error, Result, Service};

/// Asks for the job in the transaction that remembers the form.
pub(super) async fn ask_for(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    ask: &GiveMany,
    planned: &PlannedGifts,
) -> Result<JobId> {
    let payload = GiveToMany { ask: ask.clone() };
    let people = match ask.people.len() {
        1 => "1 person".to_owned(),
        n => format!("{n} people"),
    };
    let mut job = NewJob::of(&payload)?;
    job = match planned.what.as_slice() {
        [(Grantable::Entitlement(id), name)] => {
            job.about(*id).title(format!("Give {name} to {people}"))
        }
        [(Grantable::Role(id), name)] => job
            .about(*id)
            .title(format!("Give the role {name} to {people}")),
        whats => job.title(format!("Give {} things to {people}", whats.len())),
    };
    let id = enqueue(&mut tx, cx, &job).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(id)
}

/// The work. Each item has a key of its own in this job, so that beginning again gives nothing twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct GiveToMany {
    ask: GiveMany,
}

impl Job for GiveToMany {
    const KIND: JobKind = JobKind::BulkGive;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        let total = self.ask.items() as u64;
        let (mut done, mut unchanged, mut seen) = (0_u64, 0_u64, 0_u64);
        let mut problems: Vec<JobProblem> = Vec::new();
        for (person, what) in self.ask.each() {
            if work.stopping().is_some() {
                return Ok(Ended::Stopped);
            }
            let own = Cx {
                once: Some(format!("{} {person} {what}", work.job())),
                ..cx.clone()
            };
            match one(service, &own, &self.ask, person, what).await {
                Ok(Gave::Done) => done += 1,
                Ok(Gave::Unchanged) => unchanged += 1,
                Err(Error::Storage(error)) if error.is_passing() => {
                    return Err(Error::Storage(error));
                }
                Err(error) => problems.push(JobProblem {
                    subject: person.to_string(),
                    message: said(&error),
                }),
            }
            seen += 1;
            work.progress(seen, Some(total));
            work.problems(problems.len() as u64);
            work.count("Done", done);
            work.count("Unchanged", unchanged);
        }
        let mut tx = service
            .store
            .write(service.clock.now(), service.entropy.clone())
            .await?;
        work.note_problems(&mut tx, &problems).await?;
        let result = json!({ "done": done, "unchanged": unchanged, "not_done": problems.len() });
        work.finish(&mut tx, &result).await?;
        tx.commit_unaudited("a job is through; what it did is in the log")
            .await?;
        Ok(Ended::Settled)
    }
}
