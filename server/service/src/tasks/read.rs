//! Tasks with names.

use std::collections::HashMap;

use domain::id::{AccountId, EntitlementId, FulfilmentTaskId, IdentityId};
use domain::permission::{Action, Facts};
use domain::task::{FulfilmentTask, TaskContent, TaskState};
use domain::time::Instant;
use storage::ReadTx;

use crate::audit::WithLatest;
use crate::effective::{NamedEntitlement, names_of};
use crate::people::{facts, latest_of};
use crate::{Cx, Error, Result, Service, boxed};

/// A task as a list shows it.
#[derive(Debug, Clone)]
pub struct TaskRow {
    /// The record.
    pub task: FulfilmentTask,
    /// For whom; empty when an account belongs to nobody.
    pub person: String,
    /// Which access; none when nothing is known of it.
    pub entitlement: Option<NamedEntitlement>,
    /// Name and application of an account.
    pub account: Option<(String, String)>,
    /// Who should do it, by name.
    pub assignees: Vec<(IdentityId, String)>,
    /// Who did it.
    pub done_by: Option<String>,
    /// Whether the reader may do it.
    pub may_do: bool,
}

/// A page of tasks.
#[derive(Debug, Clone)]
pub struct TasksPage {
    /// The rows, the newest first.
    pub rows: Vec<TaskRow>,
    /// Where the next page begins; none at the end.
    pub next: Option<FulfilmentTaskId>,
}

/// Whether the actor is among those who should do a task, or stands in for one of them.
pub(super) async fn stands_for(
    tx: &mut ReadTx,
    cx: &Cx,
    task: &TaskContent,
    now: Instant,
) -> Result<bool> {
    let Some(me) = cx.me() else { return Ok(false) };
    if task.assignees.contains(&me) {
        return Ok(true);
    }
    let others = tx.stands_in_for(me, now).await?;
    Ok(others.iter().any(|one| task.assignees.contains(one)))
}

/// What a decision about a task needs to know of whom it is for.
pub(super) async fn about(
    tx: &mut ReadTx,
    cx: &Cx,
    task: &TaskContent,
    now: Instant,
) -> Result<Facts> {
    Ok(match task.identity {
        Some(person) => facts(tx, cx, person, now).await?.1,
        None => Facts::default(),
    })
}

/// Tasks with names, in their order.
pub(crate) async fn rows(
    tx: &mut ReadTx,
    cx: &Cx,
    tasks: Vec<FulfilmentTask>,
    now: Instant,
) -> Result<Vec<TaskRow>> {
    let entitlements: Vec<EntitlementId> = tasks
        .iter()
        .filter_map(|task| task.content.entitlement)
        .collect();
    let named = names_of(tx, &entitlements).await?;
    let accounts: Vec<AccountId> = tasks
        .iter()
        .filter_map(|task| task.content.account)
        .collect();
    let mut places: HashMap<AccountId, (String, String)> = HashMap::new();
    for id in accounts {
        let Some(account) = tx.account(id).await? else {
            continue;
        };
        let found = tx.application(account.content.application).await?;
        let place = found.map_or_else(String::new, |found| found.content.display_name);
        places.insert(id, (account.content.name, place));
    }
    let people: Vec<IdentityId> = tasks
        .iter()
        .flat_map(|task| {
            let content = &task.content;
            let involved = [content.identity, content.done_by];
            involved
                .into_iter()
                .flatten()
                .chain(content.assignees.iter().copied())
        })
        .collect();
    let people: HashMap<IdentityId, String> = tx
        .identity_names(&people)
        .await?
        .into_iter()
        .map(|person| (person.id, person.display_name))
        .collect();
    let name = |id: IdentityId| people.get(&id).cloned().unwrap_or_else(|| id.to_string());
    let mine = match cx.me() {
        Some(me) => {
            let mut mine = tx.stands_in_for(me, now).await?;
            mine.push(me);
            mine
        }
        None => Vec::new(),
    };
    Ok(tasks
        .into_iter()
        .map(|task| {
            let content = &task.content;
            let owner = content.assignees.iter().any(|one| mine.contains(one));
            let facts = Facts {
                is_owner: owner,
                ..Facts::default()
            };
            let may = cx.decide(Action::DoTask, Some(task.id.into()), facts);
            TaskRow {
                person: content.identity.map(name).unwrap_or_default(),
                entitlement: content.entitlement.and_then(|id| named.get(&id).cloned()),
                account: content.account.and_then(|id| places.get(&id).cloned()),
                assignees: content
                    .assignees
                    .iter()
                    .map(|id| (*id, name(*id)))
                    .collect(),
                done_by: content.done_by.map(name),
                may_do: content.state == TaskState::Open && may.is_ok(),
                task,
            }
        })
        .collect())
}

/// A page of all tasks, for those who see everybody's access.
#[boxed]
pub async fn list(
    service: &Service,
    cx: &Cx,
    state: Option<TaskState>,
    before: Option<FulfilmentTaskId>,
    most: u32,
) -> Result<TasksPage> {
    let decided = cx.decide(Action::ReadAccess, None, Facts::default());
    service.noted(cx, decided).await?;
    let mut tx = service.store.read().await?;
    let most = usize::try_from(most).unwrap_or(50);
    let wanted = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let mut tasks = tx.task_page(state, before, wanted).await?;
    let more = tasks.len() > most;
    tasks.truncate(most);
    let next = tasks.last().filter(|_| more).map(|task| task.id);
    let rows = rows(&mut tx, cx, tasks, service.now()).await?;
    Ok(TasksPage { rows, next })
}

/// A task with its history.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: FulfilmentTaskId) -> Result<WithLatest<TaskRow>> {
    let result = carry_out(service, cx, id).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: FulfilmentTaskId,
) -> Result<WithLatest<TaskRow>> {
    let mut tx = service.store.read().await?;
    let now = service.now();
    let task = tx.tasks(&[id]).await?.pop().ok_or(Error::NotFound)?;
    let about = about(&mut tx, cx, &task.content, now).await?;
    let owner = stands_for(&mut tx, cx, &task.content, now).await?;
    let facts = Facts {
        is_owner: owner,
        ..about
    };
    cx.decide(Action::ReadRequest, Some(id.into()), facts)?;
    let object = rows(&mut tx, cx, vec![task], now)
        .await?
        .pop()
        .ok_or(Error::NotFound)?;
    drop(tx);
    let latest = latest_of(service, id.into()).await?;
    Ok(WithLatest { object, latest })
}
