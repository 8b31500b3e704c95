//! What lists need of items: columns, and of the content only what is small. A content holds the whole flow, and reading fifty
//! of them takes longer than a page has.

use crate::boxed;
use domain::id::{EntitlementId, IdentityId, RequestItemId, RoleId};
use domain::request::{ItemHead, ItemKind, ItemState, Length};
use domain::role::Grantable;
use serde::Deserialize;

use crate::bulk::keys;
use crate::column::At;
use crate::engine::ReadTx;
use crate::{Error, Result};

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    beneficiary_id: i64,
    entitlement_id: Option<i64>,
    role_id: Option<i64>,
    state: String,
    created: At,
    ended: Option<At>,
    content: String,
}

/// The part of a content that no column has.
#[derive(Debug, Deserialize)]
struct Part {
    kind: ItemKind,
    length: Length,
    reason: String,
}

macro_rules! columns {
    () => {
        "i.id, i.beneficiary_id, i.entitlement_id, i.role_id, i.state, i.created, i.ended, i.content"
    };
}

impl Row {
    fn into_head(self) -> Result<ItemHead> {
        let damaged = || Error::damaged(format!("request_item {}", self.id));
        let part: Part = serde_json::from_str(&self.content).map_err(|_| damaged())?;
        let what = match (self.entitlement_id, self.role_id) {
            (Some(id), None) => Grantable::Entitlement(EntitlementId::from_raw(id)),
            (None, Some(id)) => Grantable::Role(RoleId::from_raw(id)),
            _ => return Err(damaged()),
        };
        Ok(ItemHead {
            id: RequestItemId::from_raw(self.id),
            kind: part.kind,
            beneficiary: IdentityId::from_raw(self.beneficiary_id),
            what,
            length: part.length,
            reason: part.reason,
            created: self.created.0,
            state: ItemState::from_word(&self.state).ok_or_else(damaged)?,
            ended: self.ended.map(|at| at.0),
        })
    }
}

impl ReadTx {
    /// What lists need of the present versions of items, in the order of ids; unknown ones are left out.
    #[boxed]
    pub async fn item_heads(&mut self, ids: &[RequestItemId]) -> Result<Vec<ItemHead>> {
        let text = of_keys!(
            self,
            columns!(),
            "request_item i",
            "i.id = CAST(k.value AS BIGINT) AND i.recorded_to IS NULL"
        );
        let wanted = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&wanted).fetch_all(c).await)?;
        let mut heads: Vec<ItemHead> = rows
            .into_iter()
            .map(Row::into_head)
            .collect::<Result<_>>()?;
        heads.sort_unstable_by_key(|head| head.id);
        Ok(heads)
    }

    /// The latest items that asked for a thing and have ended, the newest first.
    #[boxed]
    pub async fn items_about(&mut self, what: Grantable, most: i64) -> Result<Vec<ItemHead>> {
        let (text, raw) = match what {
            Grantable::Entitlement(id) => (
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM request_item i WHERE i.entitlement_id = $1 AND i.recorded_to IS NULL AND i.entitlement_id IS NOT NULL \
                     AND i.state <> 'waiting' ORDER BY i.id DESC LIMIT $2"
                ),
                id.raw(),
            ),
            Grantable::Role(id) => (
                concat!(
                    "SELECT ",
                    columns!(),
                    " FROM request_item i WHERE i.role_id = $1 AND i.recorded_to IS NULL AND i.role_id IS NOT NULL \
                     AND i.state <> 'waiting' ORDER BY i.id DESC LIMIT $2"
                ),
                id.raw(),
            ),
        };
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(raw).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_head).collect()
    }
}
