//! Defining reviews, changing them, and reading them.

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{CampaignId, ReviewId};
use domain::lifecycle::Lifecycle;
use domain::permission::{Action, Facts};
use domain::review::{Campaign, Review, ReviewContent};
use domain::time::Instant;
use storage::ReadTx;

use super::form::{ReviewForm, resolve};
use super::launch::owns;
use crate::people::Edited;
use crate::{Cx, Error, Result, Service, boxed};

/// Reviews that a list has at most.
const MOST: i64 = 500;

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

/// Defines a review as a form or file says. One of the same name is changed to that.
#[boxed]
pub async fn define(service: &Service, cx: &Cx, form: &ReviewForm) -> Result<ReviewId> {
    // What is wrong with a form tells who and what there is.
    may_define(service, cx).await?;
    let mut tx = service.store.read().await?;
    let mut errors = FieldErrors::new();
    let content = resolve(&mut tx, cx, form, &mut errors).await?;
    let Some(content) = errors.or(content)? else {
        return Err(Error::Internal(
            "a form without mistakes and content".to_owned(),
        ));
    };
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

/// Replaces the version `expected` of a review; [`Error::Conflict`] when there is a newer one. Campaigns that are under way
/// keep the version with which they began.
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
    Ok((
        tx.reviews(MOST).await?,
        tx.campaigns(None, None, MOST).await?,
    ))
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
    let before = tx.review(id).await?.ok_or(Error::NotFound)?;
    let about = owns(cx, before.content.owner);
    let permit = cx.decide(Action::RunReview, Some(id.into()), about)?;
    if before.recorded_from != expected {
        return Err(Error::Conflict);
    }
    if before.content.status == Lifecycle::Ended {
        return Err(Error::Refused(
            "This review has ended. Define a new one.".to_owned(),
        ));
    }
    let content = checked(&mut tx, Some(id), content).await?;
    if content == before.content {
        return Ok(Edited::Same);
    }
    let target = tx.replace_review(id, expected, &content).await?;
    let event = cx.change(
        &permit,
        AuditAction::ReviewChanged,
        target,
        Some(&before.content),
        Some(&content),
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
