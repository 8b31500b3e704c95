//! Doing tasks: with a note, one or several.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::FulfilmentTaskId;
use domain::permission::{Action, Facts};
use domain::task::{TaskContent, TaskStep};

use super::make::write;
use crate::{Cx, Error, Result, Service, boxed, reviews};

/// Says that a task is done. A task that was done before stays as it is.
#[boxed]
pub async fn do_one(service: &Service, cx: &Cx, id: FulfilmentTaskId, note: &str) -> Result<()> {
    let result = carry_out(service, cx, id, note).await;
    service.noted(cx, result).await
}

/// Says that tasks are done, each by itself; answers how it went with each.
#[boxed]
pub async fn do_many(
    service: &Service,
    cx: &Cx,
    ids: &[FulfilmentTaskId],
    note: &str,
) -> Vec<(FulfilmentTaskId, Result<()>)> {
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let once = cx.once.as_ref().map(|key| format!("{key} {id}"));
        let own = Cx { once, ..cx.clone() };
        let result = match do_one(service, &own, *id, note).await {
            Err(Error::AlreadyDone(_)) => Ok(()),
            other => other,
        };
        all.push((*id, result));
    }
    all
}

async fn carry_out(service: &Service, cx: &Cx, id: FulfilmentTaskId, note: &str) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let task = tx.tasks(&[id]).await?.pop().ok_or(Error::NotFound)?;
    let about = super::read::about(&mut tx, cx, &task.content, now).await?;
    let owner = super::read::stands_for(&mut tx, cx, &task.content, now).await?;
    let facts = Facts {
        is_owner: owner,
        ..about
    };
    let permit = cx.decide(Action::DoTask, Some(id.into()), facts)?;
    let mut errors = FieldErrors::new();
    let note = errors.text("note", "The note", note, 2000);
    if note.is_empty() {
        errors.add("note", "The note is missing. Write what you did.");
    }
    errors.or(())?;
    let state = task.content.state.step(TaskStep::Do)?;
    let after = TaskContent {
        state,
        note: note.clone(),
        done_by: cx.me(),
        done_at: Some(now),
        ..task.content.clone()
    };
    let entry = write(
        &mut tx,
        cx,
        &permit,
        &task,
        &after,
        (AuditAction::TaskDone, &note),
    )
    .await?;
    // What a review did to many items stands first: its entry binds their records.
    match reviews::acknowledged(&mut tx, cx, id).await? {
        Some(first) => service.commit(cx, tx, id, first, vec![entry]).await,
        None => service.commit(cx, tx, id, entry, Vec::new()).await,
    }
}
