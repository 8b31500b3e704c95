//! Writing rules: the draft and its check, adding one, and changing one with a plan when it is active.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{IdentityId, RuleId};
use domain::permission::{Action, Facts};
use domain::role::Grantable;
use domain::rule::{Rule, RuleContent, RuleState};
use domain::time::Instant;
use policy::{Condition, Vocabulary};
use storage::{ReadTx, WriteTx};

use super::apply::apply;
use super::compiled::vocabulary_of;
use super::{facts, plan, target};
use crate::plan::{Applied, Plan};
use crate::{Cx, Error, Result, Service, assignments, boxed, references};

/// Longest hand-over, in days: after it, nobody remembers why.
const MOST_DAYS: u16 = 365;

/// What somebody types into the form of a rule, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleDraft {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// One Cedar expression about the principal.
    pub condition: String,
    /// `APPLICATION/ENTITLEMENT`, `role:NAME`, or an id.
    pub what: String,
    /// The owner's username or id.
    pub owner: String,
    /// Days of hand-over; empty is none.
    pub hand_over_days: String,
    /// Why; required once the rule gives access.
    pub reason: String,
    /// The number of people whom the change touches, typed, when many lose something by it.
    pub confirm: String,
}

/// What conditions may speak of, for help and forms.
#[boxed]
pub async fn vocabulary(service: &Service, cx: &Cx) -> Result<Vocabulary> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    vocabulary_of(&mut service.store.read().await?).await
}

/// Adds a rule as a draft and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, draft: &RuleDraft) -> Result<RuleId> {
    let result = carry_out_create(service, cx, draft).await;
    service.noted(cx, result).await
}

/// What a rule would do with another content.
#[boxed]
pub async fn plan_edit(service: &Service, cx: &Cx, id: RuleId, draft: &RuleDraft) -> Result<Plan> {
    let result = carry_out_plan(service, cx, id, draft).await;
    service.noted(cx, result).await
}

/// Replaces the version `expected` of a rule. Of an active one only when that does what the plan with this hash says.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: RuleId,
    expected: Instant,
    draft: &RuleDraft,
    hash: &str,
) -> Result<Applied> {
    let result = carry_out_edit(service, cx, id, expected, draft, hash).await;
    service.noted(cx, result).await
}

