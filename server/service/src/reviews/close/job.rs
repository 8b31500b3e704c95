//! The job behind a closed campaign: it settles what the close left, and ends what was revoked when the time has come.

use std::collections::{BTreeSet, HashMap};

use domain::audit::AuditAction;
use domain::id::{CampaignId, JobId};
use domain::job::JobKind;
use domain::permission::Actor;
use domain::review::{
    Campaign, CampaignState, Choice, Decision, LONGEST_GRACE, Outcome, RemedyState, derive,
};
use domain::time::{DAY, HOUR};
use serde::{Deserialize, Serialize};
use serde_json::json;
use storage::WriteTx;
use storage::reviews::{ActRecord, RemedyRow, ReviewItem, Written};

use super::end::{Ending, Fate};
use super::settle::settle;
use super::{act, record};
use crate::jobs::{Ended, Job, NewJob, Work, enqueue};
use crate::notifications::tell;
use crate::{Cx, Error, Origin, Result, Service};

/// Items whose access is ended in one transaction: each may write several rows with an entry.
const AT_ONCE: i64 = 100;

/// Ends what a campaign revoked. It can be begun again at any point.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct CarryOutReview {
    campaign: CampaignId,
}

impl CarryOutReview {
    /// Asks for it, at most once at a time, in the transaction of the close.
    pub(super) async fn ask(
        tx: &mut WriteTx,
        cx: &Cx,
        campaign: CampaignId,
        name: &str,
    ) -> Result<JobId> {
        let job = NewJob::of(&Self { campaign })?
            .about(campaign)
            .title(format!("End what the review {name} revoked"))
            .once(key(campaign))
            .for_good();
        enqueue(tx, cx, &job).await
    }
}

fn key(campaign: CampaignId) -> String {
    format!("carry-out-review:{campaign}")
}

impl Job for CarryOutReview {
    const KIND: JobKind = JobKind::CarryOutReview;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let cx = Cx {
            origin: Origin {
                request: Some(work.job().to_string()),
                ..Origin::default()
            },
            ..Cx::of(Actor::System)
        };
        let campaign = service.store.read().await?.campaign(self.campaign).await?;
        let Some(campaign) = campaign.filter(|one| one.content.state == CampaignState::Closed)
        else {
            return Ok(Ended::Done(json!({})));
        };
        if !settle(service, &cx, work, &campaign).await? {
            return Ok(Ended::Stopped);
        }
        let due = campaign.content.effective.unwrap_or(campaign.content.due);
        // It waits also when nothing is to end: so each campaign in its grace window has a job.
        if due > service.now() {
            return Ok(Ended::Again(due));
        }
        if !take_effect(service, &cx, work, &campaign).await? {
            return Ok(Ended::Stopped);
        }
        super::verify::of_the_console(service).await?;
        let mut tx = service.store.read().await?;
        let counts = tx.count_remedies(campaign.id).await?;
        let counts: HashMap<&str, u64> = counts
            .into_iter()
            .map(|(state, count, _)| (state.label(), count))
            .collect();
        Ok(Ended::Done(json!(counts)))
    }
}

/// Sees to it that each campaign in its grace window, and each with something due, has its job: one that failed for good is
/// tried anew.
pub(crate) async fn ensure_carried_out(service: &Service) -> Result<()> {
    let mut tx = service.store.read().await?;
    let mut missing = Vec::new();
    let now = service.now();
    let mut wanted: BTreeSet<CampaignId> = BTreeSet::new();
    wanted.extend(tx.campaigns_with_remedies_due(now).await?);
    // Nothing waits longer than the longest grace, and a day more or less for the clock's changes.
    let since = now.plus(-(i64::from(LONGEST_GRACE) * HOUR + DAY));
    let closed = tx.campaigns_closed_since(since).await?;
    let waits = |one: &Campaign| one.content.effective.is_some_and(|at| at > now);
    wanted.extend(closed.iter().filter(|one| waits(one)).map(|one| one.id));
    for id in wanted {
        if tx.live_job(&key(id)).await?.is_none() {
            missing.extend(tx.campaign(id).await?);
        }
    }
    drop(tx);
    if missing.is_empty() {
        return Ok(());
    }
    let cx = Cx::of(Actor::System);
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    for campaign in missing {
        CarryOutReview::ask(&mut tx, &cx, campaign.id, &campaign.content.name).await?;
    }
    tx.commit_unaudited("work that a closed review left; what it ends has entries of its own")
        .await?;
    service.wake_worker();
    Ok(())
}

