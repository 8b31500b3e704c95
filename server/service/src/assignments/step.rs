//! Changing how long an assignment lasts; suspending, restoring and ending it.

use domain::assignment::{Agent, AssignmentState, AssignmentStep};
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::AssignmentId;
use domain::permission::{Action, Permit};
use domain::time::Instant;
use storage::WriteTx;
use storage::assignments::{Assignment, AssignmentContent};

use super::{not_of_the_console, touch, validity};
use crate::notifications::tell;
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed, requests, tasks};

/// Changes the last day of the version `expected` of an assignment; empty is without end.
#[boxed]
pub async fn extend(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    expected: Instant,
    until: &str,
    reason: &str,
) -> Result<()> {
    let result = carry_out_extend(service, cx, id, expected, until, reason).await;
    service.noted(cx, result).await
}

/// Suspends, restores or ends the version `expected` of an assignment.
#[boxed]
pub async fn step(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    expected: Instant,
    step: AssignmentStep,
    reason: &str,
) -> Result<()> {
    let result = carry_out_step(service, cx, id, expected, step, reason).await;
    service.noted(cx, result).await
}

/// The assignment, if the actor may change it and it is one that people change.
async fn open(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    expected: Instant,
) -> Result<(WriteTx, Permit, Assignment)> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let assignment = tx.assignment(id).await?.ok_or(Error::NotFound)?;
    let person = assignment.content.identity;
    let (_, facts) = facts(&mut tx, cx, person, now).await?;
    let permit = cx.decide(Action::GiveAccess, Some(person.into()), facts)?;
    if assignment.recorded_from != expected {
        return Err(Error::Conflict);
    }
    not_of_the_console(&mut tx, assignment.content.what).await?;
    by_hand(&assignment.content)?;
    Ok((tx, permit, assignment))
}

/// Refuses what people do not change: it would come again.
pub(crate) fn by_hand(content: &AssignmentContent) -> Result<()> {
    if content.agent == Agent::Rule {
        return Err(Error::Refused(
            "A rule gives this, and would give it again. Change or end the rule, or exclude this person.".to_owned(),
        ));
    }
    if content.source.is_some() {
        return Err(Error::Refused(
            "A source brings this, and would bring it again. Take it out there, or exclude this person.".to_owned(),
        ));
    }
    Ok(())
}

/// The assignment with another end; what is wrong with that end goes to `until`.
pub(super) fn extended(
    before: &AssignmentContent,
    valid_until: Option<Instant>,
    errors: &mut FieldErrors,
) -> Result<AssignmentContent> {
    if before.state == AssignmentState::Ended {
        return Err(Error::Refused(
            "This has ended. Give the access anew.".to_owned(),
        ));
    }
    if valid_until.is_some_and(|until| until <= before.valid_from) {
        errors.add(
            "until",
            "It does not begin before that day. Choose a later day.",
        );
    }
    Ok(AssignmentContent {
        valid_until,
        ..before.clone()
    })
}

/// The assignment after a step.
pub(crate) fn stepped(
    before: &AssignmentContent,
    step: AssignmentStep,
    now: Instant,
) -> Result<AssignmentContent> {
    let state = before.state.step(step)?;
    Ok(AssignmentContent {
        state,
        valid_until: if state == AssignmentState::Ended {
            Some(before.valid_until.map_or(now, |until| until.min(now)))
        } else {
            before.valid_until
        },
        ..before.clone()
    })
}

async fn carry_out_extend(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    expected: Instant,
    until: &str,
    reason: &str,
) -> Result<()> {
    let (mut tx, permit, before) = open(service, cx, id, expected).await?;
    let now = tx.recorded();
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    let (_, valid_until) = validity(&mut tx, ("", until), now, &mut errors).await?;
    let after = extended(&before.content, valid_until, &mut errors)?;
    errors.or(())?;
    write(
        service,
        cx,
        tx,
        &permit,
        (before, after),
        AuditAction::AssignmentExtended,
        &reason,
    )
    .await
}

async fn carry_out_step(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    expected: Instant,
    step: AssignmentStep,
    reason: &str,
) -> Result<()> {
    let (tx, permit, before) = open(service, cx, id, expected).await?;
    let after = stepped(&before.content, step, tx.recorded())?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let action = match step {
        AssignmentStep::Suspend => AuditAction::AssignmentSuspended,
        AssignmentStep::Restore => AuditAction::AssignmentRestored,
        AssignmentStep::End => AuditAction::AssignmentEnded,
    };
    write(service, cx, tx, &permit, (before, after), action, &reason).await
}

async fn write(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    permit: &Permit,
    (before, after): (Assignment, AssignmentContent),
    action: AuditAction,
    reason: &str,
) -> Result<()> {
    let target = tx
        .replace_assignment(before.id, before.recorded_from, &after)
        .await?;
    let mut event = cx.change(
        permit,
        action,
        target,
        Some(&before.content),
        Some(&after),
        Some(reason),
    )?;
    touch(&mut event, after.identity, after.what);
    let mut rest = Vec::new();
    if after.state == AssignmentState::Ended {
        let made = tasks::after_end(&mut tx, cx, permit, (before.id, &after)).await?;
        tell(&mut tx, &made.notices).await?;
        rest = made.entries;
        let ended = (before.id, &after);
        rest.extend(requests::end_activations(&mut tx, cx, permit, ended).await?);
    }
    service.commit(cx, tx, before.id, event, rest).await
}