async fn carry_out_create(service: &Service, cx: &Cx, draft: &RuleDraft) -> Result<RuleId> {
    let permit = cx.decide(Action::CreateAccess, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let checked = check(&mut tx, draft, None, &mut errors).await?;
    let (content, _) = errors.or(checked)?.ok_or_else(unsaid)?;
    let (id, target) = tx.insert_rule(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::RuleCreated,
        target,
        None::<&RuleContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_plan(service: &Service, cx: &Cx, id: RuleId, draft: &RuleDraft) -> Result<Plan> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let (rule, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    let mut errors = FieldErrors::new();
    let checked = check(&mut tx, draft, Some(&rule), &mut errors).await?;
    let (content, condition) = errors.or(checked)?.ok_or_else(unsaid)?;
    Ok(plan::of(&mut tx, Some(id), &content, &condition, now)
        .await?
        .plan)
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: RuleId,
    expected: Instant,
    draft: &RuleDraft,
    hash: &str,
) -> Result<Applied> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (before, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    if before.content.state == RuleState::Ended {
        return Err(Error::Refused(
            "This rule has ended. Write a new one.".to_owned(),
        ));
    }
    let gives = before.content.state == RuleState::Active;
    let mut errors = FieldErrors::new();
    let checked = check(&mut tx, draft, Some(&before), &mut errors).await?;
    let reason = if gives {
        errors.required("reason", "The reason", &draft.reason, 500)
    } else {
        errors.text("reason", "The reason", &draft.reason, 500)
    };
    let (content, condition) = errors.or(checked)?.ok_or_else(unsaid)?;
    if content == before.content {
        return Ok(Applied::Same);
    }
    let mut applies = None;
    if gives {
        let planned = plan::of(&mut tx, Some(id), &content, &condition, now).await?;
        if planned.plan.hash != hash {
            return Ok(Applied::Different(Box::new(planned.plan)));
        }
        let mut unsure = FieldErrors::new();
        planned.plan.confirmed(&draft.confirm, &mut unsure);
        unsure.or(())?;
        applies = Some(planned.applies);
    }
    let target = tx.replace_rule(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::RuleEdited,
        target,
        Some(&before.content),
        Some(&content),
        Some(&reason)
            .filter(|reason| !reason.is_empty())
            .map(String::as_str),
    )?;
    let events = match applies {
        Some(applies) => apply(&mut tx, cx, &permit, id, applies).await?,
        None => Vec::new(),
    };
    service.commit(cx, tx, id, event, events).await?;
    service.wake_worker();
    Ok(Applied::Done)
}

fn unsaid() -> Error {
    Error::Internal("a rule is neither right nor wrong".to_owned())
}

/// Everything that is wrong at once; none when something is.
async fn check(
    tx: &mut ReadTx,
    draft: &RuleDraft,
    before: Option<&Rule>,
    errors: &mut FieldErrors,
) -> Result<Option<(RuleContent, Condition)>> {
    let name = errors.required("name", "The name", &draft.name, 200);
    let description = errors.text("description", "The description", &draft.description, 2000);
    let kept = before
        .and_then(|rule| rule.content.owner)
        .filter(|owner| owner.to_string() == draft.owner.trim());
    let owner: Option<IdentityId> = match kept {
        Some(owner) => Some(owner),
        None => references::person(tx, "owner", &draft.owner, errors).await?,
    };
    let gives = target_of(tx, draft, before, errors).await?;
    let days = draft.hand_over_days.trim();
    let hand_over_days = if days.is_empty() {
        Some(0)
    } else {
        days.parse().ok()
    };
    let hand_over_days = hand_over_days.filter(|days| *days <= MOST_DAYS);
    if hand_over_days.is_none() {
        errors.add(
            "hand_over_days",
            format!("Write a number of days from 0 to {MOST_DAYS}."),
        );
    }
    if !name.is_empty()
        && let Some(other) = tx.rule_by_name(&name).await?
        && Some(other.id) != before.map(|rule| rule.id)
    {
        errors.add(
            "name",
            "Another rule has this name already. Choose another.",
        );
    }
    let text = draft.condition.trim();
    if text.is_empty() {
        errors.add(
            "condition",
            "The condition is missing. Write to whom the rule applies, for example principal.department == \"Finance\".",
        );
        return Ok(None);
    }
    let condition = match Condition::parse(text, &vocabulary_of(tx).await?) {
        Ok(condition) => Some(condition),
        Err(problems) => {
            for problem in problems {
                errors.add("condition", problem.to_string());
            }
            None
        }
    };
    let (Some(gives), Some(hand_over_days), Some(condition)) = (gives, hand_over_days, condition)
    else {
        return Ok(None);
    };
    let content = RuleContent {
        name,
        description,
        condition: text.to_owned(),
        gives,
        owner,
        state: before.map_or(RuleState::Draft, |rule| rule.content.state),
        hand_over_days,
    };
    Ok(Some((content, condition)))
}

/// What the rule is to give. Of one that has ended it is said what to do about it; another of its name may be meant when
/// nobody left the field as it was.
async fn target_of(
    tx: &mut ReadTx,
    draft: &RuleDraft,
    before: Option<&Rule>,
    errors: &mut FieldErrors,
) -> Result<Option<Grantable>> {
    let mut problems = FieldErrors::new();
    let found = assignments::what(tx, &draft.what, &mut problems).await?;
    if let (None, Some(before)) = (found, before) {
        let gives = before.content.gives;
        if let Some(name) = target::ended(tx, gives).await?
            && target::is_typed(tx, gives, &draft.what).await?
        {
            errors.add("what", target::sentence(&name));
            return Ok(None);
        }
    }
    for problem in problems.iter() {
        errors.add(problem.field, problem.message.clone());
    }
    Ok(found)
}

/// The condition of a rule that is kept.
pub(super) async fn condition_of(tx: &mut WriteTx, content: &RuleContent) -> Result<Condition> {
    let vocabulary = vocabulary_of(tx).await?;
    Condition::parse(&content.condition, &vocabulary).map_err(|problems| {
        let problem = problems
            .first()
            .map(ToString::to_string)
            .unwrap_or_default();
        Error::Refused(format!(
            "The condition cannot be read any more: {problem} Edit the rule first."
        ))
    })
}
