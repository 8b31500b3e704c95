//! Looking into a campaign as an auditor does: samples that anybody can draw again, the whole life of an item, and links with
//! which somebody outside reads both without an account.

mod life;
mod links;
mod outside;
mod sample;

pub use life::{Life, LifeEvent, LifeStep, life};
pub use links::{LinkRow, Links, MadeLink, links, make_link, revoke_link};
pub use outside::{InNumbers, Opened, Outside, open};
pub use sample::{
    Drawn, MOST_SAMPLED, SampleView, SampledItem, draw, sample, sample_file, samples,
};

use domain::id::CampaignId;
use domain::permission::Action;
use domain::review::Campaign;
use storage::ReadTx;

use super::launch::owns;
use crate::{Cx, Error, Result};

/// The campaign, when the actor may see it.
async fn readable(tx: &mut ReadTx, cx: &Cx, id: CampaignId) -> Result<Campaign> {
    let found = tx.campaign(id).await?;
    let facts = found
        .as_ref()
        .map(|one| owns(cx, one.content.terms.owner))
        .unwrap_or_default();
    cx.decide(Action::ReadReview, Some(id.into()), facts)?;
    found.ok_or(Error::NotFound)
}
