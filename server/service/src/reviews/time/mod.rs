//! What time does to reviews, every minute with housekeeping: whoever left is replaced, reviewers are reminded, campaigns
//! close when they are due, and reviews that repeat begin again.
//!
//! Everything here is found from what is recorded and written in one transaction with what says that it was done: a program
//! that is killed does it once, later. Each campaign is seen to by itself, so one that fails holds up no other.

mod due;
mod gone;
mod remind;
mod turn;

pub use turn::{Turns, turns};

use domain::id::{CampaignId, IdentityId};
use domain::notice::NoticeKind;
use domain::permission::Actor;
use domain::review::{Campaign, CampaignState};
use domain::time::Instant;
use storage::ReadTx;

use super::assign::able;
use crate::flows::administrators;
use crate::notifications::Notice;
use crate::{Cx, Error, Result, Service, boxed};

/// Campaigns, or reviews, read at a time.
const PART: i64 = 200;

/// One round. Every part is tried, also when another fails.
#[boxed]
pub(crate) async fn keep_time(service: &Service) -> Result<()> {
    let cx = Cx::of(Actor::System);
    if service.organisation().await?.is_none() {
        return Ok(());
    }
    let parts = [
        (gone::replace(service, &cx).await, "whoever left"),
        (open(service, &cx).await, "reminders and closes"),
        (
            turn::call_off_failed(service, &cx).await,
            "launches that failed",
        ),
        (turn::begin_again(service, &cx).await, "reviews that repeat"),
    ];
    for (result, of) in parts {
        if let Err(error) = result {
            tracing::error!(%error, of, "a part of what time does to reviews could not be done; it is tried again in a minute");
        }
    }
    Ok(())
}

/// Reminds reviewers of open campaigns, and closes what is due.
async fn open(service: &Service, cx: &Cx) -> Result<()> {
    let mut before = None;
    loop {
        let mut tx = service.store.read().await?;
        let open = tx
            .campaigns(Some(CampaignState::Open), before, None, PART)
            .await?;
        drop(tx);
        let Some(last) = open.last() else {
            return Ok(());
        };
        before = Some(last.id);
        for campaign in open {
            told(campaign.id, remind::remind(service, cx, &campaign).await);
            told(campaign.id, due::close(service, cx, &campaign).await);
        }
    }
}

/// What somebody else was faster with is found done in the next round.
fn told(campaign: CampaignId, result: Result<()>) {
    match result {
        Ok(()) | Err(Error::Conflict) => {}
        Err(error) => {
            tracing::error!(%error, %campaign, "what time does to a campaign could not be done; it is tried again in a minute");
        }
    }
}

/// Who answers for a review now: its owner, or the administrators when the owner cannot act.
pub(super) async fn answerable(
    tx: &mut ReadTx,
    owner: IdentityId,
    now: Instant,
) -> Result<Vec<IdentityId>> {
    if able(tx, [owner].into(), now).await?.contains(&owner) {
        return Ok(vec![owner]);
    }
    administrators(tx, now).await
}

/// The same sentence to each of those who answer for a campaign.
pub(super) fn to_all(
    people: &[IdentityId],
    campaign: &Campaign,
    title: &str,
    text: &str,
) -> Vec<Notice> {
    let one = |to: &IdentityId| Notice {
        to: *to,
        kind: NoticeKind::ReviewOwned,
        object: campaign.id.into(),
        title: title.to_owned(),
        text: text.to_owned(),
        path: format!("/reviews/{}", campaign.id),
    };
    people.iter().map(one).collect()
}
