//! Deciding on the items of a campaign: what somebody has in front of them, what they stage, and what they submit.
//!
//! What is staged is a draft of whoever staged it: it can be changed at will, binds nobody and is not in the log. Submitting
//! is one transaction with one entry that binds all decisions of it. Somebody decides on their own items and on those of
//! people they stand in for, and in no way on what is about themselves.

mod grouping;
mod known;
mod of_person;
mod pile;
mod smaller;
mod stage;
mod submit;
mod summary;

pub use grouping::Grouping;
pub(in crate::reviews) use known::Known;
pub use of_person::{AboutItem, AboutPerson, of_person};
pub use pile::{Asked, Counted, OpenPile, Pile, PileGroup, PileItem, Spoken, open_piles, pile};
pub use smaller::{Replacements, Smaller, replacements};
pub use stage::{Draft, KeptTogether, Went, keep_unflagged, stage, unstage};
pub use submit::{Left, Receipt, Submitted, receipt, submit};
pub use summary::{Summary, summary};

use domain::id::{CampaignId, IdentityId, ObjectKind};
use domain::permission::{Action, Facts, Permit};
use domain::review::{Campaign, CampaignState, MOST_STAGES, Parts};
use domain::time::Instant;
use storage::ReadTx;
use storage::reviews::{Pile as Numbers, ReviewItem};

use super::assign::parts;
use crate::requests::voices;
use crate::{Cx, Error, Result};

/// Somebody in front of a campaign.
struct Sitting {
    campaign: Campaign,
    me: IdentityId,
    /// Themselves, and those they stand in for.
    voices: Vec<IdentityId>,
    /// What came to those.
    piles: Vec<Numbers>,
    permit: Permit,
}

impl Sitting {
    /// Who is there; refused when nothing of the campaign ever came to them or to those they stand in for.
    async fn of(tx: &mut ReadTx, cx: &Cx, id: CampaignId, now: Instant) -> Result<Self> {
        let campaign = tx.campaign(id).await?.ok_or(Error::NotFound)?;
        let voices = voices(tx, cx, now).await?;
        let most = i64::try_from(MOST_STAGES).unwrap_or(i64::MAX);
        let mut piles = Vec::new();
        for voice in &voices {
            let found = tx.piles(id, (voice.raw(), -1), most).await?;
            piles.extend(found.into_iter().filter(|pile| pile.reviewer() == *voice));
        }
        let facts = Facts {
            is_owner: !piles.is_empty(),
            ..Facts::default()
        };
        let permit = cx.decide(Action::DecideReview, Some(id.into()), facts)?;
        let me = cx.me().ok_or(Error::NotFound)?;
        Ok(Self {
            campaign,
            me,
            voices,
            piles,
            permit,
        })
    }

    /// Only while the campaign is open something is decided.
    fn must_be_open(&self) -> Result<()> {
        let sentence = match self.campaign.content.state {
            CampaignState::Open => return Ok(()),
            CampaignState::Launching => {
                "This review is still being prepared. It can be decided as soon as it is open."
            }
            CampaignState::Closed => {
                "This review is closed. Nothing more is decided in it; its owner can tell you what became of it."
            }
            CampaignState::Cancelled => {
                "This review was called off. Nothing that was staged takes effect."
            }
        };
        Err(Error::Refused(sentence.to_owned()))
    }

    /// Why this item is not theirs to decide; none when it is.
    fn hindrance(&self, item: &ReviewItem) -> Option<&'static str> {
        if self.parts(item).are(self.me) {
            return Some(if is_about(item, self.me) {
                "It is about yourself; somebody else decides on it."
            } else {
                "You gave this yourself; somebody else decides on it."
            });
        }
        if !item.open {
            return Some("It was decided before.");
        }
        if !self.voices.contains(&item.reviewer) {
            return Some("It went to somebody else meanwhile.");
        }
        None
    }

    /// Who must not decide on an item.
    fn parts(&self, item: &ReviewItem) -> Parts {
        parts(&self.campaign, &item.facts)
    }
}

fn is_about(item: &ReviewItem, one: IdentityId) -> bool {
    let holder = item.facts.holder;
    holder.kind == ObjectKind::Identity && holder.raw == one.raw()
}
