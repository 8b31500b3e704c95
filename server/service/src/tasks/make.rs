//! Making tasks, with what gives or takes access.

use std::collections::BTreeSet;

use domain::account::Account;
use domain::approval::{Approver, Step};
use domain::assignment::Agent;
use domain::audit::{AuditAction, Event, Target};
use domain::id::{
    ApplicationId, AssignmentId, EntitlementId, FulfilmentTaskId, IdentityId, ObjectRef,
};
use domain::inbox::{InboxEntry, InboxKind};
use domain::notice::NoticeKind;
use domain::permission::{Action, Facts, Permit};
use domain::request::Parties;
use domain::role::Grantable;
use domain::task::{FulfilmentTask, TaskContent, TaskKind, TaskState, TaskStep};
use domain::time::{DAY, Instant};
use jiff::tz::TimeZone;
use storage::assignments::AssignmentContent;
use storage::{ReadTx, WriteTx};

use crate::effective::{AsOf, load, presence};
use crate::notifications::Notice;
use crate::{Cx, Result, Service, flows};

/// Within which time a task should be done.
const DUE: i64 = 3 * DAY;

/// Entries for the log, and whom to tell.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) entries: Vec<Event>,
    pub(crate) notices: Vec<Notice>,
}

/// Makes the tasks that a new assignment asks for: what the application does not show yet.
pub(crate) async fn after_grant(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    (id, content): (AssignmentId, &AssignmentContent),
) -> Result<Made> {
    let wanted = reach(tx, content.what).await?;
    let now = tx.recorded();
    let seen = observed(tx, content.identity, &wanted, now).await?;
    let missing: Vec<EntitlementId> = wanted.difference(&seen).copied().collect();
    make(tx, cx, permit, TaskKind::Give, (id, content), &missing).await
}

/// Asks the owner to look into access that was taken in an emergency.
pub(crate) async fn after_emergency(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    (id, content): (AssignmentId, &AssignmentContent),
) -> Result<Made> {
    let wanted = reach(tx, content.what).await?;
    let first: Vec<EntitlementId> = wanted.into_iter().take(1).collect();
    make(tx, cx, permit, TaskKind::FollowUp, (id, content), &first).await
}

/// Drops the tasks that an ended assignment asked for, and makes those that take away what was set up for it and nothing
/// else gives.
pub(crate) async fn after_end(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    (id, content): (AssignmentId, &AssignmentContent),
) -> Result<Made> {
    if !matches!(content.agent, Agent::Request | Agent::Emergency) {
        return Ok(Made::default());
    }
    let mut made = Made::default();
    let mut set_up = Vec::new();
    for task in tx.tasks_of(&[id]).await? {
        if task.content.kind != TaskKind::Give {
            continue;
        }
        match task.content.state {
            TaskState::Open => {
                let state = task.content.state.step(TaskStep::Drop)?;
                let after = TaskContent {
                    state,
                    ..task.content.clone()
                };
                let why = "The access has ended before it was set up.";
                let entry = write(
                    tx,
                    cx,
                    permit,
                    &task,
                    &after,
                    (AuditAction::TaskDropped, why),
                )
                .await?;
                made.entries.push(entry);
            }
            TaskState::Done | TaskState::Verified => set_up.extend(task.content.entitlement),
            TaskState::Dropped => {}
        }
    }
    let now = tx.recorded();
    let kept = kept(tx, content.identity, now).await?;
    set_up.retain(|one| !kept.contains(one));
    let more = make(tx, cx, permit, TaskKind::Take, (id, content), &set_up).await?;
    made.entries.extend(more.entries);
    made.notices.extend(more.notices);
    Ok(made)
}

/// Makes the tasks that take away what applications still show of access that somebody lost and that nothing gives any
/// more, whoever gave it; what is asked for already is not asked for twice.
pub(crate) async fn take_away(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    (id, content): (AssignmentId, &AssignmentContent),
    lost: &BTreeSet<EntitlementId>,
) -> Result<Made> {
    let now = tx.recorded();
    let mut shown = observed(tx, content.identity, lost, now).await?;
    if shown.is_empty() {
        return Ok(Made::default());
    }
    for task in tx.tasks_of(&[id]).await? {
        let waits = matches!(task.content.state, TaskState::Open | TaskState::Done);
        if let Some(asked) = task.content.entitlement
            && task.content.kind == TaskKind::Take
            && waits
        {
            shown.remove(&asked);
        }
    }
    let shown: Vec<EntitlementId> = shown.into_iter().collect();
    make(tx, cx, permit, TaskKind::Take, (id, content), &shown).await
}

