//! The list of entitlements as a file.

use crate::boxed;
use domain::lifecycle::Level;
use domain::page::{ListQuery, Page};
use domain::permission::visible_access;
use jiff::tz::TimeZone;
use storage::ReadTx;

use crate::exports::{self, ExportAsk, ExportList};
use crate::{Cx, Result, Service};

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "application",
    "entitlement",
    "display_name",
    "description",
    "kind",
    "risk",
    "owner",
    "requestable",
    "status",
];

/// What the list shows, with its filter and order, as CSV. Recorded in the log.
#[boxed]
pub async fn export(service: &Service, cx: &Cx, query: &ListQuery) -> Result<Vec<u8>> {
    let ask = ExportAsk::of(ExportList::Entitlements, query, &TimeZone::UTC);
    exports::file(service, cx, &ask).await
}

/// A page of the list in the cells of [`COLUMNS`].
pub(crate) async fn rows(tx: &mut ReadTx, cx: &Cx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let page = tx
        .entitlements(visible_access(cx.actor), cx.me(), query)
        .await?;
    Ok(page.map(|row| {
        vec![
            row.id.to_string(),
            row.application.1.clone(),
            row.name.clone(),
            row.display_name.clone(),
            row.description.clone(),
            row.kind.word().to_owned(),
            row.risk.map(Level::word).unwrap_or_default().to_owned(),
            row.owner
                .as_ref()
                .map(|(_, name)| name.clone())
                .unwrap_or_default(),
            row.requestable.to_string(),
            row.status.word().to_owned(),
        ]
    }))
}
