//! The list of entries as a file.

use domain::page::{ListQuery, Page};
use storage::ReadTx;

use super::view::{EntryView, NamedObject, views};
use crate::Result;

/// Columns of the file.
pub(crate) const COLUMNS: &[&str] = &[
    "entry",
    "time_utc",
    "actor",
    "actor_name",
    "action",
    "outcome",
    "targets",
    "target_names",
    "reason",
    "request",
    "details",
];

/// A page of the log in the cells of [`COLUMNS`].
pub(crate) async fn rows(tx: &mut ReadTx, query: &ListQuery) -> Result<Page<Vec<String>>> {
    let Page {
        rows,
        before,
        after,
        total,
    } = tx.audit_entries(query).await?;
    Ok(Page {
        rows: views(tx, rows).await?.iter().map(row).collect(),
        before,
        after,
        total,
    })
}

fn row(view: &EntryView) -> Vec<String> {
    let joined = |text: &dyn Fn(&NamedObject) -> String| {
        view.targets.iter().map(text).collect::<Vec<_>>().join("; ")
    };
    let details = view.entry.details.iter().map(|detail| {
        detail
            .body
            .as_ref()
            .map_or_else(|| "erased".to_owned(), ToString::to_string)
    });
    vec![
        view.entry.seq.to_string(),
        view.entry.recorded.to_string(),
        view.entry.actor.clone(),
        view.actor_name.clone(),
        view.entry.action.clone(),
        view.entry.outcome.clone(),
        joined(&|target| target.object.to_string()),
        joined(&|target| target.name.clone()),
        view.reason.clone().unwrap_or_default(),
        view.entry.request.clone().unwrap_or_default(),
        details.collect::<Vec<_>>().join("\n"),
    ]
}
