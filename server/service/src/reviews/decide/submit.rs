//! Submitting what is staged: once, for good, in one transaction with one entry.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{CampaignId, IdentityId};
use domain::notice::NoticeKind;
use domain::review::{Choice, Decision, MOST_ITEMS, Next, Outcome, Staged, Standing, Why, derive};
use domain::time::Instant;
use storage::reviews::{ActRecord, Pile as Numbers, ReviewItem};
use storage::{ReadTx, WriteTx};

use super::super::assign::{Wanted, assign, assign_owner};
use super::Sitting;
use super::stage::active;
use crate::notifications::{Notice, tell};
use crate::{Cx, Error, Result, Service, boxed};

/// Why something that was staged was not submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The item's number.
    pub number: u64,
    /// Why, in a sentence.
    pub why: String,
    /// Whether it is staged still, so that it can be changed; what others decided is not.
    pub stays: bool,
}

/// What was submitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Submitted {
    /// The number of its entry in the log; none when nothing was left to submit.
    pub seq: Option<i64>,
    /// How many of each choice.
    pub counts: BTreeMap<Choice, u64>,
    /// What was not submitted.
    pub left: Vec<Left>,
}

/// What the log says of a submission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The number of its entry in the log.
    pub seq: i64,
    /// How many decisions.
    pub records: i64,
    /// When.
    pub at: Instant,
}

/// Submits what the actor staged. What somebody else decided meanwhile does not count twice: theirs stays, and it is said.
#[boxed]
pub async fn submit(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    attested: bool,
) -> Result<Submitted> {
    let result = carry_out(service, cx, campaign, attested).await;
    service.noted(cx, result).await
}

/// What the log says of a submission of this campaign, for whoever submitted it.
#[boxed]
pub async fn receipt(
    service: &Service,
    cx: &Cx,
    campaign: CampaignId,
    seq: i64,
) -> Result<Receipt> {
    let mut tx = service.store.read().await?;
    let found = async {
        Sitting::of(&mut tx, cx, campaign, service.now()).await?;
        let trees = tx.trees(campaign).await?;
        let tree = trees.into_iter().find(|tree| tree.3 == Some(seq));
        let (_, _, records, _) = tree.ok_or(Error::NotFound)?;
        let entry = tx.audit_entry(seq).await?.ok_or(Error::NotFound)?;
        let own = cx.me().is_some_and(|me| entry.actor == me.to_string());
        let submitted = entry.action == AuditAction::CampaignSubmitted.word();
        if !(own && submitted) {
            return Err(Error::NotFound);
        }
        Ok(Receipt {
            seq,
            records,
            at: entry.recorded,
        })
    };
    let found = found.await;
    service.noted(cx, found).await
}

/// A decision that goes in, with its item.
struct Going<'a> {
    item: &'a ReviewItem,
    decision: Decision,
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    attested: bool,
) -> Result<Submitted> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let sitting = Sitting::of(&mut tx, cx, id, now).await?;
    sitting.must_be_open()?;
    if !attested {
        let sentence = "Say that you looked at what you decide. Tick the box above the button.";
        return Err(FieldErrors::one("attest", sentence).into());
    }
    let most = i64::try_from(MOST_ITEMS).unwrap_or(i64::MAX);
    let drafts = tx.drafts(id, sitting.me, 0, most).await?;
    if drafts.is_empty() {
        return Err(Error::Refused(
            "Nothing is staged. Decide on something first.".to_owned(),
        ));
    }
    let numbers: Vec<u64> = drafts.iter().map(|draft| draft.0).collect();
    let items = tx.review_items(id, &numbers).await?;
    let (mut going, left) = sort_out(&mut tx, &sitting, &items, drafts, now).await?;
    let done: Vec<u64> = going
        .iter()
        .map(|one| one.decision.item)
        .chain(left.iter().filter(|one| !one.stays).map(|one| one.number))
        .collect();
    tx.drop_drafts(id, sitting.me, &done).await?;
    if going.is_empty() {
        service
            .commit_once(
                cx,
                tx,
                "",
                "nothing was left to submit; drafts are not in the log",
            )
            .await?;
        return Ok(Submitted {
            seq: None,
            counts: BTreeMap::new(),
            left,
        });
    }
    let (moved, piles) = consequences(&mut tx, &sitting, &mut going).await?;
    let mut counts: BTreeMap<Choice, u64> = BTreeMap::new();
    for one in &going {
        *counts.entry(one.decision.choice).or_default() += 1;
    }
    let records: Vec<ActRecord> = going
        .into_iter()
        .map(|one| ActRecord::Decision(one.decision))
        .collect();
    let action = AuditAction::CampaignSubmitted;
    let mut bulk = tx.append_act(id, action.word(), &records).await?;
    let totals = counts
        .iter()
        .map(|(choice, count)| (choice.word().to_owned(), *count));
    bulk.totals.extend(totals);
    tx.move_items(id, &moved).await?;
    tx.add_piles(id, &piles).await?;
    tell(&mut tx, &told(&sitting, &piles)).await?;
    let seq = tx.trees(id).await?.last().and_then(|tree| tree.3);
    let seq = seq.ok_or_else(|| Error::Internal("an act without an entry".to_owned()))?;
    let mut event = cx.about(action, id);
    event.actor = sitting.permit.actor();
    event.bulk = Some(bulk);
    service.commit(cx, tx, seq, event, Vec::new()).await?;
    Ok(Submitted {
        seq: Some(seq),
        counts,
        left,
    })
}

