//! Changing applications.

use crate::boxed;
use domain::application::{ApplicationContent, ApplicationDraft};
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::ApplicationId;
use domain::lifecycle::Step;
use domain::permission::{Action, Facts};
use domain::time::Instant;
use storage::WriteTx;

use super::facts;
use crate::people::Edited;
use crate::{Cx, Error, Result, Service, references};

/// Adds an application and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, draft: &ApplicationDraft) -> Result<ApplicationId> {
    let result = carry_out_create(service, cx, draft).await;
    service.noted(cx, result).await
}

/// Replaces the version `expected` of an application's record; [`Error::Conflict`] when there is a newer one.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    expected: Instant,
    draft: &ApplicationDraft,
) -> Result<Edited> {
    let result = carry_out_edit(service, cx, id, expected, draft).await;
    service.noted(cx, result).await
}

/// Suspends, resumes or ends an application.
#[boxed]
pub async fn step(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    step: Step,
    reason: &str,
) -> Result<()> {
    let result = carry_out_step(service, cx, id, step, reason).await;
    service.noted(cx, result).await
}

/// Whether the actor may add applications and entitlements; a refusal is recorded.
#[boxed]
pub async fn may_create(service: &Service, cx: &Cx) -> Result<()> {
    service
        .noted(
            cx,
            cx.decide(Action::CreateAccess, None, Facts::default())
                .map(drop),
        )
        .await
}

async fn carry_out_create(
    service: &Service,
    cx: &Cx,
    draft: &ApplicationDraft,
) -> Result<ApplicationId> {
    let permit = cx.decide(Action::CreateAccess, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let owner = references::person(&mut tx, "owner", &draft.owner, &mut errors).await?;
    let content = draft.check(None, owner, &mut errors);
    unique(&mut tx, None, &content, &mut errors).await?;
    let content = errors.or(content)?;
    let (id, target) = tx.insert_application(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::ApplicationCreated,
        target,
        None::<&ApplicationContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    expected: Instant,
    draft: &ApplicationDraft,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    let (before, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    fixed(&before.content)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    let mut errors = FieldErrors::new();
    let owner = match before
        .content
        .owner
        .filter(|owner| owner.to_string() == draft.owner.trim())
    {
        Some(owner) => Some(owner),
        None => references::person(&mut tx, "owner", &draft.owner, &mut errors).await?,
    };
    let content = draft.check(Some(&before.content), owner, &mut errors);
    unique(&mut tx, Some(id), &content, &mut errors).await?;
    let content = errors.or(content)?;
    if content == before.content {
        return Ok(Edited::Same);
    }
    let target = tx.replace_application(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::ApplicationEdited,
        target,
        Some(&before.content),
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Edited::Changed)
}

async fn carry_out_step(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    step: Step,
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let (before, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    fixed(&before.content)?;
    let status = before.content.status.step(step)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let after = ApplicationContent {
        status,
        ..before.content.clone()
    };
    let target = tx
        .replace_application(id, before.recorded_from, &after)
        .await?;
    let action = match step {
        Step::Suspend => AuditAction::ApplicationSuspended,
        Step::Resume => AuditAction::ApplicationResumed,
        Step::End => AuditAction::ApplicationEnded,
    };
    let event = cx.change(
        &permit,
        action,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// The console cannot be changed into something else.
fn fixed(content: &ApplicationContent) -> Result<()> {
    if content.built_in {
        return Err(Error::Refused(
            "This is the console itself; its record is fixed.".to_owned(),
        ));
    }
    Ok(())
}

async fn unique(
    tx: &mut WriteTx,
    me: Option<ApplicationId>,
    content: &ApplicationContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    if content.name.is_empty() || errors.of("name").is_some() {
        return Ok(());
    }
    if let Some(other) = tx.application_by_name(&content.name).await?
        && Some(other.id) != me
    {
        errors.add(
            "name",
            format!(
                "{} uses this technical name already. Choose another.",
                other.content.display_name
            ),
        );
    }
    Ok(())
}
