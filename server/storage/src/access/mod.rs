//! Observed access: what targets really hold. The largest table, and the reason why rows travel in bulk.

mod list;
mod live;
mod row;
mod write;

use crate::boxed;
use domain::access::{AccessKey, ObservedAccess};
use domain::id::{EntitlementId, IdentityId, SourceId};
use domain::time::{Date, Instant};

pub use list::{AccessRow, HOLDER_TOKENS, HOLDERS_BY_NAME, OF_TOKENS, TOKENS};
use row::{Row, columns};

use crate::Result;
use crate::bulk::keys;
use crate::column::At;
use crate::engine::ReadTx;

/// A grant as a file tells of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewAccess {
    /// Whose, to what, with which login.
    pub key: AccessKey,
    /// The day it was given, in UTC.
    pub granted: Option<Date>,
    /// The last day it was used, in UTC.
    pub last_used: Option<Date>,
}

impl ReadTx {
    /// Live rows of a source after a key, in the order of keys.
    #[boxed]
    pub async fn observed_after(
        &mut self,
        source: SourceId,
        after: Option<AccessKey>,
        most: i64,
    ) -> Result<Vec<ObservedAccess>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM observed_access x WHERE x.source_id = $1 AND x.gone IS NULL AND (x.identity_id, x.entitlement_id) >= ($2, $3) \
             AND (x.identity_id, x.entitlement_id, x.account_id) > ($2, $3, $4) \
             ORDER BY x.identity_id, x.entitlement_id, x.account_id LIMIT $5"
        );
        let (identity, entitlement, account) = after.map_or((0, 0, 0), |key| {
            (key.identity.raw(), key.entitlement.raw(), key.account.raw())
        });
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(source.raw())
            .bind(identity)
            .bind(entitlement)
            .bind(account)
            .bind(most)
            .fetch_all(c).await)?;
        Ok(rows.into_iter().map(Row::into_access).collect())
    }

    /// What was seen of people's access at a moment. In no order.
    #[boxed]
    pub async fn observed_of_people(
        &mut self,
        identities: &[IdentityId],
        at: Instant,
    ) -> Result<Vec<ObservedAccess>> {
        let text = of_keys!(
            self,
            columns!(),
            "observed_access x",
            "x.identity_id = CAST(k.value AS BIGINT) AND x.first_seen <= $2 AND (x.gone IS NULL OR x.gone > $2)"
        );
        let ids = keys(identities.iter().map(|id| id.raw()));
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(&ids).bind(At(at)).fetch_all(c).await)?;
        Ok(rows.into_iter().map(Row::into_access).collect())
    }

    /// Everybody of whom an entitlement is seen now, in the order of ids.
    #[boxed]
    pub async fn people_observed(&mut self, entitlement: EntitlementId) -> Result<Vec<i64>> {
        let text = "SELECT DISTINCT CAST(identity_id AS BIGINT) FROM observed_access WHERE entitlement_id = $1 AND gone IS NULL ORDER BY 1";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(entitlement.raw()).fetch_all(c).await)?)
    }

    /// Of whom an entitlement was seen at a moment: people after one, in their order, each once.
    #[boxed]
    pub async fn observed_holders(
        &mut self,
        entitlement: EntitlementId,
        at: Instant,
        after: i64,
        most: i64,
    ) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT CAST(identity_id AS BIGINT) FROM observed_access WHERE entitlement_id = $1 AND identity_id > $2 \
                    AND first_seen <= $3 AND (gone IS NULL OR gone > $3) ORDER BY 1 LIMIT $4";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text)
            .bind(entitlement.raw())
            .bind(after)
            .bind(At(at))
            .bind(most)
            .fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// What was seen of an identity's access to an entitlement at a moment, by account and source.
    #[boxed]
    pub async fn observed_as_of(
        &mut self,
        identity: IdentityId,
        entitlement: EntitlementId,
        at: Instant,
    ) -> Result<Vec<ObservedAccess>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM observed_access x WHERE x.identity_id = $1 AND x.entitlement_id = $2 AND x.first_seen <= $3 \
             AND (x.gone IS NULL OR x.gone > $3) ORDER BY x.account_id, x.source_id"
        );
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(identity.raw())
            .bind(entitlement.raw())
            .bind(At(at))
            .fetch_all(c).await)?;
        Ok(rows.into_iter().map(Row::into_access).collect())
    }
}
