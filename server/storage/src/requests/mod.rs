//! Requests, their items and what happened to these.

mod events;
mod heads;
mod items;
mod list;

pub use list::{RequestFilter, RequestRow};

use crate::boxed;
use domain::audit::Target;
use domain::id::{IdentityId, ObjectKind, RequestId};
use domain::request::{Request, RequestContent};

use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

fn into_request(row: Row) -> Result<Request> {
    let (id, recorded_from, content) = row.read("request")?;
    Ok(Request {
        id: RequestId::from_raw(id),
        recorded_from,
        content,
    })
}

impl ReadTx {
    /// A request.
    #[boxed]
    pub async fn request(&mut self, id: RequestId) -> Result<Option<Request>> {
        let text = concat!(
            "SELECT ",
            document!("q"),
            " FROM request q WHERE q.id = $1 AND q.recorded_to IS NULL"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(into_request).transpose()
    }
}

impl WriteTx {
    /// Adds a request.
    #[boxed]
    pub async fn insert_request(
        &mut self,
        content: &RequestContent,
    ) -> Result<(RequestId, Target)> {
        let id = RequestId::from_raw(self.next_id(ObjectKind::Request).await?);
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO request (id, recorded_from, salt, content, requester_id, beneficiary_id) VALUES ($1, $2, $3, $4, $5, $6)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(IdentityId::raw(content.requester))
            .bind(IdentityId::raw(content.beneficiary))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok((id, document.target))
    }
}
