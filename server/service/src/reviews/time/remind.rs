//! Reminders before the end of a stage, and a word to the owner when it is over.

use domain::audit::AuditAction;
use domain::notice::NoticeKind;
use domain::review::{Campaign, CampaignContent, CampaignState, Timed};
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use storage::WriteTx;
use storage::reviews::{Pile, TimedState};

use super::{answerable, to_all};
use crate::notifications::{Notice, tell};
use crate::reviews::zone;
use crate::{Cx, Result, Service};

/// Reviewers told in one transaction.
const AT_ONCE: i64 = 1_000;

/// Reminds who has something left in a stage that ends soon, once for each end that it has, and tells the owner of a stage
/// that is over.
pub(super) async fn remind(service: &Service, cx: &Cx, campaign: &Campaign) -> Result<()> {
    let mut tx = service.store.read().await?;
    let zone = zone(&mut tx).await?;
    let now = service.now();
    let content = &campaign.content;
    let mut due = Vec::new();
    for (number, stage) in (0_u8..).zip(0..content.terms.stages.len()) {
        let remind = content.reminded_at(stage, &zone);
        let end = content.stage_end(stage, &zone);
        // What is over is told of by its end.
        if remind.is_some_and(|at| at <= now) && now < end {
            due.push((Timed::Reminded, number));
        }
        // The end of the last stage is that of the campaign.
        if end <= now && end < content.due {
            due.push((Timed::Overdue, number));
        }
    }
    let mut left = Vec::new();
    for (what, stage) in due {
        let part = part(content, stage, &zone);
        if !tx.timed(campaign.id.into(), what, &part).await?.done {
            left.push((what, stage));
        }
    }
    drop(tx);
    for (what, stage) in left {
        while !some(service, cx, campaign, (what, stage), &zone).await? {}
    }
    Ok(())
}

/// The last day of a stage.
fn last_day(content: &CampaignContent, stage: u8, zone: &TimeZone) -> Date {
    content.stage_end(usize::from(stage), zone).last_day(zone)
}

/// What is told once: a stage with its last day. When it gets more time, its reviewers are reminded of the new end.
fn part(content: &CampaignContent, stage: u8, zone: &TimeZone) -> String {
    format!("{stage} {}", last_day(content, stage, zone))
}

/// Tells some; true when nobody is left to tell.
async fn some(
    service: &Service,
    cx: &Cx,
    campaign: &Campaign,
    (what, stage): (Timed, u8),
    zone: &TimeZone,
) -> Result<bool> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let id = campaign.id;
    // Meanwhile it may have been closed or given more time.
    let same = tx.campaign(id).await?;
    let same = same.filter(|one| one.recorded_from == campaign.recorded_from);
    if same.is_none_or(|one| one.content.state != CampaignState::Open) {
        return Ok(true);
    }
    let part = part(&campaign.content, stage, zone);
    let before = tx.timed(id.into(), what, &part).await?;
    if before.done {
        return Ok(true);
    }
    let (notices, after) = if what == Timed::Overdue {
        let done = TimedState {
            done: true,
            ..before
        };
        (overdue(&mut tx, campaign, stage, now).await?, done)
    } else {
        let piles = tx.open_piles_in(id, stage, before.reached, AT_ONCE).await?;
        let last = piles.last().map(|pile| pile.reviewer().raw());
        let full = i64::try_from(piles.len()).is_ok_and(|count| count == AT_ONCE);
        let told = TimedState {
            reached: last.unwrap_or(before.reached),
            done: !full,
        };
        let day = last_day(&campaign.content, stage, zone);
        (reminders(campaign, &piles, day), told)
    };
    tx.set_timed(id.into(), what, &part, after).await?;
    tell(&mut tx, &notices).await?;
    if notices.is_empty() || what == Timed::Overdue {
        tx.commit_unaudited(
            "nobody is left to be reminded; or the owner of a review hears that a stage is over",
        )
        .await?;
        return Ok(after.done);
    }
    let event = cx.about(AuditAction::CampaignReminded, id);
    tx.commit(event, Vec::new()).await?;
    Ok(after.done)
}

fn reminders(campaign: &Campaign, piles: &[Pile], day: Date) -> Vec<Notice> {
    let content = &campaign.content;
    let one = |pile: &Pile| Notice {
        to: pile.reviewer(),
        kind: NoticeKind::ReviewReminder,
        object: campaign.id.into(),
        title: format!("{}: {} items wait for you", content.name, pile.open()),
        text: format!(
            "The last day is {day}. {}",
            content.terms.unanswered.sentence()
        ),
        path: format!("/reviews/{}/decide", campaign.id),
    };
    piles.iter().map(one).collect()
}

/// What the owner hears of a stage that is over; nothing when everything in it is decided.
async fn overdue(
    tx: &mut WriteTx,
    campaign: &Campaign,
    stage: u8,
    now: Instant,
) -> Result<Vec<Notice>> {
    let (items, people) = tx.waiting_until(campaign.id, stage).await?;
    if items == 0 {
        return Ok(Vec::new());
    }
    let content = &campaign.content;
    let title = format!(
        "{}: stage {} is over, and {items} items are not decided",
        content.name,
        stage + 1
    );
    let text = format!(
        "They wait for {people} reviewers. The campaign is due {}. Remind them, give the items to others, or give it more time.",
        content.due.last_day(&zone(tx).await?)
    );
    let to = answerable(tx, content.terms.owner, now).await?;
    Ok(to_all(&to, campaign, &title, &text))
}
