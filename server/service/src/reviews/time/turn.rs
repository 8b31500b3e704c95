//! Reviews that repeat: each turn is launched once, also when the server was not running on its day. A launch that failed for
//! good is called off.

use domain::audit::AuditAction;
use domain::id::ReviewId;
use domain::lifecycle::Lifecycle;
use domain::permission::{Action, Facts};
use domain::review::{Campaign, CampaignContent, CampaignState, CampaignStep, Review, Timed};
use domain::time::Date;
use jiff::tz::TimeZone;
use storage::ReadTx;
use storage::reviews::TimedState;

use super::super::launch::{self, launch_key, owns};
use super::{PART, answerable, to_all, told};
use crate::jobs::enqueue;
use crate::notifications::tell;
use crate::reviews::zone;
use crate::{Cx, Error, Result, Service, boxed};

/// Days that are shown.
const SHOWN: usize = 3;

/// When a review begins again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Turns {
    /// The day whose campaign waits for the end of the one under way.
    pub waits: Option<Date>,
    /// The next days.
    pub next: Vec<Date>,
}

/// When a review begins again, for whoever may see it; nothing when it does not repeat.
#[boxed]
pub async fn turns(service: &Service, cx: &Cx, id: ReviewId) -> Result<Turns> {
    let mut tx = service.store.read().await?;
    let found = tx.review(id).await?;
    let about = found.as_ref().map(|one| owns(cx, one.content.owner));
    let permitted = cx.decide(
        Action::ReadReview,
        Some(id.into()),
        about.unwrap_or_default(),
    );
    service.noted(cx, permitted).await?;
    let review = found.ok_or(Error::NotFound)?;
    let active = review.content.status == Lifecycle::Active;
    let Some(repeats) = review.content.repeats.filter(|_| active) else {
        return Ok(Turns::default());
    };
    let zone = zone(&mut tx).await?;
    let today = service.now().day(&zone);
    let due = turn(&mut tx, &review, today, &zone).await?;
    let launches_today = matches!(due, Some((day, None)) if day == today);
    let from = if launches_today {
        today
    } else {
        today.plus_days(1)
    };
    let next = repeats.days().skip_while(|day| *day < from).take(SHOWN);
    Ok(Turns {
        next: next.collect(),
        waits: due.and_then(|(day, before)| before.map(|_| day)),
    })
}

/// Launches what is due, and tells the owner where the campaign before is still under way.
pub(super) async fn begin_again(service: &Service, cx: &Cx) -> Result<()> {
    let mut after = None;
    loop {
        let mut tx = service.store.read().await?;
        let zone = zone(&mut tx).await?;
        let today = service.now().day(&zone);
        let reviews = tx.reviews_after(after, PART).await?;
        let Some(last) = reviews.last() else {
            return Ok(());
        };
        after = Some(last.id);
        let mut due = Vec::new();
        for review in reviews {
            if let Some((day, before)) = turn(&mut tx, &review, today, &zone).await? {
                due.push((review, day, before));
            }
        }
        drop(tx);
        for (review, day, before) in due {
            let done = match before {
                Some(before) => wait(service, cx, &review, day, &before).await,
                None => begin(service, cx, &review, day).await,
            };
            if let Err(error) = done {
                tracing::error!(%error, review = %review.id, "a review that repeats could not begin again; it is tried again in a minute");
            }
        }
    }
}

/// The day on which a review should have begun again and has not, with the campaign for which it waits. A turn is had by
/// every campaign that was begun on its day or later. Days before the review was defined, or changed, are nobody's turn.
async fn turn(
    tx: &mut ReadTx,
    review: &Review,
    today: Date,
    zone: &TimeZone,
) -> Result<Option<(Date, Option<Campaign>)>> {
    let active = review.content.status == Lifecycle::Active;
    let repeats = review.content.repeats.filter(|_| active);
    let Some(day) = repeats.and_then(|repeats| repeats.last(today)) else {
        return Ok(None);
    };
    if day < review.recorded_from.day(zone) {
        let part = day.to_string();
        let known = tx.timed(review.id.into(), Timed::Waiting, &part).await?;
        if !known.done {
            return Ok(None);
        }
    }
    let latest = tx.campaigns_of(review.id, 1).await?.pop();
    if latest
        .as_ref()
        .is_some_and(|one| one.content.frozen.day(zone) >= day)
    {
        return Ok(None);
    }
    let under_way = latest.filter(|one| {
        matches!(
            one.content.state,
            CampaignState::Launching | CampaignState::Open
        )
    });
    Ok(Some((day, under_way)))
}