/// The entitlements that something gives.
async fn reach(tx: &mut ReadTx, what: Grantable) -> Result<BTreeSet<EntitlementId>> {
    Ok(match what {
        Grantable::Entitlement(id) => BTreeSet::from([id]),
        Grantable::Role(id) => tx.role_graph().await?.reach(id).iter().copied().collect(),
    })
}

/// Those of them that applications show for a person.
async fn observed(
    tx: &mut ReadTx,
    person: IdentityId,
    wanted: &BTreeSet<EntitlementId>,
    now: Instant,
) -> Result<BTreeSet<EntitlementId>> {
    let seen = tx.observed_of_people(&[person], now).await?;
    let seen = seen.into_iter().map(|one| one.key.entitlement);
    Ok(seen.filter(|one| wanted.contains(one)).collect())
}

/// What a person still has as this transaction leaves it.
async fn kept(
    tx: &mut ReadTx,
    person: IdentityId,
    now: Instant,
) -> Result<BTreeSet<EntitlementId>> {
    let moment = AsOf::now(now.plus(1));
    let people = load(tx, &[person], moment).await?;
    // What a source still sees of access that has ended is not given by anything: it is left over.
    let whole = people.by_id.get(&person);
    Ok(whole.map_or_else(BTreeSet::new, |whole| {
        whole.entitlements(&people.graph, moment)
    }))
}

async fn make(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    kind: TaskKind,
    (id, assignment): (AssignmentId, &AssignmentContent),
    entitlements: &[EntitlementId],
) -> Result<Made> {
    let now = tx.recorded();
    let mut made = Made::default();
    for entitlement in entitlements {
        let Some(found) = tx.entitlement(*entitlement).await? else {
            continue;
        };
        let application = found.content.application;
        let built_in = tx.application(application).await?;
        if built_in.is_none_or(|found| found.content.built_in) {
            // A right in this console needs nobody to set it up.
            continue;
        }
        let parties = Parties {
            requester: assignment.identity,
            beneficiary: assignment.identity,
        };
        let what = Grantable::Entitlement(*entitlement);
        let step = Step::by(Approver::ApplicationOwner);
        let assignees = flows::approvers(tx, &step, parties, what, now)
            .await?
            .people;
        let content = TaskContent {
            identity: Some(assignment.identity),
            entitlement: Some(*entitlement),
            assignment: Some(id),
            ..open(kind, application, assignees, now)
        };
        let name = crate::requests::person(tx, assignment.identity).await?;
        let title = format!(
            "{}: {} for {name}",
            kind.label(),
            found.content.display_name
        );
        let why = (title.as_str(), assignment.reason.as_str());
        add(tx, (cx, permit), &content, why, &mut made).await?;
    }
    Ok(made)
}

/// Asks that an account is disabled or removed where it is, for a reason; what is asked for already is not asked for twice.
pub(crate) async fn disable_account(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    account: &Account,
    reason: &str,
) -> Result<(FulfilmentTaskId, Made)> {
    let mut made = Made::default();
    if let Some(task) = tx.task_of_account(account.id).await? {
        return Ok((task.id, made));
    }
    let application = account.content.application;
    let now = tx.recorded();
    let assignees = answering(tx, application, now).await?;
    let content = TaskContent {
        identity: account.content.identity,
        account: Some(account.id),
        ..open(TaskKind::Disable, application, assignees, now)
    };
    let found = tx.application(application).await?;
    let place = found.map_or_else(String::new, |found| found.content.display_name);
    let what = TaskKind::Disable.label();
    let title = format!("{what}: {} in {place}", account.content.name);
    let task = add(tx, (cx, permit), &content, (&title, reason), &mut made).await?;
    Ok((task, made))
}

/// A task that somebody has to do from now on, about nothing yet.
const fn open(
    kind: TaskKind,
    application: ApplicationId,
    assignees: Vec<IdentityId>,
    now: Instant,
) -> TaskContent {
    TaskContent {
        kind,
        identity: None,
        entitlement: None,
        account: None,
        application,
        assignment: None,
        assignees,
        created: now,
        due: now.plus(DUE),
        state: TaskState::Open,
        note: String::new(),
        done_by: None,
        done_at: None,
        verified_by: None,
    }
}

