//! Closing a campaign, so that revoked access is really gone.
//!
//! The close is one short transaction: the campaign is closed, and a job is asked for with it. The job goes through the items
//! a part at a time. What nobody answered is decided as the campaign says, with a record and an entry of its own; what was
//! revoked or changed is queued, due when the grace window is over. Then the same job ends the access, some items in one
//! transaction with their records: killed at any point, what was committed is found in the rows and not done again. Until it
//! is sent an item can be restored. Afterwards tasks and the next reading of the application say what became of it.
//!
//! The job acts as the console, not as whoever closed the campaign: the close was permitted, and what it revoked must end
//! also when they have left meanwhile.

mod ask;
mod end;
mod ends;
mod items;
mod job;
mod pass;
mod restore;
mod settle;
mod steer;
mod things;
mod verify;
mod watch;

pub(super) use ask::shut;
pub use ask::{Closed, cancel, close};
pub use items::{ItemState, ItemsPage, ListedItem, Which, items};
pub(crate) use job::{CarryOutReview, ensure_carried_out};
pub(super) use pass::{Move, pass, to_owner};
pub use restore::restore;
pub use steer::{Passed, ToPass, extend, reassign, remind};
pub(crate) use verify::{acknowledged, verify};
pub use watch::{
    ApplicationRow, ItemRow, PendingPage, Progress, ReviewerRow, may_run, pending, progress,
};

use std::collections::BTreeMap;

use domain::audit::{AuditAction, Event};
use domain::id::CampaignId;
use domain::permission::{Action, Facts, Permit};
use domain::review::{Campaign, RemedyState};
use storage::reviews::{ActRecord, RemedyRow};
use storage::{ReadTx, WriteTx};

use crate::{Cx, Error, Result};

/// The campaign, when the actor may do this with it.
async fn permitted(
    tx: &mut ReadTx,
    cx: &Cx,
    id: CampaignId,
    action: Action,
) -> Result<(Campaign, Permit)> {
    let campaign = tx.campaign(id).await?.ok_or(Error::NotFound)?;
    let facts = Facts {
        is_owner: cx.me() == Some(campaign.content.terms.owner),
        ..Facts::default()
    };
    let permit = cx.decide(action, Some(id.into()), facts)?;
    Ok((campaign, permit))
}

/// Writes what an act did to items, and answers its entry, which must be the first of the commit.
async fn act(
    tx: &mut WriteTx,
    cx: &Cx,
    (id, action, reason): (CampaignId, AuditAction, &str),
    records: &[ActRecord],
) -> Result<Event> {
    let mut bulk = tx.append_act(id, action.word(), records).await?;
    let mut totals: BTreeMap<String, u64> = BTreeMap::new();
    for record in records {
        let word = match record {
            ActRecord::Decision(decision) => decision.choice.word(),
            ActRecord::Passed { .. } => "passed",
            ActRecord::Remedy { state, .. } => state.word(),
        };
        *totals.entry(word.to_owned()).or_default() += 1;
    }
    bulk.totals = totals;
    let mut event = cx.about(action, id);
    if let Some(detail) = event.details.first_mut() {
        detail.reason = Some(reason.to_owned()).filter(|text| !text.is_empty());
    }
    event.bulk = Some(bulk);
    Ok(event)
}

/// The record of where an item's revocation is now.
fn record(row: &RemedyRow, by: String) -> ActRecord {
    ActRecord::Remedy {
        item: row.item,
        state: row.state,
        remains: row.remains,
        by: if row.state == RemedyState::Failed {
            row.problem.clone()
        } else {
            by
        },
    }
}
