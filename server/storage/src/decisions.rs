//! Decisions of the past, as intervals: a source may take one back or correct it.

use crate::boxed;
use domain::decision::{PastDecision, Verdict};
use domain::id::{EntitlementId, IdentityId, SourceId};
use domain::time::Instant;

use crate::bulk::Rows;
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

type Row = (i64, i64, i64, String, Option<At>, Option<i64>);

fn into_decision((identity, entitlement, source, verdict, at, by): Row) -> Result<PastDecision> {
    let identity = IdentityId::from_raw(identity);
    Ok(PastDecision {
        identity,
        entitlement: EntitlementId::from_raw(entitlement),
        source: SourceId::from_raw(source),
        verdict: Verdict::from_word(&verdict)
            .ok_or_else(|| Error::damaged(format!("past_decision on {identity}")))?,
        decided_at: at.map(|at| at.0),
        decided_by: by.map(IdentityId::from_raw),
    })
}

/// A row of cells: identity, entitlement, source, verdict, moment, who.
fn rows(decisions: &[PastDecision]) -> String {
    Rows::of(decisions, |cells, decision| {
        cells.number(decision.identity.raw());
        cells.number(decision.entitlement.raw());
        cells.number(decision.source.raw());
        cells.text(decision.verdict.word());
        cells.maybe_at(decision.decided_at);
        cells.maybe_number(decision.decided_by.map(IdentityId::raw));
    })
}

impl ReadTx {
    /// Present decisions of a source after an identity and entitlement, in the order of identity, entitlement and moment.
    /// May be more than `most`, because the decisions on one access stay together.
    #[boxed]
    pub async fn decisions_after(
        &mut self,
        source: SourceId,
        after: Option<(IdentityId, EntitlementId)>,
        most: i64,
    ) -> Result<Vec<PastDecision>> {
        let text = "SELECT identity_id, entitlement_id, source_id, decision, decided_at, decided_by_id FROM past_decision \
                    WHERE source_id = $1 AND recorded_to IS NULL AND (identity_id, entitlement_id) > ($2, $3) \
                    ORDER BY identity_id, entitlement_id LIMIT $4";
        let (identity, entitlement) = after.map_or((0, 0), |(identity, entitlement)| {
            (identity.raw(), entitlement.raw())
        });
        let found: Vec<Row> = on!(self, c => sqlx::query_as(text)
            .bind(source.raw())
            .bind(identity)
            .bind(entitlement)
            .bind(most)
            .fetch_all(c).await)?;
        let full = i64::try_from(found.len()).is_ok_and(|count| count >= most);
        let mut decisions: Vec<PastDecision> = found
            .into_iter()
            .map(into_decision)
            .collect::<Result<_>>()?;
        if full && let Some(last) = decisions.last().copied() {
            decisions
                .retain(|one| (one.identity, one.entitlement) != (last.identity, last.entitlement));
            decisions.extend(
                self.decisions_on(last.identity, last.entitlement)
                    .await?
                    .into_iter()
                    .filter(|one| one.source == source),
            );
        }
        decisions.sort_by_key(|one| (one.identity, one.entitlement, one.decided_at, one.verdict));
        Ok(decisions)
    }

    /// Present decisions on the access of an identity to an entitlement, the earliest first.
    #[boxed]
    pub async fn decisions_on(
        &mut self,
        identity: IdentityId,
        entitlement: EntitlementId,
    ) -> Result<Vec<PastDecision>> {
        let text = "SELECT identity_id, entitlement_id, source_id, decision, decided_at, decided_by_id FROM past_decision \
                    WHERE identity_id = $1 AND entitlement_id = $2 AND recorded_to IS NULL";
        let found: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(identity.raw()).bind(entitlement.raw()).fetch_all(c).await)?;
        let mut decisions: Vec<PastDecision> = found
            .into_iter()
            .map(into_decision)
            .collect::<Result<_>>()?;
        decisions.sort_by_key(|one| (one.decided_at, one.source, one.verdict));
        Ok(decisions)
    }

    /// Decisions on the access of an identity to an entitlement that were recorded at a moment, the earliest first.
    #[boxed]
    pub async fn decisions_as_of(
        &mut self,
        identity: IdentityId,
        entitlement: EntitlementId,
        at: Instant,
    ) -> Result<Vec<PastDecision>> {
        let text = "SELECT identity_id, entitlement_id, source_id, decision, decided_at, decided_by_id FROM past_decision \
                    WHERE identity_id = $1 AND entitlement_id = $2 AND recorded_from <= $3 AND (recorded_to IS NULL OR recorded_to > $3)";
        let found: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(identity.raw()).bind(entitlement.raw()).bind(At(at)).fetch_all(c).await)?;
        let mut decisions: Vec<PastDecision> = found
            .into_iter()
            .map(into_decision)
            .collect::<Result<_>>()?;
        decisions.sort_by_key(|one| (one.decided_at, one.source, one.verdict));
        Ok(decisions)
    }
}

impl WriteTx {
    /// Adds decisions.
    #[boxed]
    pub async fn insert_decisions(&mut self, decisions: &[PastDecision]) -> Result<()> {
        let text = of_rows!(
            self,
            "INSERT INTO past_decision (recorded_from, identity_id, entitlement_id, source_id, decision, decided_at, decided_by_id) \
             SELECT $2, ",
            [number 0, number 1, number 2, text 3, at 4, number 5],
            ""
        );
        let (rows, recorded) = (rows(decisions), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends the decisions that say exactly this.
    #[boxed]
    pub async fn end_decisions(&mut self, decisions: &[PastDecision]) -> Result<()> {
        let text = of_rows!(
            self,
            "WITH x (identity, entitlement, source, decision, at, who) AS (SELECT ",
            [number 0, number 1, number 2, text 3, at 4, number 5],
            ") UPDATE past_decision SET recorded_to = $2 FROM x WHERE past_decision.identity_id = x.identity \
             AND past_decision.entitlement_id = x.entitlement AND past_decision.source_id = x.source \
             AND past_decision.decision = x.decision AND past_decision.recorded_to IS NULL \
             AND past_decision.decided_at IS NOT DISTINCT FROM x.at AND past_decision.decided_by_id IS NOT DISTINCT FROM x.who"
        );
        let (rows, recorded) = (rows(decisions), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))?;
        Ok(())
    }
}