/// What goes in, and what does not, with the reason.
async fn sort_out<'a>(
    tx: &mut ReadTx,
    sitting: &Sitting,
    items: &'a [ReviewItem],
    drafts: Vec<(u64, Staged)>,
    now: Instant,
) -> Result<(Vec<Going<'a>>, Vec<Left>)> {
    let by_number: HashMap<u64, &ReviewItem> =
        items.iter().map(|item| (item.facts.number, item)).collect();
    let named: Vec<IdentityId> = drafts.iter().filter_map(|draft| draft.1.to).collect();
    let there = if named.is_empty() {
        BTreeSet::new()
    } else {
        active(tx, &named, now).await?
    };
    let (mut going, mut left) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (number, staged) in drafts {
        let gone = |why: &str, stays| Left {
            number,
            why: why.to_owned(),
            stays,
        };
        let Some(item) = by_number.get(&number).copied() else {
            left.push(gone("It is not in this review.", false));
            continue;
        };
        if let Some(why) = sitting.hindrance(item) {
            left.push(gone(why, false));
            continue;
        }
        let staged = match sitting.staged(item, staged, now) {
            Ok(staged) => staged,
            Err(why) => {
                left.push(gone(&why, true));
                continue;
            }
        };
        let passes = staged.to.filter(|_| staged.choice == Choice::NotSure);
        if passes.is_some_and(|to| !there.contains(&to)) {
            let why = "Whom you named cannot decide any more. Name somebody else.";
            left.push(gone(why, true));
            continue;
        }
        let behalf = (item.reviewer != sitting.me).then_some(item.reviewer);
        let who = (Some(sitting.me), behalf);
        let decision = Decision::submitted(number, item.stage, staged, who, now);
        going.push(Going { item, decision });
    }
    Ok((going, left))
}

/// Tells those to whom items came.
fn told(sitting: &Sitting, piles: &[Numbers]) -> Vec<Notice> {
    let content = &sitting.campaign.content;
    let id = sitting.campaign.id;
    let mut items: BTreeMap<IdentityId, i64> = BTreeMap::new();
    for pile in piles.iter().filter(|pile| pile.items > 0) {
        *items.entry(pile.reviewer()).or_default() += pile.items;
    }
    items.remove(&sitting.me);
    let notice = |(to, items): (IdentityId, i64)| Notice {
        to,
        kind: NoticeKind::ReviewWaiting,
        object: id.into(),
        title: format!("{}: {items} more to decide", content.name),
        text: "Somebody before you decided on it, or was not sure and named you.".to_owned(),
        path: format!("/reviews/{id}/decide"),
    };
    items.into_iter().map(notice).collect()
}

