//! Changing so many that nobody waits for it.

use domain::audit::AuditAction;
use domain::id::{AssignmentId, JobId};
use domain::job::JobKind;
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::{ReadTx, WriteTx};

use super::plan::names;
use super::{Changed, Doing, Item, one, said};
use crate::jobs::{Ended, Job, JobProblem, NewJob, Work, cx_of, enqueue};
use crate::{Cx, Error, Result, Service};

/// Asks for the job in the transaction that remembers the form.
pub(super) async fn ask_for(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    doing: &Doing,
    items: Vec<Item>,
) -> Result<JobId> {
    let title = format!("{}: {} assignments", doing.act.label(), items.len());
    let payload = ChangeAssignments {
        doing: doing.clone(),
        items,
    };
    let job = NewJob::of(&payload)?.title(title);
    let id = enqueue(&mut tx, cx, &job).await?;
    let event = cx.about(AuditAction::JobCreated, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(id)
}

/// The work. Each item has a key of its own in this job, so that beginning again changes nothing twice.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct ChangeAssignments {
    doing: Doing,
    items: Vec<Item>,
}

impl Job for ChangeAssignments {
    const KIND: JobKind = JobKind::BulkAssignments;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        let total = self.items.len() as u64;
        let (mut done, mut unchanged) = (0_u64, 0_u64);
        let mut problems: Vec<(AssignmentId, String)> = Vec::new();
        for (at, item) in self.items.iter().enumerate() {
            if work.stopping().is_some() {
                return Ok(Ended::Stopped);
            }
            let own = Cx {
                once: Some(format!("{} {}", work.job(), item.id)),
                ..cx.clone()
            };
            match one(service, &own, &self.doing, *item).await {
                Ok(Changed::Done) => done += 1,
                Ok(Changed::Unchanged) => unchanged += 1,
                Err(Error::Storage(error)) if error.is_passing() => {
                    return Err(Error::Storage(error));
                }
                Err(error) => problems.push((item.id, said(&error))),
            }
            work.progress(at as u64 + 1, Some(total));
            work.problems(problems.len() as u64);
            work.count("Done", done);
            work.count("Unchanged", unchanged);
        }
        let mut tx = service
            .store
            .write(service.clock.now(), service.entropy.clone())
            .await?;
        let result = json!({ "done": done, "unchanged": unchanged, "not_done": problems.len() });
        let problems = named(&mut tx, problems).await?;
        work.note_problems(&mut tx, &problems).await?;
        work.finish(&mut tx, &result).await?;
        tx.commit_unaudited("a job is through; what it did is in the log")
            .await?;
        Ok(Ended::Settled)
    }
}

/// An assignment has no page of its own: a problem leads to the person, and says what it is about.
async fn named(tx: &mut ReadTx, problems: Vec<(AssignmentId, String)>) -> Result<Vec<JobProblem>> {
    let ids: Vec<AssignmentId> = problems.iter().map(|(id, _)| *id).collect();
    let names = names(tx, &ids).await?;
    let problems = problems.into_iter().map(|(id, said)| {
        let known = names.get(&id);
        JobProblem {
            subject: known.map_or_else(
                || id.to_string(),
                |known| known.assignment.content.identity.to_string(),
            ),
            message: known.map_or_else(|| said.clone(), |known| format!("{}: {said}", known.what)),
        }
    });
    Ok(problems.collect())
}
