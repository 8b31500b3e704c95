//! Giving items to somebody else, with a record of each.

use std::collections::BTreeMap;

use domain::audit::{AuditAction, Event};
use domain::id::IdentityId;
use domain::notice::NoticeKind;
use domain::review::{Campaign, Chosen, Why};
use storage::WriteTx;
use storage::reviews::{ActRecord, Pile, ReviewItem};

use super::act;
use crate::notifications::{Notice, tell};
use crate::{Cx, Result};

/// An item and who decides on it from now on.
#[derive(Debug, Clone, Copy)]
pub(in crate::reviews) struct Move<'a> {
    item: &'a ReviewItem,
    to: IdentityId,
    why: Option<Why>,
}

impl<'a> Move<'a> {
    /// To somebody who was named.
    pub(in crate::reviews) const fn named(item: &'a ReviewItem, to: IdentityId) -> Self {
        Self {
            item,
            to,
            why: None,
        }
    }

    /// To whom a rule chose.
    pub(in crate::reviews) const fn by_rule(item: &'a ReviewItem, (to, why): Chosen) -> Self {
        Self {
            item,
            to,
            why: Some(why),
        }
    }
}

/// Gives items to somebody else and tells them; answers the entry, which must be the first of the commit.
pub(in crate::reviews) async fn pass(
    tx: &mut WriteTx,
    cx: &Cx,
    campaign: &Campaign,
    moves: &[Move<'_>],
    reason: &str,
) -> Result<Event> {
    let records: Vec<ActRecord> = moves
        .iter()
        .map(|one| ActRecord::Passed {
            item: one.item.facts.number,
            stage: one.item.stage,
            from: one.item.reviewer,
            to: one.to,
            why: one.why,
            reason: reason.to_owned(),
        })
        .collect();
    let to: Vec<(u64, IdentityId)> = moves
        .iter()
        .map(|one| (one.item.facts.number, one.to))
        .collect();
    tx.pass_items(campaign.id, &to).await?;
    let mut piles: BTreeMap<(IdentityId, i64), (i64, i64)> = BTreeMap::new();
    let mut came: BTreeMap<IdentityId, usize> = BTreeMap::new();
    for one in moves {
        let stage = i64::from(one.item.stage);
        piles.entry((one.item.reviewer, stage)).or_default().1 += 1;
        piles.entry((one.to, stage)).or_default().0 += 1;
        *came.entry(one.to).or_default() += 1;
    }
    let piles: Vec<Pile> = piles
        .into_iter()
        .map(|((who, stage), (came, passed))| {
            let mut pile = Pile::of(campaign.id, who, stage, came);
            pile.passed = passed;
            pile
        })
        .collect();
    tx.add_piles(campaign.id, &piles).await?;
    let name = &campaign.content.name;
    let notices: Vec<Notice> = came
        .into_iter()
        .filter(|(to, _)| cx.me() != Some(*to))
        .map(|(to, items)| Notice {
            to,
            kind: NoticeKind::ReviewPassed,
            object: campaign.id.into(),
            title: format!("{items} items of the review {name} came to you"),
            text: format!("Reason: {reason}"),
            path: format!("/reviews/{}/decide", campaign.id),
        })
        .collect();
    tell(tx, &notices).await?;
    let about = (campaign.id, AuditAction::CampaignPassed, reason);
    act(tx, cx, about, &records).await
}
