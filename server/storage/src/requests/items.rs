//! Items of requests, with every version.

use crate::boxed;
use domain::audit::Target;
use domain::id::{EntitlementId, IdentityId, RequestId, RequestItemId, RoleId};
use domain::request::{RequestItem, RequestItemContent};
use domain::role::Grantable;
use domain::time::Instant;

use crate::bulk::keys;
use crate::column::At;
use crate::documents::{Row, document};
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

pub(super) fn into_item(row: Row) -> Result<RequestItem> {
    let (id, recorded_from, content) = row.read("request_item")?;
    Ok(RequestItem {
        id: RequestItemId::from_raw(id),
        recorded_from,
        content,
    })
}

impl ReadTx {
    /// The present version of an item.
    #[boxed]
    pub async fn request_item(&mut self, id: RequestItemId) -> Result<Option<RequestItem>> {
        Ok(self.request_items(&[id]).await?.pop())
    }

    /// The present versions of items, in the order of ids; unknown ones are left out.
    #[boxed]
    pub async fn request_items(&mut self, ids: &[RequestItemId]) -> Result<Vec<RequestItem>> {
        let text = of_keys!(
            self,
            document!("i"),
            "request_item i",
            "i.id = CAST(k.value AS BIGINT) AND i.recorded_to IS NULL"
        );
        let wanted = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut items: Vec<RequestItem> = rows.into_iter().map(into_item).collect::<Result<_>>()?;
        items.sort_unstable_by_key(|item| item.id);
        Ok(items)
    }

    /// The items of a request, in their order.
    #[boxed]
    pub async fn items_of(&mut self, request: RequestId) -> Result<Vec<RequestItem>> {
        let text = concat!(
            "SELECT ",
            document!("i"),
            " FROM request_item i WHERE i.request_id = $1 AND i.recorded_to IS NULL ORDER BY i.id"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(request.raw()).fetch_all(c).await)?;
        rows.into_iter().map(into_item).collect()
    }

    /// The items that were asked for a person, the newest first; with `waiting` only those that wait.
    #[boxed]
    pub async fn items_for(
        &mut self,
        person: IdentityId,
        waiting: bool,
        most: i64,
    ) -> Result<Vec<RequestItem>> {
        let text = concat!(
            "SELECT ",
            document!("i"),
            " FROM request_item i WHERE i.beneficiary_id = $1 AND i.recorded_to IS NULL AND (i.state = 'waiting' OR NOT $2) \
             ORDER BY i.id DESC LIMIT $3"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(person.raw()).bind(waiting).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(into_item).collect()
    }

    /// The latest items that asked for some of these and were given since a moment, the newest first.
    #[boxed]
    pub async fn items_given(
        &mut self,
        whats: &[Grantable],
        since: Instant,
        most: i64,
    ) -> Result<Vec<RequestItem>> {
        let mut items: Vec<RequestItem> = Vec::new();
        let entitlements = whats.iter().filter_map(|what| what.entitlement());
        let text = of_keys!(
            self,
            document!("i"),
            "request_item i",
            "i.entitlement_id = CAST(k.value AS BIGINT) AND i.recorded_to IS NULL AND i.entitlement_id IS NOT NULL \
             AND i.state = 'granted' AND i.created >= $2 ORDER BY i.id DESC LIMIT $3"
        );
        let wanted = keys(entitlements.map(EntitlementId::raw));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(At(since)).bind(most).fetch_all(c).await)?;
        for row in rows {
            items.push(into_item(row)?);
        }
        let text = of_keys!(
            self,
            document!("i"),
            "request_item i",
            "i.role_id = CAST(k.value AS BIGINT) AND i.recorded_to IS NULL AND i.role_id IS NOT NULL \
             AND i.state = 'granted' AND i.created >= $2 ORDER BY i.id DESC LIMIT $3"
        );
        let roles = whats.iter().filter_map(|what| what.role());
        let wanted = keys(roles.map(RoleId::raw));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).bind(At(since)).bind(most).fetch_all(c).await)?;
        for row in rows {
            items.push(into_item(row)?);
        }
        items.sort_unstable_by_key(|item| std::cmp::Reverse(item.id));
        Ok(items)
    }
}

impl WriteTx {
    /// Adds an item under an id of the sequence.
    #[boxed]
    pub async fn insert_request_item(
        &mut self,
        id: RequestItemId,
        content: &RequestItemContent,
    ) -> Result<Target> {
        let written = self.put_request_item(id, content).await;
        self.whole(written)
    }

    /// Replaces the version recorded at `expected`; [`Error::Stale`] when there is a newer one.
    #[boxed]
    pub async fn replace_request_item(
        &mut self,
        id: RequestItemId,
        expected: Instant,
        content: &RequestItemContent,
    ) -> Result<Target> {
        let text = "UPDATE request_item SET recorded_to = $3 WHERE id = $1 AND recorded_from = $2 AND recorded_to IS NULL";
        self.close_version(text, id.raw(), expected).await?;
        let written = self.put_request_item(id, content).await;
        self.whole(written)
    }

    async fn put_request_item(
        &mut self,
        id: RequestItemId,
        content: &RequestItemContent,
    ) -> Result<Target> {
        let document = self.document(id, content)?;
        let recorded = At(self.recorded);
        let text = "INSERT INTO request_item (id, recorded_from, salt, content, request_id, requester_id, beneficiary_id, entitlement_id, \
                    role_id, state, created, ended) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        on!(self, c => sqlx::query(text)
            .bind(id.raw())
            .bind(recorded)
            .bind(&document.salt[..])
            .bind(&document.text)
            .bind(content.request.raw())
            .bind(content.requester.raw())
            .bind(content.beneficiary.raw())
            .bind(content.what.entitlement().map(EntitlementId::raw))
            .bind(content.what.role().map(RoleId::raw))
            .bind(content.state.word())
            .bind(At(content.created))
            .bind(content.ended.map(At))
            .execute(c).await.map(drop))
        .map_err(Error::from_write)?;
        Ok(document.target)
    }
}
