//! What campaigns came to: the newest one by one, and those about one person together.

use std::collections::HashMap;

use domain::id::CampaignId;
use domain::review::{Campaign, CampaignState, ReviewContent, StageRule};
use domain::time::{DAY, Instant};
use storage::ReadTx;
use storage::reports::{Revocations, StageSums, Submission};

use super::times;
use crate::Result;

/// Campaigns read at a time.
const PART: i64 = 100;
/// For how long back those about one person are counted.
const BACK: i64 = 365 * DAY;

/// A campaign and what came of it.
#[derive(Debug, Clone)]
pub struct Came {
    /// Which.
    pub campaign: Campaign,
    /// Items that people kept. Of several stages the last one says it.
    pub kept: u64,
    /// Items that people revoked: in the last stage, or in any where one that revokes is enough.
    pub revoked: u64,
    /// Items that people changed, in the last stage.
    pub changed: u64,
    /// What nobody answered to the end, or is open.
    pub open: u64,
    /// Revocations, and how many of them are really gone.
    pub revocations: u64,
    /// Really gone.
    pub gone: u64,
    /// Half of the decisions were there after so many hours; none before the first.
    pub median_hours: Option<u64>,
}

impl Came {
    /// Whether it is past its time.
    pub fn overdue(&self, now: Instant) -> bool {
        self.campaign.content.state == CampaignState::Open && self.campaign.content.due < now
    }
}

/// Campaigns about one person only. There can be as many as people who move, so they are not listed one by one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct OfPersons {
    /// Those that began within a year and were not called off.
    pub all: u64,
    /// Those of them that are open.
    pub open: u64,
}

/// Campaigns that are not about one person only and have a population, the newest first; whether there are more than `most`.
pub(super) async fn newest(tx: &mut ReadTx, most: usize) -> Result<(Vec<Came>, bool)> {
    let (mut found, mut before) = (Vec::new(), None);
    while found.len() <= most {
        let part = tx.campaigns(None, before, Some(false), PART).await?;
        let Some(last) = part.last() else { break };
        before = Some(last.id);
        let filled = |one: &Campaign| one.content.population.all > 0;
        found.extend(part.into_iter().filter(filled));
    }
    let cut = found.len() > most;
    found.truncate(most);
    Ok((summed(tx, found).await?, cut))
}

pub(super) async fn of_persons(tx: &mut ReadTx, now: Instant) -> Result<OfPersons> {
    let (all, open) = tx.count_campaigns_of_persons(now.plus(-BACK)).await?;
    Ok(OfPersons { all, open })
}

/// What was revoked by campaigns of all kinds that were closed within a year.
pub(super) async fn revoked(tx: &mut ReadTx, now: Instant) -> Result<Revocations> {
    Ok(tx.revocations_since(now.plus(-BACK)).await?)
}

async fn summed(tx: &mut ReadTx, found: Vec<Campaign>) -> Result<Vec<Came>> {
    let ids: Vec<CampaignId> = found.iter().map(|one| one.id).collect();
    let mut sums: HashMap<CampaignId, Vec<StageSums>> = HashMap::new();
    for one in tx.stage_sums(&ids).await? {
        sums.entry(one.campaign()).or_default().push(one);
    }
    let mut submissions: HashMap<CampaignId, Vec<Submission>> = HashMap::new();
    for one in tx.submissions_by_people(&ids).await? {
        submissions.entry(one.campaign).or_default().push(one);
    }
    let mut all = Vec::with_capacity(found.len());
    for campaign in found {
        let id = campaign.id;
        let mut revocations = Revocations::default();
        for (state, number, _) in tx.count_remedies(id).await? {
            revocations.add(state, number);
        }
        let stages = sums.remove(&id).unwrap_or_default();
        let submitted = submissions.remove(&id).unwrap_or_default();
        let [kept, revoked, changed] = decided(&campaign.content.terms, &stages);
        let included = campaign.content.population.included;
        all.push(Came {
            open: included.saturating_sub(kept + revoked + changed),
            median_hours: times::median_of(&campaign, &submitted),
            campaign,
            kept,
            revoked,
            changed,
            revocations: revocations.all,
            gone: revocations.gone,
        });
    }
    Ok(all)
}

/// How many items were kept, revoked and changed, each counted once. What a stage before the last one says is not the end of
/// an item, except where one stage that revokes is enough.
fn decided(terms: &ReviewContent, stages: &[StageSums]) -> [u64; 3] {
    let count = |n: i64| u64::try_from(n).unwrap_or(0);
    let mut decided = [0, 0, 0];
    for one in stages {
        let last = count(one.stage) + 1 >= terms.stages.len() as u64;
        if last {
            decided[0] += count(one.kept);
            decided[2] += count(one.changed);
        }
        if last || terms.rule == StageRule::RevokeIsEnough {
            decided[1] += count(one.revoked);
        }
    }
    decided
}
