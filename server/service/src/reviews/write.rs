//! Defining reviews, changing them, and reading them.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{CampaignId, ReviewId};
use domain::lifecycle::Lifecycle;
use domain::permission::{Action, Facts, Permit};
use domain::review::{Campaign, Review, ReviewContent};
use domain::time::Instant;
use storage::{ReadTx, WriteTx};

use super::form::ReviewForm;
use super::launch::owns;
use super::preview::read_form;
use crate::people::Edited;
use crate::{Cx, Error, Result, Service, boxed};

/// Reviews that a list has at most.
const MOST: i64 = 500;
/// Campaigns about one person only that a list has at most.
const MOST_OF_PERSONS: i64 = 100;

/// Defines a review.
#[boxed]
pub async fn create(service: &Service, cx: &Cx, content: ReviewContent) -> Result<ReviewId> {
    let result = carry_out_create(service, cx, content).await;
    service.noted(cx, result).await
}

/// Whether the actor may define reviews.
#[boxed]
pub async fn may_define(service: &Service, cx: &Cx) -> Result<()> {
    let permitted = cx.decide(Action::RunReview, None, Facts::default());
    service.noted(cx, permitted.map(drop)).await
}

/// Defines a review as a form says.
#[boxed]
pub async fn define(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<ReviewId> {
    let content = read_form(service, cx, form).await?;
    create(service, cx, content).await
}

/// Changes a review to what a form says; as [`edit`].
#[boxed]
pub async fn change(
    service: &Service,
    cx: &Cx,
    id: ReviewId,
    expected: Instant,
    form: &ReviewForm,
) -> Result<Edited> {
    let content = read_form(service, cx, form).await?;
    edit(service, cx, id, expected, content).await
}

/// Defines a review as a file says. One of the same name is changed to that.
#[boxed]
pub async fn define_or_change(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<ReviewId> {
    let content = read_form(service, cx, form).await?;
    let mut tx = service.store.read().await?;
    let known = match tx.review_named(&content.name).await? {
        Some(id) => tx.review(id).await?,
        None => None,
    };
    drop(tx);
    match known {
        None => create(service, cx, content).await,
        Some(known) => {
            edit(service, cx, known.id, known.recorded_from, content).await?;
            Ok(known.id)
        }
    }
}

/// Ends a review: no campaign of it begins any more. One that is under way goes on.
#[boxed]
pub async fn end(service: &Service, cx: &Cx, id: ReviewId, expected: Instant) -> Result<Edited> {
    let result = carry_out_end(service, cx, id, expected).await;
    service.noted(cx, result).await
}

/// Replaces the version `expected` of a review; [`Error::Conflict`] when there is a newer one. Campaigns that are under way
/// keep the version with which they began. Only for whoever may run all reviews: an owner runs the review as it is.
#[boxed]
pub async fn edit(
    service: &Service,
    cx: &Cx,
    id: ReviewId,
    expected: Instant,
    content: ReviewContent,
) -> Result<Edited> {
    let result = carry_out_edit(service, cx, id, expected, content).await;
    service.noted(cx, result).await
}

/// The reviews that have not ended, and the newest campaigns.
#[boxed]
pub async fn list(service: &Service, cx: &Cx) -> Result<(Vec<Review>, Vec<Campaign>)> {
    let result = cx.decide(Action::ReadReview, None, Facts::default());
    service.noted(cx, result).await?;
    let mut tx = service.store.read().await?;
    let mut campaigns = tx.campaigns(None, None, Some(false), MOST).await?;
    // Those about one person can be many more; they do not take the place of the others.
    campaigns.extend(
        tx.campaigns(None, None, Some(true), MOST_OF_PERSONS)
            .await?,
    );
    campaigns.sort_unstable_by_key(|one| std::cmp::Reverse(one.id));
    Ok((tx.reviews(MOST).await?, campaigns))
}

/// A review with its campaigns, the newest first.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: ReviewId) -> Result<(Review, Vec<Campaign>)> {
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
    Ok((review, tx.campaigns_of(id, MOST).await?))
}

/// A campaign, for whoever may see it.
#[boxed]
pub async fn campaign(service: &Service, cx: &Cx, id: CampaignId) -> Result<Campaign> {
    let mut tx = service.store.read().await?;
    let found = tx.campaign(id).await?;
    let about = found.as_ref().map(|one| owns(cx, one.content.terms.owner));
    let permitted = cx.decide(
        Action::ReadReview,
        Some(id.into()),
        about.unwrap_or_default(),
    );
    service.noted(cx, permitted).await?;
    found.ok_or(Error::NotFound)
}

async fn carry_out_create(service: &Service, cx: &Cx, content: ReviewContent) -> Result<ReviewId> {
    let permit = cx.decide(Action::RunReview, None, Facts::default())?;
    let mut tx = service.begin(cx).await?;
    let content = checked(&mut tx, None, content).await?;
    let (id, target) = tx.insert_review(&content).await?;
    let event = cx.change(
        &permit,
        AuditAction::ReviewDefined,
        target,
        None::<&ReviewContent>,
        Some(&content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(id)
}

async fn carry_out_edit(
    service: &Service,
    cx: &Cx,
    id: ReviewId,
    expected: Instant,
    content: ReviewContent,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    // Whoever answers for a review runs it as it is: to look at more than that is no right of theirs.
    let (before, permit) = present(&mut tx, cx, id, expected, |_| Facts::default()).await?;
    let content = checked(&mut tx, Some(id), content).await?;
    replace(service, cx, tx, (&before, permit), &content).await
}

async fn carry_out_end(
    service: &Service,
    cx: &Cx,
    id: ReviewId,
    expected: Instant,
) -> Result<Edited> {
    let mut tx = service.begin(cx).await?;
    let about = |review: &Review| owns(cx, review.content.owner);
    let (before, permit) = present(&mut tx, cx, id, expected, about).await?;
    // It ends also when it could not be recorded anew, because its owner has left.
    let content = ReviewContent {
        status: Lifecycle::Ended,
        ..before.content.clone()
    };
    replace(service, cx, tx, (&before, permit), &content).await
}

/// The version `expected` of a review, when it can be replaced.
async fn present(
    tx: &mut ReadTx,
    cx: &Cx,
    id: ReviewId,
    expected: Instant,
    about: impl FnOnce(&Review) -> Facts,
) -> Result<(Review, Permit)> {
    let before = tx.review(id).await?.ok_or(Error::NotFound)?;
    let permit = cx.decide(Action::RunReview, Some(id.into()), about(&before))?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    if before.content.status == Lifecycle::Ended {
        return Err(Error::Refused(
            "This review has ended. Define a new one.".to_owned(),
        ));
    }
    Ok((before, permit))
}

async fn replace(
    service: &Service,
    cx: &Cx,
    mut tx: WriteTx,
    (before, permit): (&Review, Permit),
    content: &ReviewContent,
) -> Result<Edited> {
    if *content == before.content {
        return Ok(Edited::Same);
    }
    let (id, expected) = (before.id, before.recorded_from);
    let target = tx.replace_review(id, expected, content).await?;
    let event = cx.change(
        &permit,
        AuditAction::ReviewChanged,
        target,
        Some(&before.content),
        Some(content),
        None,
    )?;
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(Edited::Changed)
}

/// What can be recorded: in itself, and with a name of its own and an owner who is there.
async fn checked(
    tx: &mut ReadTx,
    own: Option<ReviewId>,
    content: ReviewContent,
) -> Result<ReviewContent> {
    let owner = tx.identity(content.owner).await?;
    let known = tx.review_named(&content.name).await?;
    let (checked, mut errors) = match content.check() {
        Ok(content) => (Some(content), FieldErrors::new()),
        Err(errors) => (None, errors),
    };
    if known.is_some() && known != own {
        errors.add(
            "name",
            "Another review has this name. Choose another one, or end that review.",
        );
    }
    if owner.is_none_or(|one| !one.content.status.may_sign_in()) {
        errors.add(
            "owner",
            "The owner has left or is not known. Name somebody who can sign in.",
        );
    }
    match (checked, errors.is_empty()) {
        (Some(content), true) => Ok(content),
        _ => Err(errors.into()),
    }
}
