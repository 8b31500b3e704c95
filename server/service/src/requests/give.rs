//! Giving what is approved, in the transaction of the last decision.

use domain::approval::{Happened, Vote};
use domain::assignment::{Agent, AssignmentState};
use domain::audit::AuditAction;
use domain::id::{AssignmentId, IdentityId};
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::request::{ItemKind, Length};
use domain::role::Grantable;
use domain::time::Instant;
use jiff::tz::TimeZone;
use storage::WriteTx;
use storage::assignments::{Assignment, AssignmentContent};

use super::course::{By, Course};
use crate::assignments::touch;
use crate::tasks;
use crate::{Error, Result};

/// When something that is given now ends: days end with a day of the organisation.
pub(super) async fn until(
    tx: &mut storage::ReadTx,
    length: Length,
    now: Instant,
) -> Result<Option<Instant>> {
    let Length::Days(days) = length else {
        return Ok(length.micros().map(|micros| now.plus(micros)));
    };
    let zone = tx
        .organisation()
        .await?
        .map_or(TimeZone::UTC, |organisation| organisation.time_zone());
    let days = i32::try_from(days).unwrap_or(i32::MAX);
    Ok(Some(now.day(&zone).plus_days(days).end(&zone)))
}

/// Gives it, or says why it cannot be given any more; either is part of what happened.
pub(super) async fn give(
    course: &mut Course<'_>,
    tx: &mut WriteTx,
) -> Result<Option<AssignmentId>> {
    if let Some(reason) = hindered(course, tx).await? {
        let failed = Happened::Failed {
            reason: reason.clone(),
        };
        course
            .happen(
                tx,
                By::default(),
                failed,
                (AuditAction::RequestFailed, Some(&reason)),
            )
            .await?;
        return Ok(None);
    }
    let length = course.standing.state.length;
    let valid_until = until(tx, length, course.now).await?;
    let (assignment, content) = match course.content().kind {
        ItemKind::New => new(course, tx, valid_until).await?,
        ItemKind::Extend => extend(course, tx, valid_until).await?,
        ItemKind::Activate => activate(course, tx, valid_until).await?,
        ItemKind::Emergency => emergency(course, tx, valid_until).await?,
    };
    let granted = Happened::Granted { assignment };
    let (item, request) = (course.standing.item.id, course.content().request);
    // The entry of the assignment stands before this one and is about it already; this one ties it to the request.
    let event = domain::approval::RequestEvent {
        item,
        at: course.now,
        by: None,
        on_behalf_of: None,
        what: granted,
    };
    let target = tx.insert_request_event(&event).await?;
    if let Some(entry) = course.log.last_mut() {
        entry.targets.push(target);
        for object in [item.into(), request.into()] {
            entry.targets.push(domain::audit::Target {
                object,
                content: None,
            });
        }
    }
    course.standing.events.push(event);
    if content.state == AssignmentState::Active && course.content().kind != ItemKind::Extend {
        let given = (assignment, &content);
        let mut made = tasks::after_grant(tx, course.cx, &course.permit, given).await?;
        if content.agent == Agent::Emergency {
            let more = tasks::after_emergency(tx, course.cx, &course.permit, given).await?;
            made.entries.extend(more.entries);
            made.notices.extend(more.notices);
        }
        // What ends the item is the entry of the assignment: tasks go before it.
        let place = course.log.len().saturating_sub(1);
        course.log.splice(place..place, made.entries);
        course.notices.extend(made.notices);
    }
    Ok(Some(assignment))
}

/// Why it cannot be given, although it is approved.
async fn hindered(course: &Course<'_>, tx: &mut WriteTx) -> Result<Option<String>> {
    let content = course.content();
    let Some(person) = tx.identity(content.beneficiary).await? else {
        return Ok(Some("The person is not there any more.".to_owned()));
    };
    if !matches!(
        person.content.status,
        IdentityStatus::Active | IdentityStatus::OnLeave
    ) {
        let name = &person.content.display_name;
        return Ok(Some(format!(
            "{name} has left or is suspended and can be given nothing."
        )));
    }
    let alive = match content.what {
        Grantable::Entitlement(id) => match tx.entitlement(id).await? {
            Some(found) if found.content.status == Lifecycle::Active => {
                let application = tx.application(found.content.application).await?;
                application.is_some_and(|app| app.content.status == Lifecycle::Active)
            }
            _ => false,
        },
        Grantable::Role(id) => tx
            .role(id)
            .await?
            .is_some_and(|role| role.content.status == Lifecycle::Active),
    };
    if !alive {
        return Ok(Some(
            "What was asked for is suspended or has ended.".to_owned(),
        ));
    }
    let until = until(tx, course.standing.state.length, course.now).await?;
    let exclusions = tx
        .exclusions_as_of(&[content.beneficiary], course.now.plus(1))
        .await?;
    let span = (course.now, until);
    let hindrance =
        crate::assignments::hindrance((content.what, span), &[], &exclusions, course.now);
    Ok(hindrance.map(|hindrance| hindrance.sentence()))
}

