//! What ends soon, and until which moment people were told of it.

use crate::boxed;
use domain::time::Instant;

use super::{Assignment, Row, columns};
use crate::Result;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};

impl ReadTx {
    /// Until which moment people were told that access ends; none before the first time.
    #[boxed]
    pub async fn told_until(&mut self) -> Result<Option<Instant>> {
        let text = "SELECT told_until FROM ending_head WHERE id = 1";
        let at: Option<At> = on!(self, c => sqlx::query_scalar(text).fetch_optional(c).await)?;
        Ok(at.map(|at| at.0))
    }

    /// Assignments that a request gave and that end after a moment and by another, in the order of their ends.
    #[boxed]
    pub async fn assignments_ending(
        &mut self,
        (after, by): (Instant, Instant),
    ) -> Result<Vec<Assignment>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM assignment a WHERE a.recorded_to IS NULL AND a.valid_until IS NOT NULL AND a.state <> 'ended' \
             AND a.valid_until > $1 AND a.valid_until <= $2 AND a.request_item_id IS NOT NULL ORDER BY a.valid_until, a.id"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(At(after)).bind(At(by)).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_assignment).collect()
    }
}

impl WriteTx {
    /// Remembers until which moment people were told.
    #[boxed]
    pub async fn set_told_until(&mut self, until: Instant) -> Result<()> {
        let text = "INSERT INTO ending_head (id, told_until) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET told_until = excluded.told_until";
        on!(self, c => sqlx::query(text).bind(At(until)).execute(c).await.map(drop))?;
        Ok(())
    }
}
