//! Launching a campaign: its population is frozen by a job, and then its reviewers are told.
//!
//! Until the population is complete, nobody sees the campaign's items. A job that breaks off takes back what it wrote and
//! begins anew, so nothing is in it twice.

mod rows;

use domain::audit::{AuditAction, Bulk, Event};
use domain::id::{CampaignId, IdentityId, JobId, ReviewId};
use domain::job::JobKind;
use domain::lifecycle::Lifecycle;
use domain::notice::NoticeKind;
use domain::permission::{Action, Facts, Permit};
use domain::review::{
    Campaign, CampaignContent, CampaignState, CampaignStep, MOST_ITEMS, Population, ReviewContent,
};
use domain::time::{Instant, SECOND};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::reviews::POPULATION_TABLES;
use storage::{ReadTx, WriteTx};

use super::freeze::Freeze;
use super::time::{answerable, to_all};
use crate::jobs::{Ended, Job, NewJob, Work, cx_of, enqueue};
use crate::notifications::{Notice, tell};
use crate::{Cx, Error, Result, Service, boxed};
use rows::{clear, freeze_all, put_piles};

/// From so many things on, the database looks at its tables before anybody reads them.
const MANY: u64 = 10_000;

/// A campaign that was begun.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Launched {
    /// Which.
    pub campaign: CampaignId,
    /// The job that freezes its population.
    pub job: JobId,
}

/// Freezes the population of a campaign.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct LaunchReview {
    campaign: CampaignId,
}

/// Whether somebody runs a review because they answer for it.
pub(super) fn owns(cx: &Cx, owner: IdentityId) -> Facts {
    Facts {
        is_owner: cx.me() == Some(owner),
        ..Facts::default()
    }
}

/// Begins a campaign of a review. Refused while another of it is under way.
#[boxed]
pub async fn launch(service: &Service, cx: &Cx, id: ReviewId) -> Result<Launched> {
    let result = begin(service, cx, id, None).await;
    service.noted(cx, result).await
}

/// The job that freezes a campaign; of one that was called off before it was complete, it takes away what there is.
pub(super) fn job(campaign: CampaignId, name: &str) -> Result<NewJob> {
    Ok(NewJob::of(&LaunchReview { campaign })?
        .title(format!("Start the access review “{name}”"))
        .about(campaign)
        .for_good()
        .once(launch_key(campaign)))
}

/// The key of the job that freezes a campaign.
pub(super) fn launch_key(campaign: CampaignId) -> String {
    format!("launch {campaign}")
}

/// Begins a campaign, for a reason that the log keeps.
pub(super) async fn begin(
    service: &Service,
    cx: &Cx,
    id: ReviewId,
    reason: Option<&str>,
) -> Result<Launched> {
    let mut tx = service.begin(cx).await?;
    let review = tx.review(id).await?.ok_or(Error::NotFound)?;
    let about = owns(cx, review.content.owner);
    let permit = cx.decide(Action::RunReview, Some(id.into()), about)?;
    if review.content.status != Lifecycle::Active {
        return Err(Error::Refused(
            "This review has ended. Define a new one.".to_owned(),
        ));
    }
    let latest = tx.campaigns_of(id, 1).await?.pop();
    let under_way = latest.filter(|one| {
        matches!(
            one.content.state,
            CampaignState::Launching | CampaignState::Open
        )
    });
    if let Some(one) = under_way {
        return Err(Error::Refused(format!(
            "The campaign “{}” of this review is still under way. Close it or call it off first.",
            one.content.name
        )));
    }
    let terms = review.content;
    let name = if terms.repeats.is_some() {
        let day = tx.recorded().day(&super::zone(&mut tx).await?);
        format!("{}, {day}", terms.name)
    } else {
        terms.name.clone()
    };
    let content = content(service, &mut tx, cx, (name, Some(id), terms)).await?;
    let (launched, event) = put(&mut tx, cx, &permit, &content, reason).await?;
    service
        .commit(cx, tx, launched.campaign, event, Vec::new())
        .await?;
    service.wake_worker();
    Ok(launched)
}

/// A campaign that begins now: by its name, the review it carries out, and the terms.
pub(super) async fn content(
    service: &Service,
    tx: &mut WriteTx,
    cx: &Cx,
    (name, review, terms): (String, Option<ReviewId>, ReviewContent),
) -> Result<CampaignContent> {
    let now = tx.recorded();
    let mut seed = [0; 4];
    service.entropy.fill(&mut seed);
    let due = due(tx, &terms, now).await?;
    Ok(CampaignContent::launching(
        (name, review),
        terms,
        cx.me(),
        (now, due),
        u32::from_be_bytes(seed),
    ))
}

/// Writes a campaign that begins, and asks for the job that freezes its population. Answers its entry, too.
pub(super) async fn put(
    tx: &mut WriteTx,
    cx: &Cx,
    permit: &Permit,
    content: &CampaignContent,
    reason: Option<&str>,
) -> Result<(Launched, Event)> {
    let (campaign, target) = tx.insert_campaign(content).await?;
    let job = enqueue(tx, cx, &job(campaign, &content.name)?).await?;
    let event = cx.change(
        permit,
        AuditAction::CampaignBegun,
        target,
        None::<&CampaignContent>,
        Some(content),
        reason,
    )?;
    Ok((Launched { campaign, job }, event))
}

/// The last second of the day on which the last stage ends: as a day people read it right.
pub(super) async fn due(
    tx: &mut ReadTx,
    terms: &domain::review::ReviewContent,
    now: Instant,
) -> Result<Instant> {
    let zone = super::zone(tx).await?;
    // Days as people count them: one of them can have 23 or 25 hours.
    let days = i32::try_from(terms.days()).unwrap_or(i32::MAX);
    Ok(now.day(&zone).plus_days(days).end(&zone).plus(-SECOND))
}

