//! Suspending, resuming and ending people.

use crate::boxed;
use domain::audit::{AuditAction, Event};
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::lifecycle::Step;
use domain::permission::{Action, Permit};
use domain::time::Date;
use storage::WriteTx;

use super::facts;
use crate::effective::AsOf;
use crate::{Cx, Result, Service, rights, rules};

/// How a person is ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// Why; required.
    pub reason: String,
    /// The last day; none or a past day ends at once, today or later when that day is over.
    pub last_day: Option<Date>,
}

/// Stops a person for now: they are signed out and cannot sign in.
#[boxed]
pub async fn suspend(service: &Service, cx: &Cx, id: IdentityId, reason: &str) -> Result<()> {
    let result = step(service, cx, id, Step::Suspend, reason).await;
    service.noted(cx, result).await
}

/// Undoes a suspension.
#[boxed]
pub async fn resume(service: &Service, cx: &Cx, id: IdentityId, reason: &str) -> Result<()> {
    let result = step(service, cx, id, Step::Resume, reason).await;
    service.noted(cx, result).await
}

/// Ends a person for good, at once or after their last day.
#[boxed]
pub async fn end(service: &Service, cx: &Cx, id: IdentityId, end: &End) -> Result<()> {
    let result = carry_out_end(service, cx, id, end).await;
    service.noted(cx, result).await
}

/// Ends everyone whose last day is over; answers how many.
#[boxed]
pub async fn end_due(service: &Service, cx: &Cx) -> Result<usize> {
    let mut read = service.store.read().await?;
    let Some(organisation) = read.organisation().await? else {
        return Ok(0);
    };
    let today = service.now().day(&organisation.time_zone());
    let due = read.identities_due_to_end(today, 500).await?;
    drop(read);
    let mut ended = 0;
    for id in due {
        let mut tx = service.begin(cx).await?;
        let now = tx.recorded();
        let (person, facts) = facts(&mut tx, cx, id, now).await?;
        let permit = cx.decide(Action::MovePerson, Some(id.into()), facts)?;
        if person.content.status == IdentityStatus::Ended {
            continue;
        }
        match end_now(
            &mut tx,
            cx,
            &permit,
            &person,
            "The last day is over.",
            today,
        )
        .await
        {
            Ok(events) => {
                commit(service, cx, tx, id, events).await?;
                ended += 1;
            }
            Err(error) => {
                tracing::warn!(identity = %id, %error, "a person whose last day is over could not be ended");
            }
        }
    }
    Ok(ended)
}

async fn step(service: &Service, cx: &Cx, id: IdentityId, step: Step, reason: &str) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::MovePerson, Some(id.into()), facts)?;
    let status = person.content.status.step(step)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    if step == Step::Suspend {
        rights::keep_an_administrator(&mut tx, id).await?;
        tx.delete_sessions_of(id, None).await?;
    }
    let after = IdentityContent {
        status,
        ..person.content.clone()
    };
    let target = tx
        .replace_identity(id, person.recorded_from, &after)
        .await?;
    let action = if step == Step::Suspend {
        AuditAction::IdentitySuspended
    } else {
        AuditAction::IdentityResumed
    };
    let event = cx.change(
        &permit,
        action,
        target,
        Some(&person.content),
        Some(&after),
        Some(&reason),
    )?;
    let rest = rules::follow_one(service, &mut tx, cx, &permit, id).await?;
    service.commit(cx, tx, id, event, rest).await
}

async fn carry_out_end(service: &Service, cx: &Cx, id: IdentityId, end: &End) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::MovePerson, Some(id.into()), facts)?;
    person.content.status.step(Step::End)?;
    let zone = tx
        .organisation()
        .await?
        .map_or(jiff::tz::TimeZone::UTC, |organisation| {
            organisation.time_zone()
        });
    let today = now.day(&zone);
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &end.reason, 500);
    if let (Some(day), Some(start)) = (end.last_day, person.content.start_date)
        && day < start
    {
        errors.add(
            "last_day",
            "The last day is before the first day. Choose a later day.",
        );
    }
    errors.or(())?;
    let events = match end.last_day {
        Some(day) if day >= today => {
            schedule_end(&mut tx, cx, &permit, &person, &reason, day).await?
        }
        _ => {
            end_now(
                &mut tx,
                cx,
                &permit,
                &person,
                &reason,
                end.last_day.unwrap_or(today),
            )
            .await?
        }
    };
    commit(service, cx, tx, id, events).await
}

async fn schedule_end(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    person: &Identity,
    reason: &str,
    day: Date,
) -> Result<Vec<Event>> {
    let after = IdentityContent {
        end_date: Some(day),
        ..person.content.clone()
    };
    let target = tx
        .replace_identity(person.id, person.recorded_from, &after)
        .await?;
    Ok(vec![cx.change(
        permit,
        AuditAction::IdentityEdited,
        target,
        Some(&person.content),
        Some(&after),
        Some(reason),
    )?])
}

/// Ends the person, their console rights, sessions and links in this transaction.
async fn end_now(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    person: &Identity,
    reason: &str,
    day: Date,
) -> Result<Vec<Event>> {
    rights::keep_an_administrator(tx, person.id).await?;
    let status = person.content.status.step(Step::End)?;
    let end_date = Some(person.content.end_date.map_or(day, |known| known.min(day)));
    let after = IdentityContent {
        status,
        end_date,
        ..person.content.clone()
    };
    let target = tx
        .replace_identity(person.id, person.recorded_from, &after)
        .await?;
    let mut events = vec![cx.change(
        permit,
        AuditAction::IdentityEnded,
        target,
        Some(&person.content),
        Some(&after),
        Some(reason),
    )?];
    let all = AsOf::now(tx.recorded()).known;
    for assignment in tx.assignments_as_of(&[person.id], all).await? {
        events.push(rights::end_assignment(tx, cx, permit, assignment, reason).await?);
    }
    tx.delete_sessions_of(person.id, None).await?;
    tx.drop_links(person.id).await?;
    Ok(events)
}

async fn commit(
    service: &Service,
    cx: &Cx,
    tx: WriteTx,
    id: IdentityId,
    mut events: Vec<Event>,
) -> Result<()> {
    let first = events.remove(0);
    service.commit(cx, tx, id, first, events).await
}