async fn begin(service: &Service, cx: &Cx, review: &Review, day: Date) -> Result<()> {
    let every = review.content.repeats.map(|repeats| repeats.every.label());
    let every = every.unwrap_or_default().to_lowercase();
    let reason = format!("It begins again {every}: it is the turn of {day}.");
    match launch::begin(service, cx, review.id, Some(&reason)).await {
        // Somebody, or another server, was faster: it is not under way twice.
        Ok(_) | Err(Error::Refused(_)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Tells the owner, once, that a turn waits.
async fn wait(
    service: &Service,
    cx: &Cx,
    review: &Review,
    day: Date,
    before: &Campaign,
) -> Result<()> {
    let part = day.to_string();
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let known = tx.timed(review.id.into(), Timed::Waiting, &part).await?;
    if known.done {
        return Ok(());
    }
    let to = answerable(&mut tx, review.content.owner, now).await?;
    let title = format!("{} waits to begin again", review.content.name);
    let text = format!(
        "Its next campaign was to begin on {day}. “{}” is still under way; the next one begins when that is closed or called off.",
        before.content.name
    );
    tell(&mut tx, &to_all(&to, before, &title, &text)).await?;
    let done = TimedState {
        reached: 0,
        done: true,
    };
    tx.set_timed(review.id.into(), Timed::Waiting, &part, done)
        .await?;
    tx.commit_unaudited("the owner of a review hears that its next campaign waits")
        .await?;
    Ok(())
}

/// Calls off campaigns whose launch failed for good: nothing would bring them further.
pub(super) async fn call_off_failed(service: &Service, cx: &Cx) -> Result<()> {
    let mut before = None;
    loop {
        let mut tx = service.store.read().await?;
        let launching = tx
            .campaigns(Some(CampaignState::Launching), before, None, PART)
            .await?;
        let Some(last) = launching.last() else {
            return Ok(());
        };
        before = Some(last.id);
        let mut failed = Vec::new();
        for campaign in launching {
            let key = launch_key(campaign.id);
            if tx.live_job(&key).await?.is_none() {
                let failure = tx.last_job(&key).await?.and_then(|job| job.failure);
                failed.push((campaign, failure));
            }
        }
        drop(tx);
        for (campaign, failure) in failed {
            told(campaign.id, call_off(service, cx, &campaign, failure).await);
        }
    }
}

async fn call_off(
    service: &Service,
    cx: &Cx,
    campaign: &Campaign,
    failure: Option<String>,
) -> Result<()> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let before = tx.campaign(campaign.id).await?.ok_or(Error::NotFound)?;
    // The work may have been taken up again, or have come to its end, meanwhile.
    let alive = tx.live_job(&launch_key(campaign.id)).await?.is_some();
    if alive || before.content.state != CampaignState::Launching {
        return Ok(());
    }
    let permit = cx.decide(
        Action::RunReview,
        Some(campaign.id.into()),
        Facts::default(),
    )?;
    let after = CampaignContent {
        state: before.content.state.step(CampaignStep::Cancel)?,
        ended: Some(now),
        ..before.content.clone()
    };
    let target = tx
        .replace_campaign(campaign.id, before.recorded_from, &after)
        .await?;
    let why = failure.unwrap_or_else(|| "The work that prepares it is gone.".to_owned());
    let reason = format!("It could not be started. {why}");
    let event = cx.change(
        &permit,
        AuditAction::CampaignCancelled,
        target,
        Some(&before.content),
        Some(&after),
        Some(&reason),
    )?;
    let mut to = answerable(&mut tx, after.terms.owner, now).await?;
    to.extend(after.launched_by.filter(|one| !to.contains(one)));
    let title = format!("{} could not be started and was called off", after.name);
    let text = format!("{why} Launch it again when that is mended.");
    tell(&mut tx, &to_all(&to, &before, &title, &text)).await?;
    // What it froze so far is taken away by the same kind of work.
    let title = format!("Take back what “{}” had frozen", after.name);
    let job = launch::job(campaign.id, &after.name)?.title(title);
    enqueue(&mut tx, cx, &job).await?;
    tx.commit(event, Vec::new()).await?;
    service.wake_worker();
    Ok(())
}
