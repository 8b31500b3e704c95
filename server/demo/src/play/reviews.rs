//! Reviewing what a team has: launching, deciding as the manager, closing, and what follows from that.

use std::sync::Arc;

use domain::id::CampaignId;
use domain::review::{Flag, How};
use service::jobs::{self, handlers};
use service::reviews::{self, Asked, Draft, Grouping, PileItem, ReviewForm};
use service::{Cx, Error, Result};

use super::Player;
use crate::plan::act::Reviewing;

/// What the reviews are called.
const NAMES: [&str; 2] = ["Team access, last quarter", "Team access, this quarter"];
/// Things that the manager revokes at most.
const REVOKED: usize = 3;
/// Items that are decided one by one at most.
const ITEMS: u32 = 2_000;

impl Player<'_> {
    pub(super) async fn review(&mut self, cx: &Cx, what: &Reviewing) -> Result<()> {
        match what {
            Reviewing::Launch(nth, team) => {
                let mut form = ReviewForm {
                    name: NAMES[*nth].to_owned(),
                    instructions: "Keep what somebody needs for their present work. Revoke the rest; it can be asked for again.".to_owned(),
                    ..ReviewForm::usual()
                };
                form.scope.people.clone_from(team);
                let id = reviews::define_or_change(&self.service, cx, &form).await?;
                let launched = reviews::launch(&self.service, cx, id).await?;
                self.campaigns.push(launched.campaign);
                self.work().await
            }
            Reviewing::Decide(nth) => self.decide_review(cx, self.campaign(*nth)?).await,
            Reviewing::Close(nth) => {
                let id = self.campaign(*nth)?;
                reviews::close(&self.service, cx, id, "Everything is decided.").await?;
                self.work().await
            }
            Reviewing::CarryOut => self.work().await,
        }
    }

    fn campaign(&self, nth: usize) -> Result<CampaignId> {
        let missing = || Error::Internal("the story has no such campaign".to_owned());
        self.campaigns.get(nth).copied().ok_or_else(missing)
    }

    /// What a worker does in the background.
    async fn work(&self) -> Result<()> {
        let handlers = handlers();
        while let Some(work) = jobs::claim(&self.service, &handlers).await? {
            let ended = handlers
                .run(Arc::clone(&self.service), Arc::clone(&work))
                .await;
            jobs::settle(&self.service, &work, ended).await?;
        }
        Ok(())
    }

    /// What nobody flagged is kept person by person, the rest by itself.
    async fn decide_review(&self, cx: &Cx, id: CampaignId) -> Result<()> {
        let asked = |by| Asked {
            by,
            group: None,
            after: 0,
            most: ITEMS,
        };
        let groups = reviews::pile(&self.service, cx, id, asked(Grouping::Person)).await?;
        for group in groups.groups {
            let by = Grouping::Person;
            reviews::keep_unflagged(&self.service, cx, id, by, group.object).await?;
        }
        let pile = reviews::pile(&self.service, cx, id, asked(Grouping::Flat)).await?;
        let mut revoked = 0;
        for one in pile.items {
            if one.staged.is_some() || one.hindrance.is_some() {
                continue;
            }
            let useless = revoked < REVOKED && useless(&one);
            revoked += usize::from(useless);
            let draft = Draft {
                choice: if useless { "revoke" } else { "keep" }.to_owned(),
                reason: if useless {
                    "Nobody on the team uses it any more."
                } else {
                    "Needed for the daily work, as agreed with them."
                }
                .to_owned(),
                ..Draft::default()
            };
            let number = one.item.facts.number;
            reviews::stage(&self.service, cx, id, &[number], &draft).await?;
        }
        reviews::submit(&self.service, cx, id, true).await.map(drop)
    }
}

/// What an import found and nobody uses; nothing else in the story speaks of it later.
fn useless(one: &PileItem) -> bool {
    let facts = &one.item.facts;
    facts.how == How::Import && facts.flags.contains(&Flag::Unused)
}
