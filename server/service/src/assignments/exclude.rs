//! Excluding a person from an entitlement or a role, whatever gives it; and ending that.

use domain::audit::AuditAction;
use domain::exclusion::{ExclusionContent, ExclusionState};
use domain::field::FieldErrors;
use domain::id::{ExclusionId, IdentityId};
use domain::identity::IdentityStatus;
use domain::permission::Action;
use domain::time::Instant;

use super::{touch, validity, what};
use crate::people::facts;
use crate::{Cx, Error, Result, Service, boxed, references};

/// What somebody types to exclude a person, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ExclusionDraft {
    /// `APPLICATION/ENTITLEMENT`, `role:NAME`, or an id.
    pub what: String,
    /// Why; required.
    pub reason: String,
    /// Who answers for it, by username or id; empty is whoever makes it.
    pub owner: String,
    /// Last day; empty is without end.
    pub until: String,
}

/// Excludes a person and answers the exclusion.
#[boxed]
pub async fn exclude(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    draft: &ExclusionDraft,
) -> Result<ExclusionId> {
    let result = carry_out(service, cx, id, draft).await;
    service.noted(cx, result).await
}

/// Ends the version `expected` of an exclusion.
#[boxed]
pub async fn end_exclusion(
    service: &Service,
    cx: &Cx,
    id: ExclusionId,
    expected: Instant,
    reason: &str,
) -> Result<()> {
    let result = carry_out_end(service, cx, id, expected, reason).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    draft: &ExclusionDraft,
) -> Result<ExclusionId> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::GiveAccess, Some(id.into()), facts)?;
    if person.content.status == IdentityStatus::Ended {
        return Err(Error::Refused(format!(
            "{} has left and has nothing to be excluded from.",
            person.content.display_name
        )));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", &draft.reason, 500);
    let what = what(&mut tx, &draft.what, &mut errors).await?;
    let owner = references::person(&mut tx, "owner", &draft.owner, &mut errors).await?;
    let (valid_from, valid_until) = validity(&mut tx, ("", &draft.until), now, &mut errors).await?;
    let known = tx.exclusions_as_of(&[id], now.plus(1)).await?;
    if known.iter().any(|one| {
        Some(one.content.what) == what && one.content.valid_until.is_none_or(|until| until > now)
    }) {
        errors.add("what", "The person is excluded from this already.");
    }
    errors.or(())?;
    let Some(what) = what else {
        return Err(Error::Internal(
            "what is excluded is neither known nor a problem".to_owned(),
        ));
    };
    let content = ExclusionContent {
        identity: id,
        what,
        reason,
        owner: owner.or(cx.me()),
        state: ExclusionState::Active,
        valid_from,
        valid_until,
    };
    let (exclusion, target) = tx.insert_exclusion(&content).await?;
    let mut event = cx.change(
        &permit,
        AuditAction::ExclusionCreated,
        target,
        None::<&ExclusionContent>,
        Some(&content),
        Some(&content.reason),
    )?;
    touch(&mut event, id, what);
    service.commit(cx, tx, exclusion, event, Vec::new()).await?;
    Ok(exclusion)
}

async fn carry_out_end(
    service: &Service,
    cx: &Cx,
    id: ExclusionId,
    expected: Instant,
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let before = tx.exclusion(id).await?.ok_or(Error::NotFound)?;
    let person = before.content.identity;
    let (_, facts) = facts(&mut tx, cx, person, now).await?;
    let permit = cx.decide(Action::GiveAccess, Some(person.into()), facts)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    if before.content.state == ExclusionState::Ended {
        return Err(Error::Refused(
            "This exclusion has ended already.".to_owned(),
        ));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let after = ExclusionContent {
        state: ExclusionState::Ended,
        valid_until: Some(
            before
                .content
                .valid_until
                .map_or(now, |until| until.min(now)),
        ),
        ..before.content.clone()
    };
    let target = tx
        .replace_exclusion(id, before.recorded_from, &after)
        .await?;
    let mut event = cx.change(
        &permit,
        AuditAction::ExclusionEnded,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    touch(&mut event, person, after.what);
    service.commit(cx, tx, id, event, Vec::new()).await
}
