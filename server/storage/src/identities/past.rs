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

/// Whether `o` is a version of somebody before they moved, after $1 and up to $2, and `p` their present one. What was not known
/// before and is now is no move.
macro_rules! moved {
    () => {
        "o.recorded_to IS NOT NULL AND o.recorded_to > $1 AND o.recorded_to <= $2 \
         AND ((o.department <> '' AND o.department <> p.department) OR (o.title <> '' AND o.title <> p.title) \
         OR (o.manager_id IS NOT NULL AND o.manager_id <> COALESCE(p.manager_id, 0)))"
    };
}
pub(crate) use moved;

impl ReadTx {
    /// Who had another department, title or manager at some time after a moment than they have now, and when that changed
    /// last, up to another moment; in the order of ids. What was not known before and is now is no move.
    #[boxed]
    pub async fn movers(
        &mut self,
        after: Instant,
        until: Instant,
    ) -> Result<Vec<(IdentityId, Instant)>> {
        let text = concat!(
            "SELECT o.id, max(o.recorded_to) FROM identity o JOIN identity p ON p.id = o.id AND p.recorded_to IS NULL WHERE ",
            moved!(),
            " GROUP BY o.id ORDER BY o.id"
        );
        let rows: Vec<(i64, At)> = on!(self, c => sqlx::query_as(text)
            .bind(At(after))
            .bind(At(until))
            .fetch_all(c).await)?;
        let moved = rows
            .into_iter()
            .map(|(id, at)| (IdentityId::from_raw(id), at.0));
        Ok(moved.collect())
    }

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
