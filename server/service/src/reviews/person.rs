//! Reviews of one person: asked for by hand, or because they moved while a review says that whoever moves is reviewed.
//!
//! Such a campaign carries out no review that is written down, so it is in nobody's way. Each review of those who move has
//! one of a person at a time, and none for a move after which one of it, or one that somebody asked for, began already.
//! Whoever is not in its scope is not reviewed by it.

use std::collections::HashSet;

use domain::approval::Approver;
use domain::audit::Event;
use domain::field::FieldErrors;
use domain::id::{IdentityId, ReviewId};
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::permission::{Action, Actor, Facts, Permit};
use domain::review::{CampaignState, Review, ReviewContent, Scope, Stage};
use domain::time::{DAY, Instant};
use storage::{ReadTx, WriteTx};

use super::freeze::is_found;
use super::launch::{Launched, content, put};
use crate::{Cx, Error, Result, Service, boxed};

/// People whose reviews begin in one transaction.
const AT_ONCE: i64 = 20;
/// How long ago a move can be that is first seen now, as after a time in which nothing ran.
const BACK: i64 = 14 * DAY;
/// How many such parts, of people of whom none is reviewed, are gone through in a row.
const ROUNDS: usize = 50;
/// Reviews read at a time, to see whether they review movers.
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
    let about = (id, None);
    let (launched, event) = begin(&mut tx, service, (cx, &permit), about, (terms, &reason)).await?;
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

/// Begins a campaign about one person, because of a review of those who move or because somebody asked for it.
async fn begin(
    tx: &mut WriteTx,
    service: &Service,
    (cx, permit): (&Cx, &Permit),
    (person, because): (IdentityId, Option<ReviewId>),
    (terms, reason): (ReviewContent, &str),
) -> Result<(Launched, Event)> {
    let content = content(service, tx, cx, (terms.name.clone(), None, terms)).await?;
    let (launched, event) = put(tx, cx, permit, &content, Some(reason)).await?;
    tx.put_campaign_of_person(person, launched.campaign, because)
        .await?;
    Ok((launched, event))
}

/// Begins a review of each person who moved, for each review that says so: some people at a time, the rest a minute later.
pub(super) async fn review_movers(service: &Service) -> Result<()> {
    let mut after = None;
    loop {
        let mut read = service.store.read().await?;
        let reviews = read.reviews_after(after, REVIEWS).await?;
        drop(read);
        let Some(last) = reviews.last() else {
            return Ok(());
        };
        after = Some(last.id);
        for review in reviews.iter().filter(|one| of_movers(&one.content)) {
            for _ in 0..ROUNDS {
                if !some(service, review).await? {
                    break;
                }
            }
        }
    }
}

fn of_movers(content: &ReviewContent) -> bool {
    content.each_mover && content.status == Lifecycle::Active
}

/// Moves count from when the review said so, whatever else of it was changed since.
async fn since(tx: &mut ReadTx, review: &Review, now: Instant) -> Result<Instant> {
    let back = now.plus(-BACK);
    let versions = tx.review_versions(review.id, back).await?;
    let unbroken = versions.iter().take_while(|one| of_movers(&one.content));
    let first = unbroken.last().map(|one| one.recorded_from);
    Ok(first.unwrap_or(review.recorded_from).max(back))
}

/// Deals with some of those who moved. True when none of them is in the scope of the review and there may be more.
async fn some(service: &Service, review: &Review) -> Result<bool> {
    let mut read = service.store.read().await?;
    let now = service.now();
    let from = since(&mut read, review, now).await?;
    let movers = read.movers_to_review(review.id, from, now, AT_ONCE).await?;
    if movers.is_empty() {
        return Ok(false);
    }
    // Looked up before anything is locked.
    let (mut inside, mut outside) = (HashSet::new(), HashSet::new());
    for person in read.identity_names(&movers).await? {
        let known = (person.id, person.username.as_str());
        let found = is_found(&mut read, &review.content.scope.people, known).await?;
        if found { &mut inside } else { &mut outside }.insert(person.id);
    }
    drop(read);
    let cx = Cx::of(Actor::System);
    let mut tx = service.begin(&cx).await?;
    let now = tx.recorded();
    // Found again where it is written: another node may have begun them meanwhile.
    let movers = tx.movers_to_review(review.id, from, now, AT_ONCE).await?;
    let of = |some: &HashSet<IdentityId>| -> Vec<IdentityId> {
        movers
            .iter()
            .copied()
            .filter(|one| some.contains(one))
            .collect()
    };
    let (inside, outside) = (of(&inside), of(&outside));
    if inside.is_empty() && outside.is_empty() {
        return Ok(false);
    }
    tx.put_not_movers(review.id, &outside).await?;
    let mut events = Vec::new();
    for person in tx.identity_names(&inside).await? {
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
        let about = (person.id, Some(review.id));
        let begun = begin(&mut tx, service, (&cx, &permit), about, (terms, &reason));
        events.push(begun.await?.1);
    }
    if events.is_empty() {
        tx.commit_unaudited("who moved and is not in the scope of a review is not looked at again")
            .await?;
        return Ok(!outside.is_empty());
    }
    let first = events.remove(0);
    tx.commit(first, events).await?;
    service.wake_worker();
    Ok(false)
}
