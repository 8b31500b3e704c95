//! What a reading of the applications says about tasks. A task is verified only by a reading that began after it was done,
//! or that shows what was asked for before anybody said so.

use std::collections::{BTreeSet, HashSet};

use domain::account::AccountStatus;
use domain::audit::AuditAction;
use domain::id::{AccountId, EntitlementId, FulfilmentTaskId, IdentityId};
use domain::permission::{Action, Actor, Facts};
use domain::task::{TaskContent, TaskKind, TaskState, TaskStep};
use domain::time::Instant;

use storage::ReadTx;

use super::Reading;
use super::make::write;
use crate::{Cx, Result, Service};

/// Tasks looked at in one transaction.
const AT_ONCE: i64 = 200;

/// What a reading says about a task.
fn step(task: &TaskContent, shown: bool, began: Instant) -> Option<TaskStep> {
    let later = task.done_at.is_none_or(|done| began > done);
    match (task.kind, task.state) {
        // Somebody did it and did not say so.
        (TaskKind::Give, TaskState::Open) if shown && began > task.created => {
            Some(TaskStep::Verify)
        }
        (TaskKind::Take | TaskKind::Disable, TaskState::Open) if !shown && began > task.created => {
            Some(TaskStep::Verify)
        }
        (TaskKind::Give, TaskState::Done) if later => Some(if shown {
            TaskStep::Verify
        } else {
            TaskStep::Reopen
        }),
        (TaskKind::Take | TaskKind::Disable, TaskState::Done) if later => Some(if shown {
            TaskStep::Reopen
        } else {
            TaskStep::Verify
        }),
        _ => None,
    }
}

/// Looks at all tasks that are not verified, after a run was applied that read access of their applications.
pub(crate) async fn verify(service: &Service, run: &Reading) -> Result<()> {
    let cx = Cx::of(Actor::System);
    let applications = service
        .store
        .read()
        .await?
        .applications_with_tasks()
        .await?;
    for application in applications {
        let mut read = service.store.read().await?;
        if !read.source_shows(run.source, application).await? {
            continue;
        }
        let mut after = None;
        loop {
            let tasks = read.tasks_to_verify(application, after, AT_ONCE).await?;
            let Some(last) = tasks.last() else { break };
            after = Some(last.id);
            let ids: Vec<FulfilmentTaskId> = tasks.iter().map(|task| task.id).collect();
            some(service, &cx, &ids, run).await?;
        }
    }
    Ok(())
}

/// Whether an account that nobody needs can still be used, and is still nobody's or a service's: once it belongs to a
/// person it is theirs.
pub(crate) async fn still_there(tx: &mut ReadTx, id: AccountId) -> Result<bool> {
    let Some(account) = tx.accounts_with(&[id]).await?.pop() else {
        return Ok(false);
    };
    if account.content.status == AccountStatus::Disabled {
        return Ok(false);
    }
    let Some(holder) = account.content.identity else {
        return Ok(true);
    };
    let holder = tx.identity(holder).await?;
    Ok(holder.is_some_and(|one| one.content.kind.is_program()))
}

/// Verifies some tasks, or opens them again, in one transaction.
async fn some(service: &Service, cx: &Cx, ids: &[FulfilmentTaskId], run: &Reading) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let tasks = tx.tasks(ids).await?;
    let people: BTreeSet<IdentityId> = tasks
        .iter()
        .filter_map(|task| task.content.identity)
        .collect();
    let people: Vec<IdentityId> = people.into_iter().collect();
    let seen: HashSet<(IdentityId, EntitlementId)> = tx
        .observed_of_people(&people, now)
        .await?
        .into_iter()
        .map(|one| (one.key.identity, one.key.entitlement))
        .collect();
    let mut log = Vec::new();
    for task in tasks {
        let content = &task.content;
        let read = match content.account {
            Some(_) => run.accounts,
            None => run.access,
        };
        if !read {
            continue;
        }
        let shown = match content.account {
            Some(account) => still_there(&mut tx, account).await?,
            None => content
                .identity
                .zip(content.entitlement)
                .is_some_and(|pair| seen.contains(&pair)),
        };
        let Some(step) = step(content, shown, run.began) else {
            continue;
        };
        let permit = cx.decide(Action::DoTask, Some(task.id.into()), Facts::default())?;
        let verified = step == TaskStep::Verify;
        let after = TaskContent {
            state: content.state.step(step)?,
            verified_by: verified.then_some(run.run),
            ..content.clone()
        };
        let (action, why) = if verified {
            (AuditAction::TaskVerified, "A later reading shows it.")
        } else {
            (
                AuditAction::TaskReopened,
                "A reading after it was done does not show it.",
            )
        };
        log.push(write(&mut tx, cx, &permit, &task, &after, (action, why)).await?);
    }
    if log.is_empty() {
        return Ok(());
    }
    let first = log.remove(0);
    tx.commit(first, log).await?;
    Ok(())
}
