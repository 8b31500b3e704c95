//! Giving items to somebody else, with a record of each.

use std::collections::BTreeMap;

use domain::audit::{AuditAction, Event};
use domain::id::{CampaignId, IdentityId};
use domain::notice::NoticeKind;
use domain::review::{Campaign, Chosen, Standing, Why};
use domain::time::Instant;
use storage::WriteTx;
use storage::reviews::{ActRecord, Pile, ReviewItem};

use super::act;
use super::settle::NOBODY;
use crate::notifications::{Notice, tell};
use crate::reviews::assign::assign_owner;
use crate::{Cx, Result, Service};

/// Items passed on in one transaction.
const AT_ONCE: i64 = 4_000;

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

/// Gives what nobody answered to the owner of the review, or to an administrator where they cannot decide, a part at a time
/// while the campaign is as `still` wants it. Answers how many; none when it is so no more.
pub(in crate::reviews) async fn to_owner(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    still: impl Fn(&Campaign, Instant) -> bool,
) -> Result<Option<u64>> {
    let (mut after, mut passed) = (0, 0);
    loop {
        let mut tx = service.begin(cx).await?;
        let now = tx.recorded();
        let found = tx.campaign(campaign).await?;
        let Some(campaign) = found.filter(|one| still(one, now)) else {
            return Ok(None);
        };
        let items = tx.open_items(campaign.id, None, after, AT_ONCE).await?;
        let Some(last) = items.last() else {
            return Ok(Some(passed));
        };
        after = last.facts.number;
        let found = assign_owner(&mut tx, &campaign, &items, now).await?;
        let moves: Vec<Move<'_>> = items
            .iter()
            .zip(found)
            .filter_map(|(item, chosen)| Some((item, chosen?)))
            .filter(|(item, (to, _))| item.reviewer != *to)
            .map(|(item, chosen)| Move::by_rule(item, chosen))
            .collect();
        if moves.is_empty() {
            continue;
        }
        passed += moves.len() as u64;
        let event = pass(&mut tx, cx, &campaign, &moves, NOBODY).await?;
        tx.commit(event, Vec::new()).await?;
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
    let taken: Vec<(u64, Standing)> = moves
        .iter()
        .map(|one| (one.item.facts.number, one.item.standing().passed(one.to)))
        .collect();
    tx.take_items(campaign.id, &taken).await?;
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
