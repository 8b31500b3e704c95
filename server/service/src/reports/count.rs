//! Counting, once a day.

use domain::id::CampaignId;
use domain::permission::Actor;
use domain::report::Measure;
use domain::review::CampaignState;
use domain::time::{DAY, Instant};
use storage::ReadTx;

use super::{measure_of, zone};
use crate::{Cx, Result, Service, boxed, findings};

/// Campaigns looked at for what was reviewed, the newest.
const CLOSED: i64 = 500;

/// Counts everything, unless that was done today.
#[boxed]
pub(crate) async fn ensure_counted(service: &Service) -> Result<()> {
    let mut tx = service.store.read().await?;
    if tx.organisation().await?.is_none() {
        return Ok(());
    }
    let now = service.now();
    let today = now.day(&zone(&mut tx).await?);
    if !tx.report_days(today).await?.is_empty() {
        return Ok(());
    }
    let mut counts = Vec::new();
    for measure in Measure::ALL {
        if let Some(value) = tx.count_measure(*measure, now).await? {
            counts.push((*measure, value));
        }
    }
    counts.extend(reviewed(&mut tx, now).await?);
    let found = findings::counted(service, &Cx::of(Actor::System), &mut tx).await?;
    let found = found.counts.into_iter();
    counts.extend(found.filter_map(|(finding, count)| Some((measure_of(finding)?, count))));
    drop(tx);
    let mut tx = service
        .store
        .write(service.now(), service.entropy.clone())
        .await?;
    tx.keep_day(today, &counts).await?;
    tx.commit_unaudited("what was counted for reports: it follows from what is in the log")
        .await?;
    Ok(())
}

/// How much was reviewed by campaigns that were closed so many days ago at most.
async fn reviewed(tx: &mut ReadTx, now: Instant) -> Result<Vec<(Measure, u64)>> {
    let closed = tx
        .campaigns(Some(CampaignState::Closed), None, CLOSED)
        .await?;
    let since = |days: i64| -> Vec<CampaignId> {
        let from = now.plus(-days * DAY);
        let recent = closed
            .iter()
            .filter(|one| one.content.ended.is_some_and(|ended| ended >= from));
        recent.map(|one| one.id).collect()
    };
    let mut counts = Vec::new();
    for (measure, days, privileged) in [
        (Measure::ReviewedQuarter, 90, false),
        (Measure::ReviewedHalf, 180, false),
        (Measure::ReviewedYear, 365, false),
        (Measure::PrivilegedReviewed, 90, true),
    ] {
        counts.push((measure, tx.reviewed_in(&since(days), privileged).await?));
    }
    Ok(counts)
}
