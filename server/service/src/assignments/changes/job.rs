//! Changing so many that nobody waits for it.

use domain::audit::AuditAction;
use domain::id::{AssignmentId, JobId};
use domain::job::JobKind;
use serde::{Deserialize, Serialize};
use storage::{ReadTx, WriteTx};

use super::plan::names;
use super::{Doing, Item, one};
use crate::jobs::{Ended, Job, JobProblem, NewJob, Work, enqueue};
use crate::many::{Did, Many, each};
use crate::{Cx, Result, Service};

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
        let Some(mut went) = each(&self, &self.items, service, work).await? else {
            return Ok(Ended::Stopped);
        };
        let mut tx = service.store.read().await?;
        went.problems = named(&mut tx, went.problems).await?;
        drop(tx);
        went.finish(service, work).await
    }
}

impl Many for ChangeAssignments {
    type Item = Item;

    fn key(&self, work: &Work, item: &Item) -> String {
        format!("{} {}", work.job(), item.id)
    }

    fn subject(&self, item: &Item) -> String {
        item.id.to_string()
    }

    async fn one(&self, service: &Service, cx: &Cx, item: &Item) -> Result<Did> {
        one(service, cx, &self.doing, *item).await
    }
}

/// An assignment has no page of its own: a problem leads to the person, and says what it is about.
async fn named(tx: &mut ReadTx, problems: Vec<JobProblem>) -> Result<Vec<JobProblem>> {
    let ids: Vec<AssignmentId> = problems
        .iter()
        .filter_map(|problem| problem.subject.parse().ok())
        .collect();
    let names = names(tx, &ids).await?;
    let told = problems.into_iter().map(|problem| {
        let id: Option<AssignmentId> = problem.subject.parse().ok();
        match id.and_then(|id| names.get(&id)) {
            Some(known) => JobProblem {
                subject: known.assignment.content.identity.to_string(),
                message: format!("{}: {}", known.what, problem.message),
            },
            None => problem,
        }
    });
    Ok(told.collect())
}
