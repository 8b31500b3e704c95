//! The list of roles as a file.

use domain::page::{ListQuery, Page};
use domain::permission::visible_access;
use storage::ReadTx;

use crate::people::usernames;
use crate::{Cx, Result};

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "role",
    "display_name",
    "description",
    "owner",
    "contains",
    "status",
];

/// A page of the list in the cells of [`COLUMNS`]. Roles and owners stand under the names by which an import finds them.
pub(crate) async fn rows(tx: &mut ReadTx, cx: &Cx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let page = tx.roles(visible_access(cx.actor), cx.me(), query).await?;
    let owners = page.rows.iter().filter_map(|row| row.owner.as_ref());
    let owners = usernames(tx, owners.map(|(id, _)| *id)).await?;
    Ok(page.map(|row| {
        let owner = row.owner.and_then(|(id, _)| owners.get(&id).cloned());
        vec![
            row.id.to_string(),
            row.name,
            row.display_name,
            row.description,
            owner.unwrap_or_default(),
            row.parts.to_string(),
            row.status.word().to_owned(),
        ]
    }))
}
