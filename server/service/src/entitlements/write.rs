//! Changing entitlements.

use crate::boxed;
use domain::application::Application;
use domain::audit::AuditAction;
use domain::entitlement::{EntitlementContent, EntitlementDraft};
use domain::field::FieldErrors;
use domain::id::{ApplicationId, EntitlementId};
use domain::lifecycle::Step;
use domain::permission::{Action, Facts};
use domain::time::Instant;
use storage::WriteTx;

use super::facts;
use crate::people::Edited;
use crate::{Cx, Error, Result, Service, references};

/// Adds an entitlement and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, draft: &EntitlementDraft) -> Result<EntitlementId> {
    let result = carry_out_create(service, cx, draft).await;
    service.noted(cx, result).await
}

/// Replaces the version `expected` of an entitlement's record; [`Error::Conflict`] when there is a newer one. The
/// application stays: an entitlement of another application is another entitlement.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    expected: Instant,
    draft: &EntitlementDraft,
) -> Result<Edited> {
    let result = carry_out_edit(service, cx, id, expected, draft).await;
    service.noted(cx, result).await
}

/// Suspends, resumes or ends an entitlement.
#[boxed]
pub async fn step(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    step: Step,
    reason: &str,
) -> Result<()> {
    let result = carry_out_step(service, cx, id, step, reason).await;
    service.noted(cx, result).await
}

async fn carry_out_create(
    service: &Service,
    cx: &Cx,
    draft: &EntitlementDraft,
) -> Result<EntitlementId> {
    let permit = cx.decide(Action::CreateAccess, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let application = references::application(&mut tx, &draft.application, &mut errors).await?;
    let owner = references::person(&mut tx, "owner", &draft.owner, &mut errors).await?;
    // Checked with a stand-in when the application is unknown, so that all problems are said at once.
    let content = draft.check(
        None,
        application.unwrap_or(ApplicationId::from_raw(1)),
        owner,
        &mut errors,
    );
    if application.is_some() {
        unique(&mut tx, None, &content, &mut errors).await?;
    }
    let content = errors.or(content)?;
    let (id, target) = tx.insert_entitlement(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::EntitlementCreated,
        target,
        None::<&EntitlementContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    expected: Instant,
    draft: &EntitlementDraft,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    let (before, application, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    fixed(&application)?;
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
    let content = draft.check(
        Some(&before.content),
        before.content.application,
        owner,
        &mut errors,
    );
    unique(&mut tx, Some(id), &content, &mut errors).await?;
    let content = errors.or(content)?;
    if content == before.content {
        return Ok(Edited::Same);
    }
    let target = tx.replace_entitlement(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::EntitlementEdited,
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
    id: EntitlementId,
    step: Step,
    reason: &str,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let (before, application, facts) = facts(&mut tx, cx, id).await?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), facts)?;
    fixed(&application)?;
    let status = before.content.status.step(step)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let after = EntitlementContent {
        status,
        ..before.content.clone()
    };
    let target = tx
        .replace_entitlement(id, before.recorded_from, &after)
        .await?;
    let action = match step {
        Step::Suspend => AuditAction::EntitlementSuspended,
        Step::Resume => AuditAction::EntitlementResumed,
        Step::End => AuditAction::EntitlementEnded,
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

/// The console's own rights are what this program understands.
fn fixed(application: &Application) -> Result<()> {
    if application.content.built_in {
        return Err(Error::Refused(
            "This is a right of the console itself; its record is fixed.".to_owned(),
        ));
    }
    Ok(())
}

async fn unique(
    tx: &mut WriteTx,
    me: Option<EntitlementId>,
    content: &EntitlementContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    if content.name.is_empty() || errors.of("name").is_some() {
        return Ok(());
    }
    if let Some(other) = tx
        .entitlement_by_name(content.application, &content.name)
        .await?
        && Some(other.id) != me
    {
        errors.add(
            "name",
            format!(
                "{} uses this technical name in the same application. Choose another.",
                other.content.display_name
            ),
        );
    }
    Ok(())
}
