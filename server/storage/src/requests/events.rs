//! What happened to items: appended, never changed.

use crate::boxed;
use domain::approval::{Happened, RequestEvent};
use domain::audit::Target;
use domain::id::{IdentityId, ObjectKind, RequestEventId, RequestItemId};

use crate::bulk::keys;
use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// The word of what happened, for finding decisions.
const fn word(what: &Happened) -> &'static str {
    match what {
        Happened::Decided { .. } => "decided",
        _ => "other",
    }
}

impl ReadTx {
    /// What happened to items, each item's events in the order in which they happened.
    #[boxed]
    pub async fn request_events(&mut self, items: &[RequestItemId]) -> Result<Vec<RequestEvent>> {
        let text = of_keys!(
            self,
            document!("v"),
            "request_event v",
            "v.item_id = CAST(k.value AS BIGINT)"
        );
        let wanted = keys(items.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut events = Vec::with_capacity(rows.len());
        for row in rows {
            let (id, _, event) = row.read::<RequestEvent>("request_event")?;
            events.push((id, event));
        }
        events.sort_unstable_by_key(|(id, event)| (event.item, *id));
        Ok(events.into_iter().map(|(_, event)| event).collect())
    }

    /// The latest decisions of a person, the newest first.
    #[boxed]
    pub async fn decided_by(&mut self, person: IdentityId, most: i64) -> Result<Vec<RequestEvent>> {
        let text = concat!(
            "SELECT ",
            document!("v"),
            " FROM request_event v WHERE v.by_id = $1 AND v.event = 'decided' ORDER BY v.id DESC LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(person.raw()).bind(most).fetch_all(c).await)?;
        let read = |row: Row| row.read("request_event").map(|(_, _, event)| event);
        rows.into_iter().map(read).collect()
    }
}

impl WriteTx {
    /// Adds what happened.
    #[boxed]
    pub async fn insert_request_event(&mut self, event: &RequestEvent) -> Result<Target> {
        let id = RequestEventId::from_raw(self.next_id(ObjectKind::RequestEvent).await?);
        let document = self.document(id, event)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO request_event (id, recorded_from, salt, content, item_id, by_id, event) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(event.item.raw())
            .bind(event.by.map(IdentityId::raw))
            .bind(word(&event.what))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
