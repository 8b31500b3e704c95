//! What time does: reminders, time-outs, and approvers who are gone. Every minute, with housekeeping.

use std::collections::BTreeSet;

use domain::approval::{Approver, Happened, Late, Step, StepStatus};
use domain::audit::AuditAction;
use domain::id::{FulfilmentTaskId, IdentityId, RequestItemId};
use domain::inbox::{InboxEntry, InboxKind};
use domain::notice::NoticeKind;
use domain::permission::Actor;
use storage::WriteTx;

use super::course::{By, Course, commit, of_the_product, standing};
use crate::{Cx, Error, Result, Service, boxed, flows, tasks};

/// Entries looked at in one go.
const AT_ONCE: i64 = 200;

/// What is to be done with an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Why {
    /// Its time is over.
    Overdue,
    /// Somebody is to be reminded.
    Remind,
    /// Somebody it waits for can no longer act.
    Gone,
    /// It waits for nobody, because there was nobody.
    Nobody,
}

/// One round: reminds, asks others when time is over, and asks anew when somebody is gone.
#[boxed]
pub async fn sweep(service: &Service) -> Result<()> {
    for why in [Why::Gone, Why::Nobody, Why::Overdue, Why::Remind] {
        // What was dealt with is not found again; what could not be is left for the next round.
        let mut seen = BTreeSet::new();
        loop {
            let entries = due(service, why).await?;
            let fresh: Vec<InboxEntry> = entries
                .into_iter()
                .filter(|entry| seen.insert((entry.kind, entry.object)))
                .collect();
            if fresh.is_empty() {
                break;
            }
            for entry in fresh {
                if let Err(error) = one(service, entry, why).await {
                    let object = entry.object;
                    tracing::error!(%error, object, "what time does to a request could not be done; it is tried again in a minute");
                }
            }
        }
    }
    Ok(())
}

async fn due(service: &Service, why: Why) -> Result<Vec<InboxEntry>> {
    let mut tx = service.store.read().await?;
    let now = service.now();
    Ok(match why {
        Why::Overdue => tx.inbox_overdue(now, AT_ONCE).await?,
        Why::Remind => tx.inbox_to_remind(now, AT_ONCE).await?,
        Why::Gone => tx.inbox_of_the_gone(AT_ONCE).await?,
        Why::Nobody => {
            let items = tx.items_nobody_decides(AT_ONCE).await?;
            let entry = |item: RequestItemId| InboxEntry {
                person: IdentityId::from_raw(0),
                kind: InboxKind::Approval,
                object: item.raw(),
                step: 0,
                opened: now,
                due: now,
                remind_at: None,
            };
            items.into_iter().map(entry).collect()
        }
    })
}

async fn one(service: &Service, entry: InboxEntry, why: Why) -> Result<()> {
    let cx = Cx::of(Actor::System);
    let mut tx = service.begin(&cx).await?;
    if entry.kind == InboxKind::Task {
        let id = FulfilmentTaskId::from_raw(entry.object);
        return tasks::sweep(service, &cx, tx, id, why == Why::Gone).await;
    }
    let now = tx.recorded();
    let id = RequestItemId::from_raw(entry.object);
    let standing = match standing(&mut tx, id).await {
        // Nothing is left of it: then nothing waits either.
        Err(Error::NotFound) => {
            tx.set_inbox(entry.kind, entry.object, &[]).await?;
            return Ok(tx
                .commit_unaudited("an entry of the inbox whose object is not there")
                .await?);
        }
        other => other?,
    };
    let mut course = Course::of(&cx, of_the_product(&cx)?, now, standing);
    match why {
        Why::Overdue => overdue(&mut course, &mut tx).await?,
        Why::Remind => remind(&mut course, &mut tx).await?,
        Why::Gone => gone(&mut course, &mut tx).await?,
        Why::Nobody => nobody(&mut course, &mut tx).await?,
    }
    course.proceed(&mut tx).await?;
    let log = course.done(&mut tx).await?;
    if log.is_empty() {
        return Ok(tx
            .commit_unaudited("the inbox is brought in line with what is recorded")
            .await?);
    }
    commit(service, &cx, tx, id, log).await
}

