//! Changing a person's record.

use crate::boxed;
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::{IdentityDraft, IdentityStatus};
use domain::permission::Action;
use domain::time::Instant;

use super::create::unique;
use super::facts;
use crate::{Cx, Error, Result, Service, references, rules};

/// What became of an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edited {
    /// Recorded.
    Changed,
    /// It says what is recorded already.
    Same,
}

/// Replaces the version `expected` of a person's record; [`Error::Conflict`] when there is a newer one.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    expected: Instant,
    draft: &IdentityDraft,
) -> Result<Edited> {
    let result = carry_out(service, cx, id, expected, draft).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    expected: Instant,
    draft: &IdentityDraft,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (person, facts) = facts(&mut tx, cx, id, now).await?;
    let permit = cx.decide(Action::EditPerson, Some(id.into()), facts)?;
    if person.recorded_from != expected {
        return Err(Error::Conflict);
    }
    let mut errors = FieldErrors::new();
    let unchanged_manager = person
        .content
        .manager
        .filter(|manager| manager.to_string() == draft.manager.trim());
    let manager = match unchanged_manager {
        Some(manager) => Some(manager),
        None => references::person(&mut tx, "manager", &draft.manager, &mut errors).await?,
    };
    references::no_manager_cycle(&mut tx, id, manager, &mut errors).await?;
    let content = draft.check(Some(&person.content), manager, &mut errors);
    if content.status != IdentityStatus::Ended {
        unique(&mut tx, Some(id), &content, &mut errors).await?;
    }
    let content = errors.or(content)?;
    if content == person.content {
        return Ok(Edited::Same);
    }
    let target = tx.replace_identity(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::IdentityEdited,
        target,
        Some(&person.content),
        Some(&content),
        None,
    )?;
    let mut rest = rules::follow_one(service, &mut tx, cx, &permit, id).await?;
    let renamed = content.username != person.content.username;
    if renamed {
        // Conditions know managers by their usernames.
        rest.extend(rules::follow_renamed(service, &mut tx, cx, &permit, &[id]).await?);
    }
    service.commit(cx, tx, id, event, rest).await?;
    if renamed {
        service.wake_worker();
    }
    Ok(Edited::Changed)
}
