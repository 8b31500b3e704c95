//! The list of outliers as a file.

use domain::page::{ListQuery, Page};
use domain::time::Instant;
use storage::ReadTx;
use storage::outliers::OutlierRow;

use super::outliers::present;
use crate::{Cx, Result};

/// Columns of a file of outliers.
pub(crate) const COLUMNS: &[&str] = &[
    "person_id",
    "username",
    "person",
    "department",
    "title",
    "application_id",
    "application",
    "application_name",
    "entitlement_id",
    "entitlement",
    "entitlement_name",
    "risk",
    "peers_with_it",
    "peers",
    "found_at_utc",
];

/// A page of outliers that are still so in the cells of [`COLUMNS`].
pub(crate) async fn rows(
    tx: &mut ReadTx,
    cx: &Cx,
    now: Instant,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let head = tx.outlier_head().await?;
    let found = head.found.map(|at| at.to_string()).unwrap_or_default();
    let (page, _) = present(tx, cx, now, head, query).await?;
    Ok(page.map(|row: OutlierRow| {
        vec![
            row.person.to_string(),
            row.username,
            row.display_name,
            row.department,
            row.title,
            row.application.to_string(),
            row.application_name,
            row.application_display,
            row.entitlement.to_string(),
            row.entitlement_name,
            row.entitlement_display,
            row.risk.map_or("", |risk| risk.word()).to_owned(),
            row.rarity.holders.to_string(),
            row.rarity.peers.to_string(),
            found.clone(),
        ]
    }))
}
