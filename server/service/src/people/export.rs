//! The list of people as a file.

use crate::boxed;
use domain::audit::{AuditAction, Detail};
use domain::page::ListQuery;
use domain::permission::visible_people;

use super::list::list_guard;
use crate::csv_export::{next_page, write};
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
            .identities(visible_people(cx.actor), cx.me(), &query)
            .await?;
        rows.extend(next.rows.iter().map(|row| {
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
        }));
        page = Some(next);
    }
    drop(tx);
    service.note_export(cx, "people", query, rows.len()).await?;
    let header = [
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
    write(&header, rows)
}

impl Service {
    /// Records that rows left the console.
    pub(crate) async fn note_export(
        &self,
        cx: &Cx,
        list: &str,
        query: &ListQuery,
        rows: usize,
    ) -> Result<()> {
        let mut event = cx.event(AuditAction::Exported);
        event.details = vec![Detail {
            note: Some(
                serde_json::json!({ "list": list, "query": query.search.to_string(), "rows": rows }),
            ),
            address: cx.origin.address.clone(),
            user_agent: cx.origin.user_agent.clone(),
            ..Detail::default()
        }];
        let tx = self
            .store
            .write(self.clock.now(), self.entropy.clone())
            .await?;
        tx.commit(event, Vec::new()).await?;
        Ok(())
    }
}
