//! The list of entitlements as a file.

use std::collections::HashMap;

use domain::lifecycle::Level;
use domain::page::{ListQuery, Page};
use domain::permission::visible_access;
use storage::ReadTx;

use crate::applications::technical_names;
use crate::people::usernames;
use crate::{Cx, Result};

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "application",
    "entitlement",
    "display_name",
    "description",
    "kind",
    "actions",
    "resource_type",
    "resource_id",
    "risk",
    "owner",
    "requestable",
    "status",
];

/// A page of the list in the cells of [`COLUMNS`]. Applications and owners stand under the names by which an import finds
/// them, and nothing is left out that an import would take for empty.
pub(crate) async fn rows(tx: &mut ReadTx, cx: &Cx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let page = tx
        .entitlements(visible_access(cx.actor), cx.me(), query)
        .await?;
    let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
    let full = tx.entitlements_with(&ids).await?.into_iter();
    let mut full: HashMap<_, _> = full.map(|found| (found.id, found.content)).collect();
    let applications = technical_names(tx, page.rows.iter().map(|row| row.application.0)).await?;
    let owners = page.rows.iter().filter_map(|row| row.owner.as_ref());
    let owners = usernames(tx, owners.map(|(id, _)| *id)).await?;
    Ok(page.map(|row| {
        let (actions, resource_type, resource_id) = full
            .remove(&row.id)
            .map(|of| (of.actions.join(";"), of.resource_type, of.resource_id))
            .unwrap_or_default();
        let owner = row.owner.and_then(|(id, _)| owners.get(&id).cloned());
        vec![
            row.id.to_string(),
            applications
                .get(&row.application.0)
                .cloned()
                .unwrap_or_default(),
            row.name,
            row.display_name,
            row.description,
            row.kind.word().to_owned(),
            actions,
            resource_type,
            resource_id,
            row.risk.map(Level::word).unwrap_or_default().to_owned(),
            owner.unwrap_or_default(),
            row.requestable.to_string(),
            row.status.word().to_owned(),
        ]
    }))
}
