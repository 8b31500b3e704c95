//! Campaigns whose time is over. What nobody answered goes to the owner of the review first, where it says so; then the
//! campaign closes by itself, as the review says.

use domain::audit::AuditAction;
use domain::permission::{Action, Facts};
use domain::review::{Campaign, CampaignContent, CampaignState, Unanswered};
use domain::time::{Instant, SECOND};
use storage::WriteTx;

use super::super::close::{shut, to_owner};
use super::{answerable, to_all};
use crate::notifications::tell;
use crate::reviews::zone;
use crate::{Cx, Result, Service};

/// Closes a campaign that is due, or gives what is left of it to the owner of the review.
pub(super) async fn close(service: &Service, cx: &Cx, campaign: &Campaign) -> Result<()> {
    let content = &campaign.content;
    if content.due > service.now() {
        return Ok(());
    }
    let asks_owner =
        content.terms.unanswered == Unanswered::Escalate && content.escalated.is_none();
    if asks_owner && escalate(service, cx, campaign).await? {
        return Ok(());
    }
    let mut tx = service.begin(cx).await?;
    let Some(before) = still_due(&mut tx, campaign).await? else {
        return Ok(());
    };
    let now = tx.recorded();
    let terms = &before.content.terms;
    let says = if before.content.escalated.is_some() {
        "What its owner did not answer either stays and is reported as not reviewed."
    } else {
        terms.unanswered.sentence()
    };
    let reason = format!("Its time is over. {says}");
    let permit = cx.decide(Action::RunReview, Some(before.id.into()), Facts::default())?;
    let (effective, event) = shut(&mut tx, cx, &before, permit, &reason).await?;
    let last = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    let (open, _) = tx.waiting_until(before.id, last).await?;
    let to = answerable(&mut tx, terms.owner, now).await?;
    let name = &before.content.name;
    let title = match open {
        0 => format!("{name} is closed: everything was decided"),
        _ => format!("{name} is closed: nobody decided {open} items in time"),
    };
    let day = effective.day(&zone(&mut tx).await?);
    let text =
        format!("{says} What is revoked ends on {day}; until then each item can be restored.");
    tell(&mut tx, &to_all(&to, &before, &title, &text)).await?;
    tx.commit(event, Vec::new()).await?;
    service.wake_worker();
    Ok(())
}

/// The campaign, while it is open and due; meanwhile somebody may have closed it or given it more time.
async fn still_due(tx: &mut WriteTx, campaign: &Campaign) -> Result<Option<Campaign>> {
    let now = tx.recorded();
    let found = tx.campaign(campaign.id).await?;
    Ok(found.filter(|one| is_due(one, campaign, now)))
}

fn is_due(one: &Campaign, before: &Campaign, now: Instant) -> bool {
    one.content.state == CampaignState::Open
        && one.content.due <= now
        && one.content.escalated == before.content.escalated
}

/// What nobody answered goes to the owner; then they have as many days as the last stage had. False when nothing is left to
/// answer.
async fn escalate(service: &Service, cx: &Cx, campaign: &Campaign) -> Result<bool> {
    let still = |one: &Campaign, now| is_due(one, campaign, now);
    if to_owner(service, cx, campaign.id, still).await?.is_none() {
        return Ok(true);
    }
    let mut tx = service.begin(cx).await?;
    let open = tx.open_items(campaign.id, None, 0, 1).await?;
    let Some(before) = still_due(&mut tx, campaign).await? else {
        return Ok(true);
    };
    if open.is_empty() {
        return Ok(false);
    }
    more_time(tx, cx, &before).await?;
    Ok(true)
}

/// The owner has until a new day.
async fn more_time(mut tx: WriteTx, cx: &Cx, before: &Campaign) -> Result<()> {
    let now = tx.recorded();
    let due = owners_day(&mut tx, before, now).await?;
    let after = CampaignContent {
        due,
        escalated: Some(now),
        ..before.content.clone()
    };
    let permit = cx.decide(Action::RunReview, Some(before.id.into()), Facts::default())?;
    let target = tx
        .replace_campaign(before.id, before.recorded_from, &after)
        .await?;
    let last = due.last_day(&zone(&mut tx).await?);
    let says = Unanswered::Escalate.sentence();
    let reason = format!("Its time is over. {says} They have until {last}.");
    let event = cx.change(
        &permit,
        AuditAction::CampaignExtended,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    let stages = u8::try_from(after.terms.stages.len()).unwrap_or(u8::MAX);
    let (open, _) = tx.waiting_until(before.id, stages).await?;
    let to = answerable(&mut tx, after.terms.owner, now).await?;
    let title = format!("{}: nobody decided {open} items in time", after.name);
    let text = format!(
        "They came to you. Decide them until {last}; what is left then stays and is reported as not reviewed."
    );
    tell(&mut tx, &to_all(&to, before, &title, &text)).await?;
    tx.commit(event, Vec::new()).await?;
    Ok(())
}

/// The last second of the day until which the owner decides: as many days as the last stage had.
async fn owners_day(tx: &mut WriteTx, campaign: &Campaign, now: Instant) -> Result<Instant> {
    let zone = zone(tx).await?;
    let stages = &campaign.content.terms.stages;
    let days = stages.last().map_or(1, |stage| i32::from(stage.days));
    Ok(now.day(&zone).plus_days(days).end(&zone).plus(-SECOND))
}
