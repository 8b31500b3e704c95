//! What a plan over many people needs: whole sets of numbers, and whether anything happened since it was made.

use crate::boxed;
use domain::id::{EntitlementId, IdentityId, RoleId, SourceId};
use domain::role::Grantable;
use domain::time::Instant;

use crate::Result;
use crate::bulk::keys;
use crate::column::At;
use crate::engine::ReadTx;

macro_rules! held {
    ($column:literal) => {
        concat!(
            "SELECT id, identity_id FROM assignment WHERE ", $column, " = $1 AND ", $column, " IS NOT NULL AND recorded_to IS NULL \
             AND state = 'active' AND valid_from <= $2 AND (valid_until IS NULL OR valid_until > $2) ORDER BY identity_id, id"
        )
    };
}

impl ReadTx {
    /// The assignments of one thing that are in force at a moment, as it is recorded now: number and person, in the order of
    /// people. Perhaps hundreds of thousands.
    #[boxed]
    pub async fn assignments_in_force(
        &mut self,
        what: Grantable,
        at: Instant,
    ) -> Result<Vec<(i64, i64)>> {
        let (text, thing) = match what {
            Grantable::Role(id) => (held!("role_id"), RoleId::raw(id)),
            Grantable::Entitlement(id) => (held!("entitlement_id"), EntitlementId::raw(id)),
        };
        Ok(on!(self, c => sqlx::query_as(text).bind(thing).bind(At(at)).fetch_all(c).await)?)
    }

    /// Everybody of whom a source other than this one sees an entitlement now. In the order of ids.
    #[boxed]
    pub async fn people_observed_besides(
        &mut self,
        entitlement: EntitlementId,
        source: SourceId,
    ) -> Result<Vec<i64>> {
        let text = "SELECT DISTINCT CAST(identity_id AS BIGINT) FROM observed_access WHERE entitlement_id = $1 AND gone IS NULL \
                    AND source_id <> $2 ORDER BY 1";
        Ok(on!(self, c => sqlx::query_scalar(text)
            .bind(entitlement.raw())
            .bind(source.raw())
            .fetch_all(c).await)?)
    }

    /// Everybody who has ended. In no order.
    #[boxed]
    pub async fn ended_people(&mut self) -> Result<Vec<i64>> {
        let text = "SELECT id FROM identity WHERE recorded_to IS NULL AND status = 'ended'";
        Ok(on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?)
    }

    /// Those of some people who have ended. In no order.
    #[boxed]
    pub async fn ended_among(&mut self, people: &[IdentityId]) -> Result<Vec<IdentityId>> {
        let text = of_ids!(
            self,
            "SELECT id FROM identity WHERE recorded_to IS NULL AND status = 'ended' AND id IN ",
            ""
        );
        let keys = keys(people.iter().map(|id| id.raw()));
        let ids: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(&keys).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// The words of what was recorded in the log after an entry, each once, in their order.
    #[boxed]
    pub async fn actions_after(&mut self, seq: i64) -> Result<Vec<String>> {
        let text = "SELECT DISTINCT action FROM audit_entry WHERE seq > $1 ORDER BY action";
        Ok(on!(self, c => sqlx::query_scalar(text).bind(seq).fetch_all(c).await)?)
    }

    /// How many records all runs have written: an import that is at work has entries only at its beginning and its end.
    #[boxed]
    pub async fn records_written(&mut self) -> Result<i64> {
        let text = "SELECT CAST(COALESCE(sum(records), 0) AS BIGINT) FROM source_run";
        Ok(on!(self, c => sqlx::query_scalar(text).fetch_one(c).await)?)
    }

    /// Whether an assignment or an exclusion begins or ends by itself after one moment and up to another.
    #[boxed]
    pub async fn time_tells(&mut self, after: Instant, until: Instant) -> Result<bool> {
        let texts = [
            "SELECT count(*) FROM (SELECT 1 FROM assignment WHERE recorded_to IS NULL AND state <> 'ended' \
             AND valid_from > $1 AND valid_from <= $2 LIMIT 1) AS found",
            "SELECT count(*) FROM (SELECT 1 FROM assignment WHERE recorded_to IS NULL AND valid_until IS NOT NULL AND state <> 'ended' \
             AND valid_until > $1 AND valid_until <= $2 LIMIT 1) AS found",
            "SELECT count(*) FROM (SELECT 1 FROM exclusion WHERE recorded_to IS NULL AND state = 'active' \
             AND ((valid_from > $1 AND valid_from <= $2) OR (valid_until > $1 AND valid_until <= $2)) LIMIT 1) AS found",
        ];
        for text in texts {
            let found: i64 = on!(self, c => sqlx::query_scalar(text)
                .bind(At(after))
                .bind(At(until))
                .fetch_one(c).await)?;
            if found > 0 {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
