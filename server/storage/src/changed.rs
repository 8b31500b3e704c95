//! What changed between two moments, as far as it decides about access: of which people, and which entitlements somebody can
//! have at all. It names too many rather than too few: whoever asks resolves them at both moments.
//!
//! What sources see of people is in `manifests`: the table of it has no index by time, the records of runs do.

use std::collections::BTreeSet;

use crate::boxed;
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::time::{Date, Instant};

use crate::Result;
use crate::column::{At, Day};
use crate::engine::ReadTx;

/// Whose assignments differ: what was recorded in between, what begins in between, and what ends in between, of that which
/// is recorded now and of that which was. Each part has an index of its own.
const ASSIGNMENTS: [&str; 4] = [
    "SELECT DISTINCT identity_id FROM assignment WHERE recorded_from > $1 AND recorded_from <= $2 LIMIT $5",
    "SELECT DISTINCT identity_id FROM assignment WHERE valid_from > recorded_from AND valid_from > $3 AND valid_from <= $4 LIMIT $5",
    "SELECT DISTINCT identity_id FROM assignment WHERE recorded_to IS NULL AND state <> 'ended' AND valid_until IS NOT NULL \
     AND valid_until > $3 AND valid_until <= $4 LIMIT $5",
    "SELECT DISTINCT identity_id FROM assignment WHERE recorded_to IS NOT NULL AND valid_until IS NOT NULL \
     AND valid_until > $3 AND valid_until <= $4 LIMIT $5",
];

/// The same of exclusions, which are few.
const EXCLUSIONS: &str = "SELECT DISTINCT identity_id FROM exclusion WHERE (recorded_from > $1 AND recorded_from <= $2) \
     OR (valid_from > $3 AND valid_from <= $4) OR (valid_until > $3 AND valid_until <= $4) LIMIT $5";

/// Whose last day lies between two days, as it is recorded now and as it was.
const LEAVING: [&str; 2] = [
    "SELECT id FROM identity WHERE recorded_to IS NULL AND COALESCE(end_date, '9999-12-31') BETWEEN $1 AND $2 \
     AND end_date IS NOT NULL",
    "SELECT DISTINCT id FROM identity WHERE recorded_to IS NOT NULL AND end_date IS NOT NULL AND end_date BETWEEN $1 AND $2",
];

/// Versions that say something else of a status than the version before them, from where that one ended.
macro_rules! switched {
    ($table:literal) => {
        concat!(
            " FROM ",
            $table,
            " p JOIN ",
            $table,
            " v ON v.id = p.id AND v.recorded_from = p.recorded_to \
             WHERE p.recorded_to IS NOT NULL AND p.recorded_to > $1 AND p.recorded_to <= $2 AND p.status <> v.status"
        )
    };
}

impl ReadTx {
    /// Of whom an assignment, an exclusion, the status or the last day changed after one moment and up to another: by what
    /// was recorded between the first two, or by time between the second two. In the order of ids, each once; perhaps so
    /// many of them that `most` is reached, and then not all.
    #[boxed]
    pub async fn people_changed(
        &mut self,
        known: (Instant, Instant),
        at: (Instant, Instant),
        most: i64,
    ) -> Result<Vec<i64>> {
        let mut all = BTreeSet::new();
        for text in ASSIGNMENTS.into_iter().chain([EXCLUSIONS]) {
            let some: Vec<i64> = on!(self, c => sqlx::query_scalar(text)
                .bind(At(known.0))
                .bind(At(known.1))
                .bind(At(at.0))
                .bind(At(at.1))
                .bind(most)
                .fetch_all(c).await)?;
            all.extend(some);
        }
        // Who is new had nothing before, and what they have since is found with the assignment or with what a source saw.
        let text = concat!("SELECT DISTINCT v.id", switched!("identity"));
        all.extend(self.ids_between(text, known).await?);
        let text = "SELECT DISTINCT v.id FROM identity p JOIN identity v ON v.id = p.id AND v.recorded_from = p.recorded_to \
                    WHERE p.recorded_to IS NOT NULL AND p.recorded_to > $1 AND p.recorded_to <= $2 \
                    AND p.end_date IS DISTINCT FROM v.end_date";
        all.extend(self.ids_between(text, known).await?);
        // A last day ends when it does where the organisation is: within a day of when it does in UTC.
        let utc = jiff::tz::TimeZone::UTC;
        let days: (Date, Date) = (at.0.day(&utc).plus_days(-2), at.1.day(&utc).plus_days(1));
        for text in LEAVING {
            let leaving: Vec<i64> = on!(self, c => sqlx::query_scalar(text)
                .bind(Day(days.0))
                .bind(Day(days.1))
                .fetch_all(c).await)?;
            all.extend(leaving);
        }
        let most = usize::try_from(most).unwrap_or(usize::MAX);
        Ok(all.into_iter().take(most).collect())
    }

    /// Entitlements that, or whose applications, were suspended, resumed or ended after one moment and up to another.
    #[boxed]
    pub async fn entitlements_switched(
        &mut self,
        known: (Instant, Instant),
    ) -> Result<Vec<EntitlementId>> {
        let text = concat!(
            "SELECT DISTINCT v.id",
            switched!("entitlement"),
            " UNION SELECT e.id FROM entitlement e WHERE e.recorded_to IS NULL AND e.application_id IN (SELECT v.id",
            switched!("application"),
            ") ORDER BY 1"
        );
        let ids = self.ids_between(text, known).await?.into_iter();
        Ok(ids.map(EntitlementId::from_raw).collect())
    }

    async fn ids_between(
        &mut self,
        text: &'static str,
        known: (Instant, Instant),
    ) -> Result<Vec<i64>> {
        Ok(on!(self, c => sqlx::query_scalar(text)
            .bind(At(known.0))
            .bind(At(known.1))
            .fetch_all(c).await)?)
    }

    /// Who was excluded from a role at a moment, as it was recorded then: what roles give reaches them by other ways than
    /// others. In the order of ids.
    #[boxed]
    pub async fn people_excluded_from_roles(&mut self, known: Instant) -> Result<Vec<IdentityId>> {
        let text = "SELECT DISTINCT identity_id FROM exclusion WHERE role_id IS NOT NULL AND state = 'active' \
                    AND recorded_from <= $1 AND (recorded_to IS NULL OR recorded_to > $1) ORDER BY identity_id";
        let ids: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(At(known)).fetch_all(c).await)?;
        Ok(ids.into_iter().map(IdentityId::from_raw).collect())
    }

    /// Everything an application grants, also what ended. In the order of ids.
    #[boxed]
    pub async fn entitlements_of(
        &mut self,
        application: ApplicationId,
    ) -> Result<Vec<EntitlementId>> {
        let text = "SELECT id FROM entitlement WHERE application_id = $1 AND recorded_to IS NULL ORDER BY id";
        let ids: Vec<i64> =
            on!(self, c => sqlx::query_scalar(text).bind(application.raw()).fetch_all(c).await)?;
        Ok(ids.into_iter().map(EntitlementId::from_raw).collect())
    }
}
