//! The life of a rule: draft, observing, active, ended. Activating and ending are planned.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::RuleId;
use domain::permission::{Action, Visibility, visible_people};
use domain::rule::{RuleContent, RuleState};
use domain::time::Instant;
use policy::Condition;
use storage::ReadTx;

use super::apply::apply;
use super::compiled::vocabulary_of;
use super::edit::condition_of;
use super::{facts, plan, target};
use crate::plan::{Applied, Asked, Plan};
use crate::{Cx, Error, Result, Service, boxed};

/// What a rule does, or would do, in another state. Of a draft that is to be observed, what it would do if it were active.
#[boxed]
pub async fn plan_step(service: &Service, cx: &Cx, id: RuleId, next: RuleState) -> Result<Plan> {
    let result = carry_out_plan(service, cx, id, next).await;
    service.noted(cx, result).await
}

/// Moves the version `expected` of a rule on. What changes access is made only when it does what the plan with this hash
/// says. `confirm` is the number of people who lose something, typed, when they are many.
#[boxed]
pub async fn step(
    service: &Service,
    cx: &Cx,
    id: RuleId,
    expected: Instant,
    next: RuleState,
    asked: &Asked,
) -> Result<Applied> {
    let result = carry_out(service, cx, id, expected, next, asked).await;
    service.noted(cx, result).await
}

async fn carry_out_plan(service: &Service, cx: &Cx, id: RuleId, next: RuleState) -> Result<Plan> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let (rule, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::ReadAccess, Some(id.into()), facts)?;
    let vocabulary = vocabulary_of(&mut tx).await?;
    let condition = Condition::parse(&rule.content.condition, &vocabulary).map_err(|problems| {
        let problem = problems
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        Error::Refused(format!("The condition cannot be read any more: {problem}"))
    })?;
    still_gives(&mut tx, &rule.content, next).await?;
    let gives_nothing = rule.content.state == RuleState::Active && next != RuleState::Active;
    let content = RuleContent {
        state: if gives_nothing {
            RuleState::Ended
        } else {
            next
        },
        ..rule.content
    };
    let mut plan = plan::of(&mut tx, Some(id), &content, &condition, now)
        .await?
        .plan;
    // Whoever answers for a rule sees what it does, and not the names of people whom they may not see.
    if visible_people(cx.actor) != Visibility::All {
        plan.lines.clear();
    }
    Ok(plan)
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: RuleId,
    expected: Instant,
    next: RuleState,
    asked: &Asked,
) -> Result<Applied> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (before, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    let state = before.content.state.to(next)?;
    still_gives(&mut tx, &before.content, state).await?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &asked.reason, 500);
    let content = RuleContent {
        state,
        ..before.content.clone()
    };
    let mut applies = None;
    if state == RuleState::Active || before.content.state == RuleState::Active {
        let condition = condition_of(&mut tx, &content).await?;
        let then = RuleContent {
            state: if state == RuleState::Active {
                state
            } else {
                RuleState::Ended
            },
            ..content.clone()
        };
        let planned = plan::of(&mut tx, Some(id), &then, &condition, now).await?;
        if planned.plan.hash != asked.hash {
            return Ok(Applied::Different(Box::new(planned.plan)));
        }
        planned.plan.confirmed(&asked.confirm, &mut errors);
        applies = Some(planned.applies);
    }
    errors.or(())?;
    let target = tx.replace_rule(id, expected, &content).await?;
    let action = match state {
        RuleState::Draft => AuditAction::RuleEdited,
        RuleState::Observing => AuditAction::RuleObserved,
        RuleState::Active => AuditAction::RuleActivated,
        RuleState::Ended => AuditAction::RuleEnded,
    };
    let event = cx.change(
        &permit,
        action,
        target,
        Some(&before.content),
        Some(&content),
        Some(&reason),
    )?;
    let events = match applies {
        Some(applies) => apply(&mut tx, cx, &permit, id, applies).await?,
        None => Vec::new(),
    };
    service.commit(cx, tx, id, event, events).await?;
    service.wake_worker();
    Ok(Applied::Done)
}

/// Refuses to go on with a rule that would give what has ended.
async fn still_gives(tx: &mut ReadTx, content: &RuleContent, next: RuleState) -> Result<()> {
    if !matches!(next, RuleState::Observing | RuleState::Active) {
        return Ok(());
    }
    match target::ended(tx, content.gives).await? {
        Some(name) => Err(Error::Refused(target::sentence(&name))),
        None => Ok(()),
    }
}
