//! Who works on a run: a lease that is kept with every chunk, so that two never do, and a crash holds nobody up for long.

use crate::boxed;
use domain::id::SourceRunId;
use domain::time::Instant;

use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

impl ReadTx {
    /// Who works on a run, and until when nobody else may; none when nobody ever did.
    #[boxed]
    pub async fn run_holder(&mut self, id: SourceRunId) -> Result<Option<(String, Instant)>> {
        let text = "SELECT held_by, held_until FROM source_run WHERE id = $1 AND held_by IS NOT NULL AND held_until IS NOT NULL";
        let row: Option<(String, At)> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        Ok(row.map(|(holder, until)| (holder, until.0)))
    }
}

impl WriteTx {
    /// Takes or keeps a run for a worker; [`Error::Stale`] while another one has it. A worker's name is its own: whoever
    /// comes with the same one has made sure that the one before is gone.
    #[boxed]
    pub async fn hold_run(
        &mut self,
        id: SourceRunId,
        holder: &str,
        now: Instant,
        until: Instant,
    ) -> Result<()> {
        let text = "UPDATE source_run SET held_by = $2, held_until = $4 \
                    WHERE id = $1 AND (held_by IS NULL OR held_by = $2 OR held_until < $3)";
        let held = on!(self, c => sqlx::query(text).bind(id.raw()).bind(holder).bind(At(now)).bind(At(until)).execute(c).await
            .map(|done| done.rows_affected()))?;
        if held == 1 { Ok(()) } else { Err(Error::Stale) }
    }
}