/// Adds a task with its entry; it waits for those who should do it, and they are told.
async fn add(
    tx: &mut WriteTx,
    (cx, permit): (&Cx, &Permit),
    content: &TaskContent,
    (title, reason): (&str, &str),
    made: &mut Made,
) -> Result<FulfilmentTaskId> {
    let (task, target) = tx.insert_task(content).await?;
    let mut entry = cx.change(
        permit,
        AuditAction::TaskCreated,
        target,
        None::<&TaskContent>,
        Some(content),
        Some(reason),
    )?;
    concerns(&mut entry, content);
    made.entries.push(entry);
    put_inbox(tx, task, content).await?;
    let notices = content.assignees.iter().map(|to| Notice {
        to: *to,
        kind: NoticeKind::TaskAssigned,
        object: task.into(),
        title: title.to_owned(),
        text: format!("Reason: {reason}"),
        path: format!("/tasks/{task}"),
    });
    made.notices.extend(notices);
    Ok(task)
}

/// Who answers for an application and can act: its owner, or administrators.
async fn answering(
    tx: &mut ReadTx,
    application: ApplicationId,
    now: Instant,
) -> Result<Vec<IdentityId>> {
    let owner = tx.application(application).await?;
    if let Some(owner) = owner.and_then(|found| found.content.owner)
        && is_there(tx, owner, now).await?
    {
        return Ok(vec![owner]);
    }
    flows::administrators(tx, now).await
}

async fn is_there(tx: &mut ReadTx, one: IdentityId, now: Instant) -> Result<bool> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    let found = tx.identity(one).await?;
    Ok(found.is_some_and(|one| presence(&one.content, &zone).is_there(now)))
}

/// Writes the next version of a task with its entry.
pub(super) async fn write(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    before: &FulfilmentTask,
    after: &TaskContent,
    (action, why): (AuditAction, &str),
) -> Result<Event> {
    let target = tx
        .replace_task(before.id, before.recorded_from, after)
        .await?;
    let mut entry = cx.change(
        permit,
        action,
        target,
        Some(&before.content),
        Some(after),
        Some(why),
    )?;
    concerns(&mut entry, after);
    put_inbox(tx, before.id, after).await?;
    Ok(entry)
}

/// Whom and what a task is about find the entry in their timelines, too.
fn concerns(entry: &mut Event, task: &TaskContent) {
    let about = [
        task.identity.map(ObjectRef::from),
        task.entitlement.map(ObjectRef::from),
        task.account.map(|_| task.application.into()),
    ];
    let about = about.into_iter().flatten();
    entry.targets.extend(about.map(|object| Target {
        object,
        content: None,
    }));
}

/// An open task waits for each of those who should do it.
async fn put_inbox(tx: &mut WriteTx, id: FulfilmentTaskId, content: &TaskContent) -> Result<()> {
    let people: &[IdentityId] = if content.state == TaskState::Open {
        &content.assignees
    } else {
        &[]
    };
    let entries: Vec<InboxEntry> = people
        .iter()
        .map(|person| InboxEntry {
            person: *person,
            kind: InboxKind::Task,
            object: id.raw(),
            step: 0,
            opened: content.created,
            due: content.due,
            remind_at: None,
        })
        .collect();
    tx.set_inbox(InboxKind::Task, id.raw(), &entries).await?;
    Ok(())
}

/// Asks others when those who should do a task are gone; otherwise its entries are only brought in line.
pub(crate) async fn sweep(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    id: FulfilmentTaskId,
    gone: bool,
) -> Result<()> {
    let Some(task) = tx.tasks(&[id]).await?.pop() else {
        tx.set_inbox(InboxKind::Task, id.raw(), &[]).await?;
        return Ok(tx
            .commit_unaudited("an entry of the inbox whose task is not there")
            .await?);
    };
    if !gone || task.content.state != TaskState::Open {
        put_inbox(&mut tx, id, &task.content).await?;
        return Ok(tx
            .commit_unaudited("the inbox is brought in line with what is recorded")
            .await?);
    }
    let permit = cx.decide(Action::DoTask, Some(id.into()), Facts::default())?;
    let now = tx.recorded();
    let assignees = match task.content.identity.zip(task.content.entitlement) {
        Some((person, entitlement)) => {
            let parties = Parties {
                requester: person,
                beneficiary: person,
            };
            let step = Step::by(Approver::ApplicationOwner);
            let what = Grantable::Entitlement(entitlement);
            let found = flows::approvers(&mut tx, &step, parties, what, now).await?;
            found.people
        }
        None => answering(&mut tx, task.content.application, now).await?,
    };
    let after = TaskContent {
        assignees,
        ..task.content.clone()
    };
    let why = "Somebody who should do it can no longer act.";
    let entry = write(
        &mut tx,
        cx,
        &permit,
        &task,
        &after,
        (AuditAction::TaskReassigned, why),
    )
    .await?;
    service.commit(cx, tx, id, entry, Vec::new()).await
}
