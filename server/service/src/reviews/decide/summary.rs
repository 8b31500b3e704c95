//! What is about to be submitted, in full where it takes something away.

use domain::id::CampaignId;
use domain::review::{Campaign, Choice, MOST_ITEMS};

use super::Sitting;
use super::pile::{PileItem, with_names};
use crate::{Cx, Result, Service, boxed};

/// Items that are listed at most; the rest is counted.
const LISTED: usize = 200;

/// What somebody staged, before they submit it.
#[derive(Debug, Clone)]
pub struct Summary {
    /// The campaign.
    pub campaign: Campaign,
    /// How many of each choice.
    pub counts: Vec<(Choice, u64)>,
    /// What is not simply kept, with names; at most some hundred.
    pub listed: Vec<PileItem>,
    /// How many more there are that are not simply kept.
    pub more: u64,
}

impl Summary {
    /// How many decisions.
    pub fn all(&self) -> u64 {
        self.counts.iter().map(|one| one.1).sum()
    }

    /// How many of a choice.
    pub fn of(&self, choice: Choice) -> u64 {
        let found = self.counts.iter().find(|one| one.0 == choice);
        found.map_or(0, |one| one.1)
    }
}

/// What the actor staged in a campaign.
#[boxed]
pub async fn summary(service: &Service, cx: &Cx, campaign: CampaignId) -> Result<Summary> {
    let mut tx = service.store.read().await?;
    let found = async {
        let sitting = Sitting::of(&mut tx, cx, campaign, service.now()).await?;
        let most = i64::try_from(MOST_ITEMS).unwrap_or(i64::MAX);
        let drafts = tx.drafts(campaign, sitting.me, 0, most).await?;
        let mut counts: Vec<(Choice, u64)> = Vec::new();
        for choice in Choice::ALL {
            let count = drafts.iter().filter(|one| one.1.choice == *choice).count();
            if count > 0 {
                counts.push((*choice, count as u64));
            }
        }
        let others = drafts.iter().filter(|one| one.1.choice != Choice::Keep);
        let numbers: Vec<u64> = others.map(|one| one.0).collect();
        let more = numbers.len().saturating_sub(LISTED) as u64;
        let shown: Vec<u64> = numbers.into_iter().take(LISTED).collect();
        let items = tx.review_items(campaign, &shown).await?;
        let listed = with_names(service, &mut tx, &sitting, items).await?;
        Ok(Summary {
            campaign: sitting.campaign,
            counts,
            listed,
            more,
        })
    };
    let found = found.await;
    service.noted(cx, found).await
}
