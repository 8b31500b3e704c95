//! Activating eligible access for some hours.

use domain::assignment::{AssignmentState, AssignmentStep};
use domain::audit::{AuditAction, Event};
use domain::field::FieldErrors;
use domain::id::{AssignmentId, RequestId};
use domain::permission::{Action, Permit};
use domain::request::{ItemKind, ItemState, Length};
use storage::WriteTx;
use storage::assignments::AssignmentContent;

use super::check;
use super::submit::{Wanted, write};
use crate::assignments::{stepped, touch};
use crate::notifications::tell;
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed, flows, tasks};

/// Asks to use eligible access for some hours; where the flow wants no approval for that, it is active at once.
#[boxed]
pub async fn activate(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    hours: &str,
    reason: &str,
) -> Result<RequestId> {
    let result = carry_out(service, cx, id, hours, reason).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: AssignmentId,
    hours: &str,
    reason: &str,
) -> Result<RequestId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let base = tx.assignment(id).await?.ok_or(Error::NotFound)?;
    let person = base.content.identity;
    let (identity, about) = facts(&mut tx, cx, person, now).await?;
    // Only who has it uses it: not even a manager activates for somebody else.
    let permit = cx.decide(Action::FollowRequest, Some(person.into()), about)?;
    check::present(&identity)?;
    let over = base.content.valid_until.is_some_and(|until| until <= now);
    if base.content.state != AssignmentState::Eligible || over || base.content.valid_from > now {
        return Err(Error::Refused(
            "This cannot be activated now: it is not eligible, has ended, or has not begun."
                .to_owned(),
        ));
    }
    let what = base.content.what;
    let flow = flows::flow_for(&mut tx, what).await?;
    let active = tx.assignments_as_of(&[person], now.plus(1)).await?;
    let running = active.iter().any(|one| {
        one.content.activates == Some(id)
            && one.content.state == AssignmentState::Active
            && one.content.valid_until.is_none_or(|until| until > now)
    });
    let waiting = tx.items_for(person, true, 1_000).await?;
    let asked = waiting
        .iter()
        .any(|item| item.content.based_on == Some(id) && item.content.state == ItemState::Waiting);
    if running || asked {
        return Err(Error::Refused(
            "This is active already, or its activation waits for a decision.".to_owned(),
        ));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    let length = check::hours(hours, flow.content.activation_hours.unwrap_or(8));
    if let Err(sentence) = &length {
        errors.add("hours", sentence.clone());
    }
    errors.or(())?;
    let wanted = Wanted {
        kind: ItemKind::Activate,
        what,
        length: length.unwrap_or(Length::Hours(1)),
        reason,
        at_once: (!flow.content.activation_approval)
            .then_some("Activations of it need no approval."),
        flow,
        based_on: Some(id),
    };
    let requester = cx.me().unwrap_or(person);
    write(service, cx, tx, &permit, (requester, person), vec![wanted]).await
}

/// Ends what is active of an eligible assignment that has ended.
pub(crate) async fn end_activations(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    (base, content): (AssignmentId, &AssignmentContent),
) -> Result<Vec<Event>> {
    let now = tx.recorded();
    let mut entries = Vec::new();
    for one in tx.assignments_of(content.identity).await? {
        if one.content.activates != Some(base) {
            continue;
        }
        let after = stepped(&one.content, AssignmentStep::End, now)?;
        let target = tx
            .replace_assignment(one.id, one.recorded_from, &after)
            .await?;
        let mut entry = cx.change(
            permit,
            AuditAction::AssignmentEnded,
            target,
            Some(&one.content),
            Some(&after),
            Some("What it activates has ended."),
        )?;
        touch(&mut entry, after.identity, after.what);
        entries.push(entry);
        let made = tasks::after_end(tx, cx, permit, (one.id, &after)).await?;
        tell(tx, &made.notices).await?;
        entries.extend(made.entries);
    }
    Ok(entries)
}