/// Where the items are afterwards, and what the piles of reviewers become. Decisions whose items go on to a next stage say
/// who decides there, and why they.
async fn consequences(
    tx: &mut WriteTx,
    sitting: &Sitting,
    going: &mut [Going<'_>],
) -> Result<(Vec<(u64, Standing)>, Vec<Numbers>)> {
    let campaign = &sitting.campaign;
    let terms = &campaign.content.terms;
    let stages = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    let numbers: Vec<u64> = going.iter().map(|one| one.decision.item).collect();
    let mut before: HashMap<u64, Vec<Decision>> = HashMap::new();
    for written in tx.review_records(campaign.id, &numbers).await? {
        if let ActRecord::Decision(decision) = written.record {
            before.entry(decision.item).or_default().push(decision);
        }
    }
    let mut wanted = Vec::new();
    let mut going_on = BTreeSet::new();
    for (place, Going { item, decision }) in going.iter().enumerate() {
        let mut all = before.remove(&decision.item).unwrap_or_default();
        all.push(decision.clone());
        if let Outcome::Open { stage, .. } = derive(stages, terms.rule, &all)
            && stage > item.stage
        {
            let spoke = all.iter().filter(|one| one.choice != Choice::NotSure);
            let earlier = spoke.flat_map(|one| [one.by, one.on_behalf_of]);
            wanted.push(Wanted {
                item,
                stage,
                earlier: earlier.flatten().collect(),
            });
            going_on.insert(place);
        }
    }
    let now = tx.recorded();
    // Time has passed everybody by whom the rule would ask: what is left is the owner's, in all stages.
    let found = if campaign.content.escalated.is_some() {
        let items = wanted.iter().map(|one| one.item);
        assign_owner(tx, campaign, items, now).await?
    } else {
        assign(tx, campaign, &wanted, now).await?
    };
    let mut next = wanted.iter().zip(found).map(|(one, chosen)| {
        // Nobody else can: whoever decided before does so again.
        let (reviewer, why) = chosen.unwrap_or((one.item.reviewer, Why::Earlier));
        Next { reviewer, why }
    });
    let mut moved = Vec::with_capacity(going.len());
    let mut piles = Piles::of(campaign.id);
    for (place, Going { item, decision }) in going.iter_mut().enumerate() {
        if going_on.contains(&place) {
            decision.next = next.next();
        }
        piles.decided(item, decision);
        let standing = item.standing().decided(stages, terms.rule, decision);
        if standing.open {
            piles.came(standing.reviewer, standing.stage);
        }
        moved.push((decision.item, standing));
    }
    Ok((moved, piles.into_numbers()))
}

/// What is added to piles.
struct Piles {
    campaign: CampaignId,
    all: BTreeMap<(IdentityId, u8), (Numbers, Vec<u32>)>,
}

impl Piles {
    const fn of(campaign: CampaignId) -> Self {
        Self {
            campaign,
            all: BTreeMap::new(),
        }
    }

    fn pile(&mut self, reviewer: IdentityId, stage: u8) -> &mut (Numbers, Vec<u32>) {
        let none = Numbers::of(self.campaign, reviewer, i64::from(stage), 0);
        self.all
            .entry((reviewer, stage))
            .or_insert_with(|| (none, Vec::new()))
    }

    fn decided(&mut self, item: &ReviewItem, decision: &Decision) {
        let (pile, looked) = self.pile(item.reviewer, item.stage);
        match decision.choice {
            Choice::Keep => pile.kept += 1,
            Choice::Revoke => pile.revoked += 1,
            Choice::Change => pile.changed += 1,
            Choice::NotSure => pile.passed += 1,
        }
        pile.together += i64::from(decision.together > 1);
        looked.extend(decision.looked);
    }

    fn came(&mut self, reviewer: IdentityId, stage: u8) {
        self.pile(reviewer, stage).0.items += 1;
    }

    fn into_numbers(self) -> Vec<Numbers> {
        self.all
            .into_values()
            .map(|(mut pile, mut looked)| {
                looked.sort_unstable();
                pile.looked = looked.get(looked.len() / 2).copied().map(i64::from);
                pile
            })
            .collect()
    }
}
