//! The list of people as a file.

use domain::page::{ListQuery, Page};
use domain::permission::visible_people;
use storage::ReadTx;

use crate::{Cx, Result};

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "id",
    "username",
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

/// A page of the list in the cells of [`COLUMNS`].
pub(crate) async fn rows(tx: &mut ReadTx, cx: &Cx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let page = tx
        .identities(visible_people(cx.actor), cx.me(), query)
        .await?;
    Ok(page.map(|row| {
        vec![
            row.id.to_string(),
            row.username.clone(),
            row.display_name.clone(),
            row.email.clone(),
            row.title.clone(),
            row.department.clone(),
            row.location.clone(),
            row.manager
                .as_ref()
                .map(|(_, name)| name.clone())
                .unwrap_or_default(),
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
