//! Closing and calling off a campaign.

use domain::audit::{AuditAction, Event};
use domain::field::FieldErrors;
use domain::id::CampaignId;
use domain::permission::{Action, Permit};
use domain::review::{Campaign, CampaignContent, CampaignState, CampaignStep, Unanswered};
use domain::time::{HOUR, Instant};
use storage::WriteTx;

use super::job::CarryOutReview;
use super::pass::to_owner;
use super::permitted;
use crate::{Cx, Error, Result, Service, boxed};

/// What became of asking to close a campaign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// It is closed; what was revoked ends at this moment.
    Closed(Instant),
    /// It is not: so many items nobody answered have come to the owner of the review, who decides first.
    Escalated(u64),
}

/// Closes a campaign. What nobody answered is decided as it says; what was revoked ends when the grace window is over.
#[boxed]
pub async fn close(service: &Service, cx: &Cx, id: CampaignId, reason: &str) -> Result<Closed> {
    let result = carry_out_close(service, cx, id, reason).await;
    service.noted(cx, result).await
}

/// Calls a campaign off: nothing is decided any more, and nothing ends.
#[boxed]
pub async fn cancel(service: &Service, cx: &Cx, id: CampaignId, reason: &str) -> Result<()> {
    let result = carry_out_cancel(service, cx, id, reason).await;
    service.noted(cx, result).await
}

async fn carry_out_close(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    reason: &str,
) -> Result<Closed> {
    let mut tx = service.begin(cx).await?;
    let (before, permit) = permitted(&mut tx, cx, id, Action::RunReview).await?;
    before.content.state.step(CampaignStep::Close)?;
    let reason = checked(reason)?;
    let terms = &before.content.terms;
    if terms.unanswered == Unanswered::Escalate {
        let (open, _) = tx.count_items(id).await?;
        if open > 0 {
            drop(tx);
            return escalate(service, cx, &before, open).await;
        }
    }
    let (effective, event) = shut(&mut tx, cx, &before, permit, &reason).await?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(Closed::Closed(effective))
}

/// Closes an open campaign and asks for what follows. Answers when what was revoked ends, and the entry.
pub(in crate::reviews) async fn shut(
    tx: &mut WriteTx,
    cx: &Cx,
    before: &Campaign,
    permit: Permit,
    reason: &str,
) -> Result<(Instant, Event)> {
    let now = tx.recorded();
    let terms = &before.content.terms;
    let effective = now.plus(i64::from(terms.grace_hours) * HOUR);
    let after = CampaignContent {
        state: before.content.state.step(CampaignStep::Close)?,
        ended: Some(now),
        effective: Some(effective),
        ..before.content.clone()
    };
    let target = tx
        .replace_campaign(before.id, before.recorded_from, &after)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::CampaignClosed,
        target,
        Some(&before.content),
        Some(&after),
        Some(reason),
    )?;
    CarryOutReview::ask(tx, cx, before.id, &after.name).await?;
    Ok((effective, event))
}

async fn carry_out_cancel(service: &Service, cx: &Cx, id: CampaignId, reason: &str) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let (before, permit) = permitted(&mut tx, cx, id, Action::RunReview).await?;
    let state = before.content.state.step(CampaignStep::Cancel)?;
    let reason = checked(reason)?;
    let after = CampaignContent {
        state,
        ended: Some(now),
        ..before.content.clone()
    };
    let target = tx
        .replace_campaign(id, before.recorded_from, &after)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::CampaignCancelled,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await
}

pub(super) fn checked(reason: &str) -> Result<String> {
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    Ok(reason)
}

/// What nobody answered goes to the owner of the review, except what is about them or what they gave where that matters.
async fn escalate(service: &Service, cx: &Cx, campaign: &Campaign, open: u64) -> Result<Closed> {
    // Each part is remembered by where the items are then, not by the form.
    let cx = Cx {
        once: None,
        ..cx.clone()
    };
    let still = |one: &Campaign, _| one.content.state == CampaignState::Open;
    match to_owner(service, &cx, campaign.id, still).await? {
        None => Err(Error::Conflict),
        Some(0) => Err(Error::Refused(format!(
            "Nobody has decided {open} of the items, and what nobody answers goes to the owner of the review. Decide them, or give those that the owner must not decide to somebody else. Then close the review."
        ))),
        Some(passed) => Ok(Closed::Escalated(passed)),
    }
}
