//! The list of entitlements as a file.

use crate::boxed;
use domain::lifecycle::Level;
use domain::page::ListQuery;
use domain::permission::visible_access;

use crate::csv_export::{next_page, write};
use crate::people::list_guard;
use crate::{Cx, Result, Service};

/// What the list shows, with its filter and order, as CSV. Recorded in the log.
#[boxed]
pub async fn export(service: &Service, cx: &Cx, query: &ListQuery) -> Result<Vec<u8>> {
    list_guard(cx)?;
    let mut rows = Vec::new();
    let mut page = None;
    let mut tx = service.store.read().await?;
    while let Some(query) = next_page(query, page.as_ref())? {
        let next = tx
            .entitlements(visible_access(cx.actor), cx.me(), &query)
            .await?;
        rows.extend(next.rows.iter().map(|row| {
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
        }));
        page = Some(next);
    }
    drop(tx);
    service
        .note_export(cx, "entitlements", query, rows.len())
        .await?;
    write(
        &[
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
        ],
        rows,
    )
}
