//! Many identities as they were recorded at a moment.

use crate::boxed;
use domain::id::IdentityId;
use domain::identity::Identity;
use domain::time::Instant;

use super::row::{Row, columns};
use crate::Result;
use crate::bulk::keys;
use crate::column::At;
use crate::engine::ReadTx;

impl ReadTx {
    /// The versions of identities that were recorded at a moment; who was not there yet is left out. In no order.
    #[boxed]
    pub async fn identities_as_of(
        &mut self,
        ids: &[IdentityId],
        at: Instant,
    ) -> Result<Vec<Identity>> {
        let text = of_keys!(
            self,
            columns!(),
            "identity p",
            "p.id = CAST(k.value AS BIGINT) AND p.recorded_from <= $2 AND (p.recorded_to IS NULL OR p.recorded_to > $2)"
        );
        let ids = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(&ids).bind(At(at)).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_identity).collect()
    }
}
