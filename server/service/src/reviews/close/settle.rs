//! What a close leaves to be done: what nobody answered is decided, and what was revoked is queued.

use domain::audit::AuditAction;
use domain::id::IdentityId;
use domain::notice::NoticeKind;
use domain::review::{
    Campaign, Choice, Decision, RemedyState, ReviewContent, StageRule, Staged, Unanswered,
};
use domain::time::Instant;
use storage::reviews::{ActRecord, ReviewItem};

use super::act;
use crate::jobs::Work;
use crate::notifications::{Notice, tell};
use crate::reviews::zone;
use crate::{Cx, Result, Service};

/// Items decided by time in one transaction.
const DECIDED: i64 = 4_000;
/// Items whose revocations are queued in one transaction.
const QUEUED: u64 = 20_000;

/// Why something was decided that nobody decided.
pub(in crate::reviews) const NOBODY: &str = "Nobody answered in time.";

/// Decides what nobody answered and queues what was revoked. False when it was asked to stop.
pub(super) async fn settle(
    service: &Service,
    cx: &Cx,
    work: &Work,
    campaign: &Campaign,
) -> Result<bool> {
    if campaign.content.terms.unanswered == Unanswered::Revoke
        && !unanswered(service, cx, work, campaign).await?
    {
        return Ok(false);
    }
    queue(service, work, campaign).await
}

/// The decisions by time that end an item: of the stage that waits and of those after it.
fn by_time(terms: &ReviewContent, item: &ReviewItem, at: Instant) -> Vec<Decision> {
    let count = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    let last = match terms.rule {
        StageRule::RevokeIsEnough => item.stage + 1,
        StageRule::LastDecides => count.max(item.stage + 1),
    };
    (item.stage..last)
        .map(|stage| {
            let staged = Staged {
                reason: NOBODY.to_owned(),
                ..Staged::of(Choice::Revoke)
            };
            let number = item.facts.number;
            Decision::submitted(number, stage, staged, (None, None), at)
        })
        .collect()
}

async fn unanswered(service: &Service, cx: &Cx, work: &Work, campaign: &Campaign) -> Result<bool> {
    let terms = &campaign.content.terms;
    let stages = u8::try_from(terms.stages.len()).unwrap_or(u8::MAX);
    let mut done = 0;
    loop {
        if work.stopping().is_some() {
            return Ok(false);
        }
        let mut tx = service.begin(cx).await?;
        let now = tx.recorded();
        // What is decided is open no more: so this always begins with what is left.
        let items = tx.open_items(campaign.id, None, 0, DECIDED).await?;
        if items.is_empty() {
            return Ok(true);
        }
        let (mut records, mut moved) = (Vec::new(), Vec::with_capacity(items.len()));
        for item in &items {
            let decisions = by_time(terms, item, now);
            let standing = decisions.iter().fold(item.standing(), |at, one| {
                at.decided(stages, terms.rule, one)
            });
            moved.push((item.facts.number, standing));
            records.extend(decisions.into_iter().map(ActRecord::Decision));
        }
        tx.take_items(campaign.id, &moved).await?;
        let about = (campaign.id, AuditAction::CampaignSubmitted, NOBODY);
        let event = act(&mut tx, cx, about, &records).await?;
        done += moved.len() as u64;
        work.count("Not answered", done);
        work.keep(&mut tx).await?;
        tx.commit(event, Vec::new()).await?;
    }
}

/// Queues what was revoked or changed, and remembers what was decided last. Both follow from decisions that have entries.
async fn queue(service: &Service, work: &Work, campaign: &Campaign) -> Result<bool> {
    let due = campaign.content.effective.unwrap_or(campaign.content.due);
    let mut tx = service.store.read().await?;
    let (_, items, _) = tx.population_written(campaign.id).await?;
    let queued: u64 = tx
        .count_remedies(campaign.id)
        .await?
        .iter()
        .map(|(_, all, _)| all)
        .sum();
    let on = due.last_day(&zone(&mut tx).await?).to_string();
    drop(tx);
    let (mut after, mut fresh) = (0, 0);
    while after < items {
        if work.stopping().is_some() {
            return Ok(false);
        }
        let range = (after, items.min(after + QUEUED));
        let mut tx = service
            .store
            .write(service.now(), service.entropy.clone())
            .await?;
        if campaign.content.terms.scope.subjects.of_people() {
            let losers = tx.people_to_lose(campaign.id, range).await?;
            let notices = losing(campaign, &losers, &on);
            tell(&mut tx, &notices).await?;
        }
        fresh += tx.queue_remedies(campaign.id, range, due).await?;
        tx.keep_last_decisions(campaign.id, range).await?;
        work.count(RemedyState::Decided.label(), queued + fresh);
        work.keep(&mut tx).await?;
        tx.commit_unaudited("what takes effect, and what was decided last: both follow from decisions that are in the log")
            .await?;
        after = range.1;
    }
    Ok(true)
}

/// What people hear who lose something: before it ends, as long as it can be restored.
fn losing(campaign: &Campaign, losers: &[(IdentityId, u64)], on: &str) -> Vec<Notice> {
    let content = &campaign.content;
    let one = |(to, items): &(IdentityId, u64)| {
        let things = match items {
            1 => "One thing that you have was".to_owned(),
            many => format!("{many} things that you have were"),
        };
        let text = match content.terms.grace_hours {
            0 => format!(
                "{things} not kept, and what ends does so now. If you still need something, ask for it again."
            ),
            _ => format!(
                "{things} not kept. What ends does so on {on}; until then whoever answers for the review can restore it. If you still need something, say so to your manager, or ask for it again."
            ),
        };
        Notice {
            to: *to,
            kind: NoticeKind::AccessReviewed,
            object: campaign.id.into(),
            title: format!("The review {} ends access of yours", content.name),
            text,
            path: "/me".to_owned(),
        }
    };
    losers.iter().map(one).collect()
}
