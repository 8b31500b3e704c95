//! Defining a review and running the jobs behind it in this process.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use domain::id::{CampaignId, IdentityId};
use domain::permission::Actor;
use domain::review::ReviewContent;
use service::Cx;
use service::jobs::{self, handlers};
use service::{people, reviews};

use crate::data::{ADMINISTRATOR, Data};

/// Whoever types a command.
pub(super) fn operator() -> Cx {
    Cx::of(Actor::CommandLine)
}

/// Somebody who signed in, without console rights.
pub(super) fn acting(id: IdentityId) -> Cx {
    Cx::of(Actor::Person {
        id,
        rights: domain::permission::Rights::NONE,
    })
}

/// A review of everything by managers, owned by the administrator. What was not used for long is no reason for a look:
/// the days in the data are random.
pub(super) async fn terms(data: &Data, name: &str) -> Result<ReviewContent> {
    let owner = people::by_username(data.service(), &operator(), ADMINISTRATOR)
        .await?
        .context("the administrator was added")?;
    Ok(ReviewContent {
        name: name.to_owned(),
        unused_after: 3_000,
        ..ReviewContent::draft(owner)
    })
}

/// Defines a review and asks for its campaign; the job waits.
pub(super) async fn begun(data: &Data, terms: ReviewContent) -> Result<CampaignId> {
    let review = reviews::create(data.service(), &operator(), terms).await?;
    let launched = reviews::launch(data.service(), &operator(), review).await?;
    Ok(launched.campaign)
}

/// Runs the next job that is due.
pub(super) async fn next_job(data: &Data) -> Result<()> {
    let work = jobs::claim(data.service(), &handlers())
        .await?
        .context("a job is due")?;
    let ended = handlers().run(data.shared(), Arc::clone(&work)).await;
    if let Err(error) = &ended {
        bail!("the job failed: {error}");
    }
    jobs::settle(data.service(), &work, ended).await?;
    Ok(())
}
