//! Watching a campaign: how far it is, and what is really gone.

use std::collections::{BTreeMap, HashMap};

use domain::id::{ApplicationId, CampaignId, IdentityId, ObjectKind};
use domain::permission::Action;
use domain::review::{Campaign, CampaignState, Choice, RemedyState};
use domain::time::{Date, Instant};
use storage::ReadTx;
use storage::reviews::{Pile, RemedyRow, ReviewItem};

use super::permitted;
use crate::reviews::zone;
use crate::{Cx, Result, Service, boxed};

/// Piles read at a time.
const PILES: i64 = 2_000;
/// Reviewers shown: those with the most left.
pub(super) const REVIEWERS: usize = 200;
/// Applications shown: those with the most left.
const APPLICATIONS: i64 = 50;

/// How far a reviewer is, in all stages together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReviewerRow {
    /// Who.
    pub id: IdentityId,
    /// Their name.
    pub name: String,
    /// Items that came to them and stayed.
    pub items: i64,
    /// Items that wait for them.
    pub open: i64,
    /// Kept by them.
    pub kept: i64,
    /// Revoked by them.
    pub revoked: i64,
    /// Changed by them.
    pub changed: i64,
    /// Decided with others at one press.
    pub together: i64,
    /// The median time between two decisions in milliseconds, in the stage where it was shortest; unknown without scripts.
    pub looked: Option<i64>,
}

impl ReviewerRow {
    /// Items that they decided.
    pub const fn decided(&self) -> i64 {
        self.kept + self.revoked + self.changed
    }
}

/// How far an application is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApplicationRow {
    /// Its number; 0 for what is of no application, such as roles.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Items.
    pub items: i64,
    /// Those that somebody has to decide.
    pub open: i64,
}

/// How far a campaign is.
#[derive(Debug, Clone)]
pub struct Progress {
    /// The campaign.
    pub campaign: Campaign,
    /// Who answers for it, by name.
    pub owner: String,
    /// Items that somebody has to decide; of a closed campaign those that nobody answered.
    pub open: u64,
    /// Items by what was decided.
    pub decided: Vec<(Choice, u64)>,
    /// Revocations and changes by where they are, and of how many of them the access remains in another way.
    pub remedies: Vec<(RemedyState, u64, u64)>,
    /// Decisions left at the end of each day on which some were submitted, from the first.
    pub days: Vec<(Date, u64)>,
    /// The reviewers, those with the most left first.
    pub reviewers: Vec<ReviewerRow>,
    /// How many reviewers there are.
    pub all_reviewers: usize,
    /// By application, that with the most left first.
    pub applications: Vec<ApplicationRow>,
    /// Whether its time is over and it is not closed.
    pub overdue: bool,
    /// Whether the reader may run it.
    pub may_run: bool,
}

impl Progress {
    /// How many revocations and changes are in a state.
    pub fn remedies_in(&self, state: RemedyState) -> u64 {
        let found = self.remedies.iter().find(|(known, _, _)| *known == state);
        found.map_or(0, |(_, count, _)| *count)
    }

    /// Of how many the access remains in another way.
    pub fn remaining(&self) -> u64 {
        self.remedies.iter().map(|(_, _, remain)| remain).sum()
    }
}

/// A revocation or change as a list shows it.
#[derive(Debug, Clone)]
pub struct ItemRow {
    /// Where it is.
    pub remedy: RemedyRow,
    /// Whose, by name as it was then.
    pub holder: String,
    /// Of what, by name as it was then.
    pub what: String,
}

/// A page of them.
#[derive(Debug, Clone)]
pub struct PendingPage {
    /// The rows, in the order of items.
    pub rows: Vec<ItemRow>,
    /// After which item the next page begins; none at the end.
    pub next: Option<u64>,
}

/// How far a campaign is, for its owner and those who run or audit reviews.
#[boxed]
pub async fn progress(service: &Service, cx: &Cx, id: CampaignId) -> Result<Progress> {
    let result = carry_out(service, cx, id).await;
    service.noted(cx, result).await
}