/// Who agreed last: they answer for it.
fn agreed_by(course: &Course<'_>) -> Option<IdentityId> {
    course
        .standing
        .events
        .iter()
        .rev()
        .find(|event| {
            matches!(
                event.what,
                Happened::Decided {
                    vote: Vote::Approve,
                    ..
                }
            )
        })
        .and_then(|event| event.by)
}

async fn new(
    course: &mut Course<'_>,
    tx: &mut WriteTx,
    valid_until: Option<Instant>,
) -> Result<(AssignmentId, AssignmentContent)> {
    let item = course.content();
    let state = if item.definition.activation_hours.is_some() {
        AssignmentState::Eligible
    } else {
        AssignmentState::Active
    };
    let content = AssignmentContent {
        identity: item.beneficiary,
        what: item.what,
        agent: Agent::Request,
        reason: item.reason.clone(),
        state,
        valid_from: course.now,
        valid_until,
        source: None,
        rule: None,
        granted_by: agreed_by(course),
        request: Some(course.standing.item.id),
        activates: None,
    };
    insert(course, tx, content, AuditAction::AssignmentCreated).await
}

/// The eligible assignment, in force for some hours; never longer than it lasts itself.
async fn activate(
    course: &mut Course<'_>,
    tx: &mut WriteTx,
    valid_until: Option<Instant>,
) -> Result<(AssignmentId, AssignmentContent)> {
    let base = base(course, tx).await?;
    let end = [valid_until, base.content.valid_until];
    let content = AssignmentContent {
        identity: base.content.identity,
        what: base.content.what,
        agent: Agent::Request,
        reason: course.content().reason.clone(),
        state: AssignmentState::Active,
        valid_from: course.now,
        valid_until: end.into_iter().flatten().min(),
        source: None,
        rule: None,
        granted_by: agreed_by(course),
        request: Some(course.standing.item.id),
        activates: Some(base.id),
    };
    insert(course, tx, content, AuditAction::AssignmentActivated).await
}

/// At once and for hours, whatever else the flow says.
async fn emergency(
    course: &mut Course<'_>,
    tx: &mut WriteTx,
    valid_until: Option<Instant>,
) -> Result<(AssignmentId, AssignmentContent)> {
    let item = course.content();
    let content = AssignmentContent {
        identity: item.beneficiary,
        what: item.what,
        agent: Agent::Emergency,
        reason: item.reason.clone(),
        state: AssignmentState::Active,
        valid_from: course.now,
        valid_until,
        source: None,
        rule: None,
        granted_by: None,
        request: Some(course.standing.item.id),
        activates: None,
    };
    insert(course, tx, content, AuditAction::EmergencyUsed).await
}

async fn insert(
    course: &mut Course<'_>,
    tx: &mut WriteTx,
    content: AssignmentContent,
    action: AuditAction,
) -> Result<(AssignmentId, AssignmentContent)> {
    let (id, target) = tx.insert_assignment(&content).await?;
    let mut entry = course.cx.change(
        &course.permit,
        action,
        target,
        None::<&AssignmentContent>,
        Some(&content),
        Some(&content.reason),
    )?;
    touch(&mut entry, content.identity, content.what);
    course.log.push(entry);
    Ok((id, content))
}

/// What is extended or activated.
async fn base(course: &Course<'_>, tx: &mut WriteTx) -> Result<Assignment> {
    let id = course.content().based_on;
    let id = id.ok_or_else(|| Error::Internal("an item names no assignment".to_owned()))?;
    let found = tx.assignment(id).await?;
    found.ok_or_else(|| Error::Internal(format!("{id} is not there")))
}

async fn extend(
    course: &mut Course<'_>,
    tx: &mut WriteTx,
    valid_until: Option<Instant>,
) -> Result<(AssignmentId, AssignmentContent)> {
    let before = base(course, tx).await?;
    // What ended meanwhile is given anew, from now on.
    if before.content.state == AssignmentState::Ended
        || before
            .content
            .valid_until
            .is_some_and(|end| end <= course.now)
    {
        return new(course, tx, valid_until).await;
    }
    let later = match (before.content.valid_until, valid_until) {
        (Some(one), Some(other)) => Some(one.max(other)),
        _ => None,
    };
    let after = AssignmentContent {
        valid_until: later,
        ..before.content.clone()
    };
    let target = tx
        .replace_assignment(before.id, before.recorded_from, &after)
        .await?;
    let reason = course.content().reason.clone();
    let mut entry = course.cx.change(
        &course.permit,
        AuditAction::AssignmentExtended,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    touch(&mut entry, after.identity, after.what);
    course.log.push(entry);
    Ok((before.id, after))
}