impl Job for LaunchReview {
    const KIND: JobKind = JobKind::LaunchReview;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = cx_of(service, work).await?;
        let id = self.campaign;
        let mut tx = service.store.read().await?;
        let campaign = tx.campaign(id).await?.ok_or(Error::NotFound)?;
        drop(tx);
        if campaign.content.state != CampaignState::Launching {
            // Called off before it was complete: what was frozen of it is nothing.
            if campaign.content.is_unbound() && !clear(service, work, id).await? {
                return Ok(Ended::Stopped);
            }
            return Ok(Ended::Done(json!({ "campaign": id })));
        }
        cx.decide(
            Action::RunReview,
            Some(id.into()),
            owns(&cx, campaign.content.terms.owner),
        )?;
        if !clear(service, work, id).await? {
            return Ok(Ended::Stopped);
        }
        let frozen = moment(service).await?;
        let terms = &campaign.content.terms;
        let freeze = Freeze::begin(&service.store, terms, campaign.content.seed, frozen).await?;
        let Some(freeze) = freeze_all(service, work, id, freeze).await? else {
            return Ok(Ended::Stopped);
        };
        let went_on = match unfit(freeze.counts()) {
            Some(_) => clear(service, work, id).await?,
            None => put_piles(service, work, id, &freeze).await?,
        };
        if !went_on {
            return Ok(Ended::Stopped);
        }
        if freeze.counts().all > MANY {
            service.store.optimize(&POPULATION_TABLES).await?;
        }
        finish(service, work, &cx, &freeze, (campaign, frozen)).await
    }
}

/// A moment that nothing is recorded at or before any more.
pub(super) async fn moment(service: &Service) -> Result<Instant> {
    let tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    let moment = tx.recorded();
    tx.commit_unaudited("the moment of a population, which nothing is recorded at any more")
        .await?;
    Ok(moment)
}

/// The population is complete: the log binds it, and reviewers are told. One that is empty or too large is called off.
async fn finish(
    service: &Service,
    work: &Work,
    cx: &Cx,
    freeze: &Freeze,
    (campaign, frozen): (Campaign, Instant),
) -> Result<Ended> {
    let id = campaign.id;
    let mut tx = service.begin(cx).await?;
    let about = owns(cx, campaign.content.terms.owner);
    let permit = cx.decide(Action::RunReview, Some(id.into()), about)?;
    let now = tx.recorded();
    let counts = Population {
        reviewers: freeze.by_reviewer().len() as u64,
        ..freeze.counts()
    };
    let problem = unfit(counts);
    let step = match problem {
        None => CampaignStep::Open,
        Some(_) => CampaignStep::Cancel,
    };
    let after = CampaignContent {
        state: campaign.content.state.step(step)?,
        population: counts,
        frozen,
        due: due(&mut tx, &campaign.content.terms, now).await?,
        ended: problem.map(|_| now),
        ..campaign.content.clone()
    };
    let target = tx
        .replace_campaign(id, campaign.recorded_from, &after)
        .await?;
    let (action, bulk) = match problem {
        None => {
            let bulk = tx.bind_population(id).await?;
            (AuditAction::CampaignLaunched, Some(totals(bulk, counts)))
        }
        Some(_) => (AuditAction::CampaignCancelled, None),
    };
    let event = Event {
        bulk,
        ..cx.change(
            &permit,
            action,
            target,
            Some(&campaign.content),
            Some(&after),
            problem,
        )?
    };
    let notices = match problem {
        None => notices(id, &after, freeze),
        Some(why) => {
            let title = format!("{} was called off", after.name);
            let mut to = answerable(&mut tx, after.terms.owner, now).await?;
            to.retain(|one| cx.me() != Some(*one));
            to_all(&to, &campaign, &title, why)
        }
    };
    tell(&mut tx, &notices).await?;
    let result = json!({
        "campaign": id,
        "items": counts.included,
        "left_out": counts.excluded,
        "reviewers": counts.reviewers,
        "problem": problem,
    });
    work.finish(&mut tx, &result).await?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    service.wake_worker();
    Ok(Ended::Settled)
}

/// Why a population cannot be reviewed.
fn unfit(counts: Population) -> Option<&'static str> {
    if counts.all > MOST_ITEMS {
        Some(
            "More than 1 500 000 things are in scope. Split the review by department, application or risk.",
        )
    } else if counts.all == 0 {
        Some("Nothing is in scope. Widen the scope of the review and launch it again.")
    } else if counts.included == 0 {
        Some("Everything in scope was left out. The reasons stand in the preview of the review.")
    } else {
        None
    }
}

fn totals(bulk: Bulk, counts: Population) -> Bulk {
    let totals = [
        ("population", counts.all),
        ("included", counts.included),
        ("excluded", counts.excluded),
        ("holders", counts.holders),
        ("reviewers", counts.reviewers),
    ];
    Bulk {
        totals: totals.map(|(name, count)| (name.to_owned(), count)).into(),
        ..bulk
    }
}

fn notices(id: CampaignId, content: &CampaignContent, freeze: &Freeze) -> Vec<Notice> {
    let mut all: Vec<Notice> = freeze
        .by_reviewer()
        .iter()
        .map(|(to, items)| Notice {
            to: *to,
            kind: NoticeKind::ReviewWaiting,
            object: id.into(),
            title: format!("{}: {items} to decide", content.name),
            text: content.terms.unanswered.sentence().to_owned(),
            path: format!("/reviews/{id}/decide"),
        })
        .collect();
    all.sort_by_key(|notice| notice.to);
    all
}
