//! What is wrong with the present access data, counted.
//!
//! Each finding is a search of a list; the lists themselves are read like any other.

use domain::finding::{DORMANT_DAYS, Finding};
use domain::permission::{Action, Facts};
use domain::time::Date;
use storage::ReadTx;

use crate::{Cx, Result, Service};

/// The findings with their counts.
#[derive(Debug, Clone)]
pub struct Findings {
    /// Each finding with how often it is there, counted up to 10,000.
    pub counts: Vec<(Finding, u64)>,
    /// Access last used before this day is dormant.
    pub dormant_before: Date,
}

/// All findings, for those who see all access.
pub async fn read(service: &Service, cx: &Cx) -> Result<Findings> {
    let result = carry_out(service, cx).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx) -> Result<Findings> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    let mut tx = service.store.read().await?;
    counted(service, &mut tx).await
}

/// Counts in a transaction that was opened elsewhere.
pub(crate) async fn counted(service: &Service, tx: &mut ReadTx) -> Result<Findings> {
    let zone = tx.organisation().await?.map(|found| found.time_zone());
    let today = service.now().day(&zone.unwrap_or(jiff::tz::TimeZone::UTC));
    let dormant_before = today.plus_days(-DORMANT_DAYS);
    Ok(Findings {
        counts: tx.findings(dormant_before).await?,
        dormant_before,
    })
}
