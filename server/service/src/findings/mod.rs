//! What is wrong with the present access data, counted.
//!
//! Each finding is a search of a list; the lists themselves are read like any other.

mod export;
mod look;
mod outliers;
mod overlaps;

use domain::finding::{DORMANT_DAYS, Finding};
use domain::permission::{Action, Facts};
use domain::time::Date;
use storage::ReadTx;

pub(crate) use export::{COLUMNS as OUTLIER_COLUMNS, rows as outlier_rows};
pub(crate) use look::LookForOutliers;
pub use outliers::{Looked, OutliersPage, look_again, outliers};
pub(crate) use outliers::{ensure_look, last_night};
pub(crate) use overlaps::LastOverlaps;
pub use overlaps::{OverlapsPage, PAIRS, Pair, Side, beside, overlapping};
pub use storage::outliers::OutlierRow;

use crate::{Cx, Result, Service};

/// The findings with their counts.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Each finding with how often it is there, counted up to 10,000.
    pub counts: Vec<(Finding, u64)>,
    /// Access last used before this day is dormant.
    pub dormant_before: Date,
    /// When outliers were looked for.
    pub looked: Looked,
}

/// All findings, for those who see all access.
pub async fn read(service: &Service, cx: &Cx) -> Result<Findings> {
    let result = carry_out(service, cx).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx) -> Result<Findings> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    counted(service, cx, &mut tx).await
}

/// Counts in a transaction that was opened elsewhere.
pub(crate) async fn counted(service: &Service, cx: &Cx, tx: &mut ReadTx) -> Result<Findings> {
    let zone = tx.organisation().await?.map(|found| found.time_zone());
    let (now, zone) = (service.now(), zone.unwrap_or(jiff::tz::TimeZone::UTC));
    let today = now.day(&zone);
    let dormant_before = today.plus_days(-DORMANT_DAYS);
    let mut counts = tx.findings(dormant_before, (now, &zone)).await?;
    let pairs = overlaps::pairs(service, tx).await?.len() as u64;
    counts.push((Finding::OverlappingRoles, pairs));
    Ok(Findings {
        counts,
        dormant_before,
        looked: outliers::looked(tx, cx).await?,
    })
}