/// Whether the actor may run a campaign; refused otherwise.
#[boxed]
pub async fn may_run(service: &Service, cx: &Cx, id: CampaignId) -> Result<()> {
    let mut tx = service.store.read().await?;
    let permit = permitted(&mut tx, cx, id, Action::RunReview).await;
    drop(tx);
    service.noted(cx, permit).await.map(drop)
}

/// A page of a campaign's revocations and changes in a state, after an item.
#[boxed]
pub async fn pending(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    state: RemedyState,
    after: u64,
    most: u32,
) -> Result<PendingPage> {
    let result = carry_out_page(service, cx, id, state, (after, most)).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, id: CampaignId) -> Result<Progress> {
    let mut tx = service.store.read().await?;
    let (campaign, _) = permitted(&mut tx, cx, id, Action::ReadReview).await?;
    let may_run = permitted(&mut tx, cx, id, Action::RunReview).await.is_ok();
    let (open, decided) = tx.count_items(id).await?;
    let (reviewers, all_reviewers) = reviewers(&mut tx, id).await?;
    let owner = campaign.content.terms.owner;
    let owner = crate::requests::person(&mut tx, owner).await?;
    let days = days(&mut tx, &campaign).await?;
    let applications = applications(&mut tx, id).await?;
    let now = service.now();
    Ok(Progress {
        owner,
        open,
        decided,
        remedies: tx.count_remedies(id).await?,
        days,
        reviewers,
        all_reviewers,
        applications,
        overdue: campaign.content.state == CampaignState::Open && campaign.content.due <= now,
        may_run,
        campaign,
    })
}

/// The reviewers with the most left, and how many there are in all.
async fn reviewers(tx: &mut ReadTx, id: CampaignId) -> Result<(Vec<ReviewerRow>, usize)> {
    let mut all: BTreeMap<IdentityId, ReviewerRow> = BTreeMap::new();
    let mut after = (0, -1);
    loop {
        let piles = tx.piles(id, after, PILES).await?;
        let Some(last) = piles.last() else { break };
        after = (last.reviewer().raw(), last.stage);
        for pile in piles {
            add(&mut all, &pile);
        }
    }
    let count = all.len();
    let mut rows: Vec<ReviewerRow> = all.into_values().collect();
    rows.sort_by_key(|row| (-row.open, -row.items, row.id));
    rows.truncate(REVIEWERS);
    let ids: Vec<IdentityId> = rows.iter().map(|row| row.id).collect();
    let names: HashMap<IdentityId, String> = tx
        .identity_names(&ids)
        .await?
        .into_iter()
        .map(|one| (one.id, one.display_name))
        .collect();
    for row in &mut rows {
        row.name = names
            .get(&row.id)
            .cloned()
            .unwrap_or_else(|| row.id.to_string());
    }
    Ok((rows, count))
}

fn add(all: &mut BTreeMap<IdentityId, ReviewerRow>, pile: &Pile) {
    let id = pile.reviewer();
    let row = all.entry(id).or_insert_with(|| ReviewerRow {
        id,
        name: String::new(),
        items: 0,
        open: 0,
        kept: 0,
        revoked: 0,
        changed: 0,
        together: 0,
        looked: None,
    });
    row.items += pile.items - pile.passed;
    row.open += pile.open();
    row.kept += pile.kept;
    row.revoked += pile.revoked;
    row.changed += pile.changed;
    row.together += pile.together;
    row.looked = match (row.looked, pile.looked) {
        (Some(known), Some(other)) => Some(known.min(other)),
        (known, other) => known.or(other),
    };
}

