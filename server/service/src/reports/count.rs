//! Counting, once a day.

use domain::permission::Actor;
use domain::report::Measure;
use domain::time::{DAY, Instant};
use storage::ReadTx;

use super::measure_of;
use crate::reviews::zone;
use crate::{Cx, Result, Service, boxed, findings};

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

/// How much was reviewed by campaigns that were closed so many days ago at most, those about one person among them.
async fn reviewed(tx: &mut ReadTx, now: Instant) -> Result<Vec<(Measure, u64)>> {
    let mut counts = Vec::new();
    for (measure, days, privileged) in [
        (Measure::ReviewedQuarter, 90, false),
        (Measure::ReviewedHalf, 180, false),
        (Measure::ReviewedYear, 365, false),
        (Measure::PrivilegedReviewed, 90, true),
    ] {
        let since = now.plus(-days * DAY);
        counts.push((measure, tx.reviewed_since(since, privileged).await?));
    }
    Ok(counts)
}
