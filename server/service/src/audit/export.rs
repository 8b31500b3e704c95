//! The list of entries as a file.

use crate::boxed;
use domain::page::{ListQuery, Page};
use jiff::tz::TimeZone;

use super::list::authorise;
use super::tokens::resolve;
use super::view::{EntryView, NamedObject, views};
use crate::csv_export::{next_page, write};
use crate::{Cx, Result, Service};

const HEADER: [&str; 11] = [
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

/// What the list shows, with its filter and order, as CSV; days in the search are days in `zone`, as they are in the
/// list. Recorded in the log with the moments and ids that were looked for.
#[boxed]
pub async fn export(
    service: &Service,
    cx: &Cx,
    query: &ListQuery,
    zone: &TimeZone,
) -> Result<Vec<u8>> {
    authorise(service, cx, None).await?;
    let mut tx = service.store.read().await?;
    let (search, _) = resolve(&mut tx, &query.search, zone).await?;
    let resolved = ListQuery {
        search,
        ..query.clone()
    };
    let mut rows = Vec::new();
    let mut page: Option<Page<()>> = None;
    while let Some(next) = next_page(&resolved, page.as_ref())? {
        let Page {
            rows: entries,
            before,
            after,
            total,
        } = tx.audit_entries(&next).await?;
        rows.extend(views(&mut tx, entries).await?.iter().map(row));
        page = Some(Page {
            rows: Vec::new(),
            before,
            after,
            total,
        });
    }
    drop(tx);
    service
        .note_export(cx, "audit", &resolved, rows.len())
        .await?;
    write(&HEADER, rows)
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
