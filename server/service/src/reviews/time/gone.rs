//! Reviewers who left or were suspended: what waits for them goes to whom the rule of its stage finds now.

use std::collections::HashMap;

use domain::id::{CampaignId, IdentityId};
use domain::identity::IdentityStatus;
use domain::review::{Campaign, CampaignState, Choice};
use storage::ReadTx;
use storage::reviews::{ActRecord, ReviewItem};

use super::super::assign::{Wanted, assign};
use super::super::close::{Move, pass};
use crate::{Cx, Result, Service};

/// Reviewers looked at in one go.
const PART: i64 = 200;
/// Items given to others in one transaction.
const AT_ONCE: i64 = 4_000;

/// Gives what waits for reviewers who are gone to others. What nobody else may decide stays, and is looked at again.
pub(super) async fn replace(service: &Service, cx: &Cx) -> Result<()> {
    let mut after = (CampaignId::from_raw(0), IdentityId::from_raw(0));
    loop {
        let mut tx = service.store.read().await?;
        let some = tx.reviewers_gone(after, PART).await?;
        drop(tx);
        let Some(last) = some.last() else {
            return Ok(());
        };
        after = *last;
        for (campaign, who) in some {
            if let Err(error) = pile(service, cx, campaign, who).await {
                tracing::error!(%error, %campaign, "what waits for a reviewer who left could not be given to others; it is tried again in a minute");
            }
        }
    }
}

async fn pile(service: &Service, cx: &Cx, id: CampaignId, who: IdentityId) -> Result<()> {
    let mut after = 0;
    loop {
        let mut tx = service.begin(cx).await?;
        let now = tx.recorded();
        let campaign = tx.campaign(id).await?;
        let open = campaign.filter(|one| one.content.state == CampaignState::Open);
        let Some(campaign) = open else { return Ok(()) };
        let Some(reason) = reason(&mut tx, who).await? else {
            return Ok(());
        };
        let items = tx.open_items(id, Some(who), after, AT_ONCE).await?;
        let Some(last) = items.last() else {
            return Ok(());
        };
        after = last.facts.number;
        let wanted = wanted(&mut tx, &campaign, &items).await?;
        let found = assign(&mut tx, &campaign, &wanted, now).await?;
        let moves: Vec<Move<'_>> = items
            .iter()
            .zip(found)
            .filter_map(|(item, chosen)| Some(Move::by_rule(item, chosen?)))
            .collect();
        if moves.is_empty() {
            continue;
        }
        let event = pass(&mut tx, cx, &campaign, &moves, &reason).await?;
        tx.commit(event, Vec::new()).await?;
    }
}

/// Why somebody no longer decides; none when they do.
async fn reason(tx: &mut ReadTx, who: IdentityId) -> Result<Option<String>> {
    let person = tx.identity(who).await?.map(|one| one.content);
    Ok(match person {
        None => Some("The reviewer is not known here any more.".to_owned()),
        Some(one) => match one.status {
            IdentityStatus::Active | IdentityStatus::OnLeave => None,
            IdentityStatus::Suspended => Some(format!("{} is suspended.", one.display_name)),
            IdentityStatus::Ended => Some(format!("{} has left.", one.display_name)),
        },
    })
}

/// The items with who decided on them in earlier stages.
pub(super) async fn wanted<'a>(
    tx: &mut ReadTx,
    campaign: &Campaign,
    items: &'a [ReviewItem],
) -> Result<Vec<Wanted<'a>>> {
    let later = items.iter().filter(|item| item.stage > 0);
    let numbers: Vec<u64> = later.map(|item| item.facts.number).collect();
    let mut earlier: HashMap<u64, Vec<IdentityId>> = HashMap::new();
    if !numbers.is_empty() {
        for written in tx.review_records(campaign.id, &numbers).await? {
            if let ActRecord::Decision(decision) = written.record
                && decision.choice != Choice::NotSure
            {
                let people = [decision.by, decision.on_behalf_of];
                let of_item = earlier.entry(decision.item).or_default();
                of_item.extend(people.into_iter().flatten());
            }
        }
    }
    let one = |item: &'a ReviewItem| Wanted {
        item,
        stage: item.stage,
        earlier: earlier.remove(&item.facts.number).unwrap_or_default(),
    };
    Ok(items.iter().map(one).collect())
}
