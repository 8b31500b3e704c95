//! Adding a flow, changing it and ending it.

use domain::approval::{Flow, FlowContent};
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::ApprovalFlowId;
use domain::lifecycle::{Lifecycle, Step};
use domain::permission::{Action, Facts};
use domain::time::Instant;
use storage::ReadTx;

use super::covering::active;
use super::form::FlowForm;
use super::resolve::resolve;
use super::ties::tie;
use super::words::{self, FlowNames};
use crate::people::Edited;
use crate::{Cx, Error, Result, Service, boxed};

/// Adds a flow and answers the id.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, form: &FlowForm) -> Result<ApprovalFlowId> {
    let result = carry_out_create(service, cx, form).await;
    service.noted(cx, result).await
}

/// Replaces the version `expected` of a flow; [`Error::Conflict`] when there is a newer one. Requests that are under way
/// keep the version with which they began.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: ApprovalFlowId,
    expected: Instant,
    form: &FlowForm,
) -> Result<Edited> {
    let result = carry_out_edit(service, cx, id, expected, form).await;
    service.noted(cx, result).await
}

/// Ends a flow: what it covered goes through another one, or the standard one.
#[boxed]
pub async fn end(service: &Service, cx: &Cx, id: ApprovalFlowId, reason: &str) -> Result<()> {
    let result = carry_out_end(service, cx, id, reason).await;
    service.noted(cx, result).await
}

/// What a form says, in words, as far as it can be read; what is wrong with it is left out.
#[boxed]
pub async fn in_words_of(service: &Service, cx: &Cx, form: &FlowForm) -> Result<Vec<String>> {
    cx.decide(Action::CreateAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    let mut errors = FieldErrors::new();
    let content = resolve(&mut tx, form, None, &mut errors).await?;
    let names = FlowNames::of(&mut tx, &[&content]).await?;
    Ok(words::in_words(&content, &names))
}

async fn carry_out_create(service: &Service, cx: &Cx, form: &FlowForm) -> Result<ApprovalFlowId> {
    let permit = cx.decide(Action::CreateAccess, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let mut errors = FieldErrors::new();
    let content = resolve(&mut tx, form, None, &mut errors).await?;
    alone(&mut tx, None, &content, &mut errors).await?;
    let content = errors.or(content)?;
    let (id, target) = tx.insert_flow(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::FlowCreated,
        target,
        None::<&FlowContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: ApprovalFlowId,
    expected: Instant,
    form: &FlowForm,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    let before = tx.flow(id).await?.ok_or(Error::NotFound)?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), Facts::default())?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    if before.content.status == Lifecycle::Ended {
        return Err(Error::Refused(
            "This flow has ended. Make a new one.".to_owned(),
        ));
    }
    let mut errors = FieldErrors::new();
    let content = resolve(&mut tx, form, Some(&before.content), &mut errors).await?;
    alone(&mut tx, Some(id), &content, &mut errors).await?;
    let content = errors.or(content)?;
    if content == before.content {
        return Ok(Edited::Same);
    }
    let target = tx.replace_flow(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::FlowEdited,
        target,
        Some(&before.content),
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Edited::Changed)
}

async fn carry_out_end(service: &Service, cx: &Cx, id: ApprovalFlowId, reason: &str) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let before = tx.flow(id).await?.ok_or(Error::NotFound)?;
    let permit = cx.decide(Action::EditAccess, Some(id.into()), Facts::default())?;
    let status = before.content.status.step(Step::End)?;
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let content = FlowContent {
        status,
        ..before.content.clone()
    };
    let target = tx.replace_flow(id, before.recorded_from, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::FlowEnded,
        target,
        Some(&before.content),
        Some(&content),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

/// Adds problems when another flow has the name, or covers the same equally closely.
async fn alone(
    tx: &mut ReadTx,
    me: Option<ApprovalFlowId>,
    content: &FlowContent,
    errors: &mut FieldErrors,
) -> Result<()> {
    if !content.name.is_empty()
        && let Some(other) = tx.flow_named(&content.name).await?
        && Some(other) != me
    {
        errors.add(
            "name",
            "Another flow has this name already. Choose another.",
        );
    }
    let mut others: Vec<Flow> = active(tx).await?;
    others.retain(|flow| flow.id != me);
    let names = FlowNames::of(tx, &[content]).await?;
    for other in others {
        if let Some(what) = tie(&content.covers, &other.content.covers, &names) {
            errors.add(
                "covers",
                format!(
                    "The flow “{}” covers {what}, too, so nobody could say which of the two counts. Take it out of one of them.",
                    other.content.name
                ),
            );
        }
    }
    Ok(())
}
