//! Reviews of one person: asked for by hand, or because they moved while a review says that whoever moves is reviewed.
//!
//! Such a campaign carries out no review that is written down, so it is in nobody's way. A person has one at a time, and
//! none for a move after which one began already.

use domain::approval::Approver;
use domain::audit::{AuditAction, Event};
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::permission::{Action, Actor, Facts, Permit};
use domain::review::{
    CampaignContent, CampaignState, Population, Review, ReviewContent, Scope, Stage,
};
use domain::time::{DAY, Instant};
use storage::WriteTx;

use super::launch::{LaunchReview, Launched, due, launch_key};
use crate::jobs::{NewJob, enqueue};
use crate::{Cx, Error, Result, Service, boxed};

/// People whose reviews begin in one transaction.
const AT_ONCE: i64 = 20;
/// How long ago a move can be that is first seen now, as after a time in which nothing ran.
const BACK: i64 = 14 * DAY;
/// Reviews that are looked at for whether they review movers.
const REVIEWS: i64 = 500;
/// Campaigns of a person that are looked at for one that is under way.
const NEWEST: i64 = 5;
/// Days to decide on one person.
const DAYS: u16 = 7;

/// Begins a review of everything that one person has; their manager decides.
#[boxed]
pub async fn review_person(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    reason: &str,
) -> Result<Launched> {
    let result = carry_out(service, cx, id, reason).await;
    let launched = service.noted(cx, result).await?;
    service.wake_worker();
    Ok(launched)
}

async fn carry_out(service: &Service, cx: &Cx, id: IdentityId, reason: &str) -> Result<Launched> {
    let mut tx = service.begin(cx).await?;
    let permit = cx.decide(Action::RunReview, Some(id.into()), Facts::default())?;
    let person = tx.identity(id).await?.ok_or(Error::NotFound)?;
    let name = &person.content.display_name;
    if person.content.status == IdentityStatus::Ended {
        return Err(Error::Refused(format!(
            "{name} has left. What they still have ends with them and needs no review."
        )));
    }
    let mut errors = FieldErrors::new();
    let reason = errors.required("reason", "The reason", reason, 500);
    errors.or(())?;
    let newest = tx.campaigns_of_person(id, NEWEST).await?;
    let under_way = newest.iter().find(|one| {
        matches!(
            one.content.state,
            CampaignState::Launching | CampaignState::Open
        )
    });
    if let Some(one) = under_way {
        return Err(Error::Refused(format!(
            "“{}” is under way already. Decide it or close it first.",
            one.content.name
        )));
    }
    let Some(owner) = cx.me() else {
        return Err(Error::Refused(
            "Somebody must answer for a review. Sign in, and begin it then.".to_owned(),
        ));
    };
    let terms = ReviewContent {
        name: named("Access of", name),
        instructions: reason.clone(),
        scope: Scope {
            person: Some(id),
            ..Scope::everything()
        },
        stages: vec![Stage {
            days: DAYS,
            fallback: Some(Approver::ManagersManager),
            ..Stage::by(Approver::Manager)
        }],
        ..ReviewContent::draft(owner)
    };
    let (launched, event) = begin(&mut tx, service, cx, &permit, (id, terms, &reason)).await?;
    service
        .commit(cx, tx, launched.campaign, event, Vec::new())
        .await?;
    Ok(launched)
}

/// The name of a review of one person, which is no longer than any other.
fn named(what: &str, person: &str) -> String {
    let name: String = person.chars().take(80).collect();
    format!("{what} {name}")
}

async fn begin(
    tx: &mut WriteTx,
    service: &Service,
    cx: &Cx,
    permit: &Permit,
    (person, terms, reason): (IdentityId, ReviewContent, &str),
) -> Result<(Launched, Event)> {
    let now = tx.recorded();
    let mut seed = [0; 4];
    service.entropy.fill(&mut seed);
    let content = CampaignContent {
        name: terms.name.clone(),
        review: None,
        state: CampaignState::Launching,
        launched_by: cx.me(),
        frozen: now,
        due: due(tx, &terms, now).await?,
        escalated: None,
        seed: u32::from_be_bytes(seed),
        population: Population::default(),
        ended: None,
        effective: None,
        signed_by: None,
        sign_off: String::new(),
        terms,
    };
    let (campaign, target) = tx.insert_campaign(&content).await?;
    tx.put_campaign_of_person(person, campaign).await?;
    let job = NewJob::of(&LaunchReview::of(campaign))?
        .title(format!("Start the access review “{}”", content.name))
        .about(campaign)
        .for_good()
        .once(launch_key(campaign));
    let job = enqueue(tx, cx, &job).await?;
    let event = cx.change(
        permit,
        AuditAction::CampaignBegun,
        target,
        None::<&CampaignContent>,
        Some(&content),
        Some(reason),
    )?;
    Ok((Launched { campaign, job }, event))
}

/// Begins a review of each person who moved, when a review says so: some people at a time, the rest a minute later.
pub(super) async fn review_movers(service: &Service) -> Result<()> {
    let mut read = service.store.read().await?;
    let reviews = read.reviews(REVIEWS).await?;
    for review in reviews {
        let standing = review.content.each_mover && review.content.status == Lifecycle::Active;
        if !standing {
            continue;
        }
        let now = service.now();
        let from = since(&review, now);
        if !read.movers_to_review(from, now, 1).await?.is_empty() {
            drop(read);
            some(service, &review, from).await?;
            return Ok(());
        }
    }
    Ok(())
}

/// Moves count from when the review said so.
fn since(review: &Review, now: Instant) -> Instant {
    review.recorded_from.max(now.plus(-BACK))
}

async fn some(service: &Service, review: &Review, from: Instant) -> Result<()> {
    let cx = Cx::of(Actor::System);
    let mut tx = service.begin(&cx).await?;
    let now = tx.recorded();
    // Found again where it is written: another node may have begun them meanwhile.
    let movers = tx.movers_to_review(from, now, AT_ONCE).await?;
    let names = tx.identity_names(&movers).await?;
    let mut events = Vec::new();
    for person in names {
        let permit = cx.decide(Action::RunReview, Some(person.id.into()), Facts::default())?;
        let terms = ReviewContent {
            name: named("After the move of", &person.display_name),
            scope: Scope {
                person: Some(person.id),
                moved_days: None,
                sample: None,
                ..review.content.scope.clone()
            },
            repeats: None,
            each_mover: false,
            ..review.content.clone()
        };
        let reason = format!(
            "Their department, title or manager changed; the review {} says so.",
            review.content.name
        );
        let begun = begin(&mut tx, service, &cx, &permit, (person.id, terms, &reason));
        events.push(begun.await?.1);
    }
    if events.is_empty() {
        return Ok(());
    }
    let first = events.remove(0);
    tx.commit(first, events).await?;
    service.wake_worker();
    Ok(())
}