/// Ends what is due, some items at a time. False when it was asked to stop.
async fn take_effect(service: &Service, cx: &Cx, work: &Work, campaign: &Campaign) -> Result<bool> {
    let mut done = 0;
    loop {
        if work.stopping().is_some() {
            return Ok(false);
        }
        let mut tx = service.begin(cx).await?;
        // What took effect is decided no more: so this always begins with what is left.
        let rows = tx
            .remedies_in(campaign.id, RemedyState::Decided, 0, AT_ONCE)
            .await?;
        if rows.is_empty() {
            return Ok(true);
        }
        done += rows.len() as u64;
        let numbers: Vec<u64> = rows.iter().map(|row| row.item).collect();
        let items = tx.review_items(campaign.id, &numbers).await?;
        let records = tx.review_records(campaign.id, &numbers).await?;
        let decisions = decisions(campaign, &records);
        let mut ending = Ending::new(&mut tx, cx, campaign);
        let mut after = Vec::with_capacity(rows.len());
        for row in rows {
            let item = items.iter().find(|item| item.facts.number == row.item);
            let decision = decisions.get(&row.item);
            after.push(one(&mut ending, row, item, decision).await?);
        }
        ending.put_roles().await?;
        let (log, notices) = ending.into_parts();
        let records: Vec<ActRecord> = after
            .iter()
            .map(|(row, by)| record(row, by.clone()))
            .collect();
        let rows: Vec<RemedyRow> = after.into_iter().map(|(row, _)| row).collect();
        tx.write_remedies(&rows).await?;
        tell(&mut tx, &notices).await?;
        let about = (campaign.id, AuditAction::CampaignCarriedOut, "");
        let event = act(&mut tx, cx, about, &records).await?;
        work.count(RemedyState::Sent.label(), done);
        work.keep(&mut tx).await?;
        tx.commit(event, log).await?;
    }
}

/// What the decisions on items came to, by their numbers.
fn decisions(campaign: &Campaign, records: &[Written]) -> HashMap<u64, Decision> {
    let mut all: HashMap<u64, Vec<Decision>> = HashMap::new();
    for one in records {
        if let ActRecord::Decision(decision) = &one.record {
            let of_item = all.entry(decision.item).or_default();
            of_item.push(decision.clone());
        }
    }
    let terms = &campaign.content.terms;
    let stages = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    all.into_iter()
        .filter_map(
            |(item, decisions)| match derive(stages, terms.rule, &decisions) {
                Outcome::Decided { decision, .. } => Some((item, decisions.get(decision)?.clone())),
                Outcome::Open { .. } => None,
            },
        )
        .collect()
}

/// Ends one item, and answers where it is then and by what.
async fn one(
    ending: &mut Ending<'_>,
    row: RemedyRow,
    item: Option<&ReviewItem>,
    decision: Option<&Decision>,
) -> Result<(RemedyRow, String)> {
    let wanted = |one: &&Decision| matches!(one.choice, Choice::Revoke | Choice::Change);
    let fate = match item.zip(decision.filter(wanted)) {
        Some((item, decision)) => match ending.one(&item.facts, decision).await {
            Err(error @ (Error::Refused(_) | Error::State(_) | Error::Invalid(_))) => {
                Fate::failed(crate::many::said(row.item, &error))
            }
            other => other?,
        },
        None => Fate::failed("What was decided on it is not recorded as a revocation.".to_owned()),
    };
    let after = RemedyRow {
        state: row.state.step(fate.step)?,
        sent: fate.sent,
        task: fate.task,
        remains: fate.remains,
        problem: fate.problem,
        ..row
    };
    Ok((after, fate.by))
}
