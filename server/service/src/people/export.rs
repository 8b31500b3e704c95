//! The list of people as a file.

use std::collections::HashMap;

use domain::page::{ListQuery, Page};
use domain::permission::visible_people;
use storage::ReadTx;

use super::usernames;
use crate::{Cx, Result};

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "username",
    "external_id",
    "display_name",
    "email",
    "title",
    "department",
    "location",
    "manager",
    "employment_type",
    "status",
    "start_date",
    "end_date",
    "changed_at_utc",
];

/// A page of the list in the cells of [`COLUMNS`]. Managers stand under the usernames by which an import finds them.
/// Attributes are not in it: which there are, nobody knows before the last row.
pub(crate) async fn rows(tx: &mut ReadTx, cx: &Cx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let page = tx
        .identities(visible_people(cx.actor), cx.me(), query)
        .await?;
    let managers = page.rows.iter().filter_map(|row| row.manager.as_ref());
    let managers = usernames(tx, managers.map(|(id, _)| *id)).await?;
    let ids: Vec<_> = page.rows.iter().map(|row| row.id).collect();
    let full = tx.identities_with(&ids).await?.into_iter();
    let mut external: HashMap<_, _> = full
        .map(|person| (person.id, person.content.external_id))
        .collect();
    Ok(page.map(|row| {
        let manager = row.manager.and_then(|(id, _)| managers.get(&id).cloned());
        vec![
            row.id.to_string(),
            row.username,
            external.remove(&row.id).unwrap_or_default(),
            row.display_name,
            row.email,
            row.title,
            row.department,
            row.location,
            manager.unwrap_or_default(),
            row.kind.word().to_owned(),
            row.status.word().to_owned(),
            row.start_date
                .map(|day| day.to_string())
                .unwrap_or_default(),
            row.end_date.map(|day| day.to_string()).unwrap_or_default(),
            row.recorded_from.to_string(),
        ]
    }))
}
