//! Closing and calling off a campaign.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{CampaignId, IdentityId};
use domain::permission::Action;
use domain::review::{Campaign, CampaignContent, CampaignState, CampaignStep, Parts, Unanswered};
use domain::time::{HOUR, Instant};
use storage::WriteTx;
use storage::reviews::{ActRecord, Pile, ReviewItem};

use super::job::CarryOutReview;
use super::{act, permitted};
use crate::notifications::{Notice, tell};
use crate::{Cx, Error, Result, Service, boxed};
use domain::notice::NoticeKind;

/// Items passed on in one transaction.
const AT_ONCE: i64 = 4_000;

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
    let now = tx.recorded();
    let (before, permit) = permitted(&mut tx, cx, id, Action::RunReview).await?;
    let state = before.content.state.step(CampaignStep::Close)?;
    let reason = checked(reason)?;
    let terms = &before.content.terms;
    if terms.unanswered == Unanswered::Escalate {
        let (open, _) = tx.count_items(id).await?;
        if open > 0 {
            drop(tx);
            return escalate(service, cx, &before, open).await;
        }
    }
    let effective = now.plus(i64::from(terms.grace_hours) * HOUR);
    let after = CampaignContent {
        state,
        ended: Some(now),
        effective: Some(effective),
        ..before.content.clone()
    };
    let target = tx
        .replace_campaign(id, before.recorded_from, &after)
        .await?;
    let event = cx.change(
        &permit,
        AuditAction::CampaignClosed,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    CarryOutReview::ask(&mut tx, cx, id, &after.name).await?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(Closed::Closed(effective))
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

/// What nobody answered goes to the owner of the review, a part at a time, except what is about them or what they gave where
/// that matters: those stay, and the close waits for them, too.
async fn escalate(service: &Service, cx: &Cx, campaign: &Campaign, open: u64) -> Result<Closed> {
    let owner = campaign.content.terms.owner;
    let (mut after, mut passed) = (0, 0);
    // Each part is remembered by where the items are then, not by the form.
    let cx = Cx {
        once: None,
        ..cx.clone()
    };
    loop {
        let mut tx = service.begin(&cx).await?;
        let still = tx.campaign(campaign.id).await?;
        if still.is_none_or(|one| one.content.state != CampaignState::Open) {
            return Err(Error::Conflict);
        }
        let items = tx.open_items(campaign.id, None, after, AT_ONCE).await?;
        let Some(last) = items.last() else { break };
        after = last.facts.number;
        let items: Vec<ReviewItem> = items
            .into_iter()
            .filter(|item| item.reviewer != owner && !parts(campaign, item).are(owner))
            .collect();
        if items.is_empty() {
            continue;
        }
        passed += items.len() as u64;
        let reason = "Nobody answered in time.";
        let event = pass(&mut tx, &cx, campaign, (&items, owner), reason).await?;
        tx.commit(event, Vec::new()).await?;
    }
    if passed == 0 {
        return Err(Error::Refused(format!(
            "Nobody has decided {open} of the items, and what nobody answers goes to the owner of the review. Decide them, or give those that the owner must not decide to somebody else. Then close the review."
        )));
    }
    Ok(Closed::Escalated(passed))
}

/// Who must not decide an item.
pub(super) fn parts(campaign: &Campaign, item: &ReviewItem) -> Parts {
    let facts = &item.facts;
    let person = facts.holder.kind == domain::id::ObjectKind::Identity;
    Parts {
        holder: person.then(|| IdentityId::from_raw(facts.holder.raw)),
        grantor: facts
            .granted_by
            .filter(|_| campaign.content.terms.not_grantor),
    }
}

/// Gives items to somebody else and tells them; answers the entry, which must be the first of the commit.
pub(super) async fn pass(
    tx: &mut WriteTx,
    cx: &Cx,
    campaign: &Campaign,
    (items, to): (&[ReviewItem], IdentityId),
    reason: &str,
) -> Result<domain::audit::Event> {
    let records: Vec<ActRecord> = items
        .iter()
        .map(|item| ActRecord::Passed {
            item: item.facts.number,
            stage: item.stage,
            from: item.reviewer,
            to,
            reason: reason.to_owned(),
        })
        .collect();
    let numbers: Vec<u64> = items.iter().map(|item| item.facts.number).collect();
    tx.pass_items(campaign.id, &numbers, to).await?;
    let mut piles: std::collections::BTreeMap<(IdentityId, i64), (i64, i64)> =
        std::collections::BTreeMap::new();
    for item in items {
        let stage = i64::from(item.stage);
        piles.entry((item.reviewer, stage)).or_default().1 += 1;
        piles.entry((to, stage)).or_default().0 += 1;
    }
    let piles: Vec<Pile> = piles
        .into_iter()
        .map(|((who, stage), (came, passed))| {
            let mut pile = Pile::of(campaign.id, who, stage, came);
            pile.passed = passed;
            pile
        })
        .collect();
    tx.add_piles(campaign.id, &piles).await?;
    let notice = Notice {
        to,
        kind: NoticeKind::ReviewPassed,
        object: campaign.id.into(),
        title: format!(
            "{} items of the review {} came to you",
            items.len(),
            campaign.content.name
        ),
        text: format!("Reason: {reason}"),
        path: format!("/reviews/{}", campaign.id),
    };
    if cx.me() != Some(to) {
        tell(tx, &[notice]).await?;
    }
    act(
        tx,
        cx,
        (campaign.id, AuditAction::CampaignPassed, reason),
        &records,
    )
    .await
}