/// Decisions left at the end of each day on which some were submitted.
async fn days(tx: &mut ReadTx, campaign: &Campaign) -> Result<Vec<(Date, u64)>> {
    let zone = zone(tx).await?;
    let stages = campaign.content.terms.stages.len() as u64;
    let mut left = campaign.content.population.included * stages;
    let mut days = vec![(campaign.content.frozen.day(&zone), left)];
    for (at, records) in tx.submissions(campaign.id).await? {
        left = left.saturating_sub(records);
        let day = Instant::day(at, &zone);
        match days.last_mut() {
            Some(last) if last.0 == day => last.1 = left,
            _ => days.push((day, left)),
        }
    }
    Ok(days)
}

/// What is of no application.
const NO_APPLICATION: &str = "Roles";

async fn applications(tx: &mut ReadTx, id: CampaignId) -> Result<Vec<ApplicationRow>> {
    let counts = tx.count_items_by_application(id, APPLICATIONS).await?;
    let ids: Vec<ApplicationId> = counts
        .iter()
        .map(|one| ApplicationId::from_raw(one.0))
        .collect();
    let names: HashMap<i64, String> = tx
        .applications_with(&ids)
        .await?
        .into_iter()
        .map(|one| (one.id.raw(), one.content.display_name))
        .collect();
    let row = |(id, items, open)| ApplicationRow {
        name: names
            .get(&id)
            .cloned()
            .unwrap_or_else(|| NO_APPLICATION.to_owned()),
        id,
        items,
        open,
    };
    Ok(counts.into_iter().map(row).collect())
}

/// What an application is called.
pub(super) async fn application(tx: &mut ReadTx, raw: i64) -> Result<String> {
    let found = tx.application(ApplicationId::from_raw(raw)).await?;
    Ok(found.map_or_else(|| NO_APPLICATION.to_owned(), |one| one.content.display_name))
}

async fn carry_out_page(
    service: &Service,
    cx: &Cx,
    id: CampaignId,
    state: RemedyState,
    (after, most): (u64, u32),
) -> Result<PendingPage> {
    let mut tx = service.store.read().await?;
    permitted(&mut tx, cx, id, Action::ReadReview).await?;
    let most = usize::try_from(most).unwrap_or(50);
    let wanted = i64::try_from(most + 1).unwrap_or(i64::MAX);
    let mut remedies = tx.remedies_in(id, state, after, wanted).await?;
    let more = remedies.len() > most;
    remedies.truncate(most);
    let next = remedies.last().filter(|_| more).map(|one| one.item);
    let numbers: Vec<u64> = remedies.iter().map(|one| one.item).collect();
    let items = tx.review_items(id, &numbers).await?;
    let names = names(&mut tx, id, &items).await?;
    let rows = remedies
        .into_iter()
        .filter_map(|remedy| {
            let item = items.iter().find(|one| one.facts.number == remedy.item)?;
            let name = |object: domain::id::ObjectRef| {
                let known = names.get(&(object.kind, object.raw)).cloned();
                known.unwrap_or_else(|| object.to_string())
            };
            Some(ItemRow {
                holder: name(item.facts.holder),
                what: name(item.facts.what),
                remedy,
            })
        })
        .collect();
    Ok(PendingPage { rows, next })
}

/// What people and things of items were called when the campaign began.
pub(super) async fn names(
    tx: &mut ReadTx,
    id: CampaignId,
    items: &[ReviewItem],
) -> Result<HashMap<(ObjectKind, i64), String>> {
    let mut by_kind: BTreeMap<&str, (ObjectKind, Vec<i64>)> = BTreeMap::new();
    for item in items {
        for object in [item.facts.holder, item.facts.what] {
            let of_kind = by_kind.entry(object.kind.name());
            of_kind
                .or_insert((object.kind, Vec::new()))
                .1
                .push(object.raw);
        }
    }
    let mut names = HashMap::new();
    for (kind, mut ids) in by_kind.into_values() {
        ids.sort_unstable();
        ids.dedup();
        for one in tx.review_subjects(id, kind, &ids).await? {
            names.insert((kind, one.id.raw), one.name);
        }
    }
    Ok(names)
}