async fn overdue(course: &mut Course<'_>, tx: &mut WriteTx) -> Result<()> {
    let now = course.now;
    let late: Vec<_> = course
        .standing
        .state
        .open()
        .filter(|step| step.due.is_some_and(|due| due <= now))
        .cloned()
        .collect();
    for step in late {
        let definition = course.content().definition.step(step.number);
        match definition.map(|definition| definition.late) {
            Some(Late::Reject) => {
                let timed_out = Happened::TimedOut { step: step.number };
                let action = (AuditAction::RequestTimedOut, None);
                course.happen(tx, By::default(), timed_out, action).await?;
                return Ok(());
            }
            Some(Late::Escalate) if !step.escalated => {
                let to = above(course, tx, &step.approvers).await?;
                let escalated = Happened::Escalated {
                    step: step.number,
                    to: to.clone(),
                };
                let action = (AuditAction::RequestEscalated, None);
                course.happen(tx, By::default(), escalated, action).await?;
                course.tell(tx, NoticeKind::Escalated, &to, "").await?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// The managers of those who did not decide, as far as they can act and are not asked already; else the administrators.
async fn above(
    course: &Course<'_>,
    tx: &mut WriteTx,
    approvers: &[IdentityId],
) -> Result<Vec<IdentityId>> {
    let content = course.content();
    let parties = content.parties();
    let mut managers: Vec<IdentityId> = tx
        .identities_with(approvers)
        .await?
        .into_iter()
        .filter_map(|person| person.content.manager)
        .filter(|one| !approvers.contains(one))
        .collect();
    managers.sort_unstable();
    managers.dedup();
    let approver = if managers.is_empty() {
        Approver::Administrators
    } else {
        Approver::People { people: managers }
    };
    let found =
        flows::approvers(tx, &Step::by(approver), parties, content.what, course.now).await?;
    let fresh = found.people.into_iter();
    Ok(fresh.filter(|one| !approvers.contains(one)).collect())
}

async fn remind(course: &mut Course<'_>, tx: &mut WriteTx) -> Result<()> {
    let now = course.now;
    let due: Vec<(u16, Vec<IdentityId>)> = course
        .standing
        .state
        .open()
        .filter(|step| {
            let every = course.content().definition.step(step.number);
            let every = every.and_then(|step| step.remind_hours);
            let since = step.reminded.or(step.opened);
            every.zip(since).is_some_and(|(hours, since)| {
                since.plus(i64::from(hours) * domain::time::HOUR) <= now
            })
        })
        .map(|step| {
            let silent = step.approvers.iter().copied();
            let spoke = |one: &IdentityId| {
                let mut agreed = step.agreed.iter();
                agreed.any(|(by, behalf)| by == one || behalf.as_ref() == Some(one))
            };
            (step.number, silent.filter(|one| !spoke(one)).collect())
        })
        .collect();
    for (step, people) in due {
        let reminded = Happened::Reminded { step };
        let action = (AuditAction::RequestReminded, None);
        course.happen(tx, By::default(), reminded, action).await?;
        course
            .tell(tx, NoticeKind::ApprovalReminder, &people, "")
            .await?;
    }
    Ok(())
}

/// Asks anew in each step that waits for nobody, when there is somebody now.
async fn nobody(course: &mut Course<'_>, tx: &mut WriteTx) -> Result<()> {
    let open: Vec<u16> = course
        .standing
        .state
        .open()
        .filter(|step| step.approvers.is_empty())
        .map(|step| step.number)
        .collect();
    for number in open {
        let content = course.content();
        let Some(step) = content.definition.step(number) else {
            continue;
        };
        let found = flows::approvers(tx, step, content.parties(), content.what, course.now).await?;
        if !found.people.is_empty() {
            course.open(tx, number).await?;
        }
    }
    Ok(())
}

/// Asks anew in each step where one of those who are asked can no longer act.
async fn gone(course: &mut Course<'_>, tx: &mut WriteTx) -> Result<()> {
    use domain::identity::IdentityStatus::{Active, OnLeave};
    let open: Vec<(u16, Vec<IdentityId>)> = course
        .standing
        .state
        .steps
        .iter()
        .filter(|step| step.status == StepStatus::Open)
        .map(|step| (step.number, step.approvers.clone()))
        .collect();
    for (step, approvers) in open {
        let people = tx.identities_with(&approvers).await?;
        let able = |one: &IdentityId| {
            people.iter().any(|person| {
                person.id == *one && matches!(person.content.status, Active | OnLeave)
            })
        };
        if !approvers.iter().all(able) {
            course.open(tx, step).await?;
        }
    }
    Ok(())
}
