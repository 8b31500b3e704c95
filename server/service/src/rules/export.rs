//! The list of rules as a file.

use domain::page::{ListQuery, Page};
use domain::permission::visible_access;
use storage::ReadTx;

use crate::assignments::technical_names;
use crate::people::usernames;
use crate::{Cx, Result};

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "rule",
    "description",
    "condition",
    "gives",
    "hand_over_days",
    "owner",
    "state",
];

/// A page of the list in the cells of [`COLUMNS`]. What a rule gives stands as forms take it.
pub(crate) async fn rows(tx: &mut ReadTx, cx: &Cx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let page = tx.rules(visible_access(cx.actor), cx.me(), query).await?;
    let owners = page.rows.iter().filter_map(|row| row.owner.as_ref());
    let owners = usernames(tx, owners.map(|(id, _)| *id)).await?;
    let given = technical_names(tx, page.rows.iter().map(|row| row.gives.0)).await?;
    Ok(page.map(|row| {
        let owner = row.owner.and_then(|(id, _)| owners.get(&id).cloned());
        vec![
            row.id.to_string(),
            row.name,
            row.description,
            row.condition,
            given.get(&row.gives.0).cloned().unwrap_or_default(),
            row.hand_over_days.to_string(),
            owner.unwrap_or_default(),
            row.state.word().to_owned(),
        ]
    }))
}
