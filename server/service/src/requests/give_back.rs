//! Giving back what one has and does not need.

use domain::assignment::AssignmentStep;
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::AssignmentId;
use domain::permission::Action;

use crate::assignments::{by_hand, not_of_the_console, stepped, touch};
use crate::notifications::tell;
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed, tasks};

/// Ends an assignment of the actor's own.
#[boxed]
pub async fn give_back(service: &Service, cx: &Cx, id: AssignmentId, reason: &str) -> Result<()> {
    let result = carry_out(service, cx, id, reason).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, id: AssignmentId, reason: &str) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let before = tx.assignment(id).await?.ok_or(Error::NotFound)?;
    let person = before.content.identity;
    let (_, about) = facts(&mut tx, cx, person, now).await?;
    let permit = cx.decide(Action::FollowRequest, Some(person.into()), about)?;
    not_of_the_console(&mut tx, before.content.what).await?;
    by_hand(&before.content)?;
    let after = stepped(&before.content, AssignmentStep::End, now)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let target = tx
        .replace_assignment(id, before.recorded_from, &after)
        .await?;
    let mut event = cx.change(
        &permit,
        AuditAction::AssignmentEnded,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    touch(&mut event, after.identity, after.what);
    let made = tasks::after_end(&mut tx, cx, &permit, (id, &after)).await?;
    tell(&mut tx, &made.notices).await?;
    let mut rest = made.entries;
    rest.extend(super::end_activations(&mut tx, cx, &permit, (id, &after)).await?);
    service.commit(cx, tx, id, event, rest).await
}
