//! Adding a person.

use crate::boxed;
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::{IdentityContent, IdentityDraft};
use domain::permission::{Action, Facts};
use storage::WriteTx;

use crate::{Cx, Result, Service, references, rules};

/// Adds a person and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, draft: &IdentityDraft) -> Result<IdentityId> {
    let result = carry_out(service, cx, draft).await;
    service.noted(cx, result).await
}

/// Whether the actor may add people; a refusal is recorded.
#[boxed]
pub async fn may_create(service: &Service, cx: &Cx) -> Result<()> {
    service
        .noted(
            cx,
            cx.decide(Action::CreatePerson, None, Facts::default())
                .map(drop),
        )
        .await
}

async fn carry_out(service: &Service, cx: &Cx, draft: &IdentityDraft) -> Result<IdentityId> {
    let permit = cx.decide(Action::CreatePerson, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let manager = references::person(&mut tx, "manager", &draft.manager, &mut errors).await?;
    let content = draft.check(None, manager, &mut errors);
    unique(&mut tx, None, &content, &mut errors).await?;
    let content = errors.or(content)?;
    let (id, target) = tx.insert_identity(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::IdentityCreated,
        target,
        None::<&IdentityContent>,
        Some(&content),
        None,
    )?;
    let rest = rules::follow_one(service, &mut tx, cx, &permit, id).await?;
    service.commit(cx, tx, id, event, rest).await?;
    Ok(id)
}

/// Adds a problem when somebody else uses the username.
pub(super) async fn unique(
    tx: &mut WriteTx,
    me: Option<IdentityId>,
    content: &IdentityContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    if content.username.is_empty() || errors.of("username").is_some() {
        return Ok(());
    }
    if let Some(other) = tx.identity_by_username(&content.username).await?
        && Some(other.id) != me
    {
        errors.add(
            "username",
            format!(
                "{} uses this username already. Choose another.",
                other.content.display_name
            ),
        );
    }
    Ok(())
}
