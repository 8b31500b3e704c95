//! What was decided in reviews on what one person has, and what is still open.

use std::collections::HashMap;

use domain::id::{IdentityId, ObjectRef};
use domain::review::{Campaign, CampaignState, Decision, Outcome, RemedyState, derive};
use storage::ReadTx;
use storage::reviews::{ActRecord, Holder, ReviewItem};

use super::known::Known;
use crate::people::{self, Person};
use crate::{Cx, Result, Service, boxed};

/// Campaigns that are shown, the newest first.
const CAMPAIGNS: i64 = 30;
/// Items of each that are shown.
const ITEMS: i64 = 200;

/// An item about a person.
#[derive(Debug, Clone)]
pub struct AboutItem {
    /// The item.
    pub item: ReviewItem,
    /// What is had.
    pub what: String,
    /// Its application; empty when it has none.
    pub application: String,
    /// Who decides, as long as somebody has to.
    pub waits_for: Option<String>,
    /// What was decided, and by whom; nobody when time did.
    pub decided: Option<(Decision, Option<String>)>,
    /// What became of it, when it was revoked or changed.
    pub remedy: Option<RemedyState>,
}

/// A campaign in which something is about a person.
#[derive(Debug, Clone)]
pub struct AboutPerson {
    /// The campaign.
    pub campaign: Campaign,
    /// What is reviewed of theirs; empty when everything was left out.
    pub items: Vec<AboutItem>,
    /// Whether there are more than are shown.
    pub more: bool,
}

/// The campaigns in which something is about a person, the newest first, with what came of it; for who may see the person.
#[boxed]
pub async fn of_person(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
) -> Result<(Person, Vec<AboutPerson>)> {
    let person = people::read(service, cx, id).await?;
    let mut tx = service.store.read().await?;
    let mut all = Vec::new();
    for (campaign, holder) in tx.holder_in(id, CAMPAIGNS).await? {
        let found = tx.campaign(campaign).await?;
        // Until its population is complete, nobody sees what is in it.
        let shown = |one: &Campaign| {
            matches!(
                one.content.state,
                CampaignState::Open | CampaignState::Closed
            )
        };
        if let Some(campaign) = found.filter(shown) {
            all.push(about(&mut tx, campaign, holder).await?);
        }
    }
    Ok((person, all))
}

async fn about(tx: &mut ReadTx, campaign: Campaign, holder: Holder) -> Result<AboutPerson> {
    let id = campaign.id;
    let most = usize::try_from(ITEMS).unwrap_or(usize::MAX);
    let mut items = tx.review_items_about(id, holder, ITEMS + 1).await?;
    let more = items.len() > most;
    items.truncate(most);
    let numbers: Vec<u64> = items.iter().map(|one| one.facts.number).collect();
    let mut spoken: HashMap<u64, Vec<Decision>> = HashMap::new();
    for written in tx.review_records(id, &numbers).await? {
        if let ActRecord::Decision(decision) = written.record {
            spoken.entry(decision.item).or_default().push(decision);
        }
    }
    let remedies: HashMap<u64, RemedyState> = tx
        .remedies_of(id, &numbers)
        .await?
        .into_iter()
        .map(|row| (row.item, row.state))
        .collect();
    let mut objects: Vec<ObjectRef> = Vec::new();
    for item in &items {
        objects.extend([item.facts.what, item.reviewer.into()]);
    }
    let by = spoken.values().flatten().filter_map(|one| one.by);
    objects.extend(by.map(ObjectRef::from));
    let known = Known::of(tx, id, objects).await?;
    let terms = &campaign.content.terms;
    let stages = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    let shown = items.into_iter().map(|item| {
        let number = item.facts.number;
        let decisions = spoken.remove(&number).unwrap_or_default();
        let decided = match derive(stages, terms.rule, &decisions) {
            Outcome::Decided { decision, .. } => decisions.into_iter().nth(decision),
            Outcome::Open { .. } => None,
        };
        AboutItem {
            what: known.name(item.facts.what),
            application: known.application(item.facts.what),
            waits_for: item.open.then(|| known.name(item.reviewer.into())),
            decided: decided.map(|one| {
                let by = one.by.map(|by| known.name(by.into()));
                (one, by)
            }),
            remedy: remedies.get(&number).copied(),
            item,
        }
    });
    Ok(AboutPerson {
        items: shown.collect(),
        more,
        campaign,
    })
}
