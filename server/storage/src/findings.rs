//! How many findings of each kind there are, counted as far as a screen says.

use crate::boxed;
use domain::finding::Finding;
use domain::page::COUNT_CAP;
use domain::search::Search;
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;

use crate::Result;
use crate::column::days;
use crate::engine::ReadTx;

/// Counts rows, at most $1 of them.
macro_rules! counted {
    ($from:literal) => {
        concat!(
            "SELECT count(*) FROM (SELECT 1 FROM ",
            $from,
            " LIMIT $1) AS capped"
        )
    };
}

/// What is counted: the rows that the list of the finding shows. Of dormant access, $2 is a day.
const fn text(finding: Finding) -> Option<&'static str> {
    Some(match finding {
        Finding::NoManager => counted!(
            "identity p WHERE p.recorded_to IS NULL AND p.manager_id IS NULL AND p.status <> 'ended'"
        ),
        // A cross join begins at its first table: leavers are few, and those who ever ended are not.
        Finding::ManagerEnded => counted!(
            "leaver l CROSS JOIN identity m CROSS JOIN identity p \
             WHERE m.id = l.identity_id AND m.recorded_to IS NULL AND m.status = 'ended' \
             AND p.manager_id = l.identity_id AND p.recorded_to IS NULL AND p.status <> 'ended'"
        ),
        Finding::ApplicationWithoutOwner => counted!(
            "application s WHERE s.recorded_to IS NULL AND s.owner_id IS NULL AND s.status <> 'ended'"
        ),
        Finding::EntitlementWithoutOwner => counted!(
            "entitlement e WHERE e.recorded_to IS NULL AND e.owner_id IS NULL AND e.status <> 'ended'"
        ),
        Finding::NoDescription => counted!(
            "entitlement e WHERE e.recorded_to IS NULL AND e.description = '' AND e.status <> 'ended'"
        ),
        Finding::OrphanAccount => {
            counted!("account a WHERE a.recorded_to IS NULL AND a.identity_id IS NULL")
        }
        Finding::Dormant => counted!(
            "observed_access x WHERE x.gone IS NULL AND x.last_used IS NOT NULL AND x.last_used < $2 AND x.last_used / 28 <= $2 / 28"
        ),
        Finding::EndedWithAccess => counted!(
            "leaver l CROSS JOIN identity p WHERE p.id = l.identity_id AND p.recorded_to IS NULL AND p.status = 'ended' \
             AND EXISTS (SELECT 1 FROM observed_access x WHERE x.identity_id = l.identity_id AND x.gone IS NULL)"
        ),
        Finding::Outlier => {
            counted!("outlier o WHERE o.run = (SELECT h.run FROM outlier_head h)")
        }
        // Pairs are found in the graph of roles, and roles that nobody holds are counted like their list.
        Finding::RoleWithoutHolders
        | Finding::OverlappingRoles
        | Finding::Expiring
        | Finding::NoReason => return None,
    })
}

impl ReadTx {
    /// How many findings of each kind there are, at most [`COUNT_CAP`] + 1 each; without those that no query finds. Access
    /// last used before the given day is dormant.
    #[boxed]
    pub async fn findings(
        &mut self,
        dormant_before: Date,
        (now, zone): (Instant, &TimeZone),
    ) -> Result<Vec<(Finding, u64)>> {
        let cap = i64::try_from(COUNT_CAP + 1).unwrap_or(i64::MAX);
        let mut counts = Vec::with_capacity(Finding::ALL.len());
        for finding in Finding::ALL {
            let Some(text) = text(*finding) else {
                let search = Search::parse(&finding.search(dormant_before));
                let count = match finding {
                    Finding::RoleWithoutHolders => self.count_roles(&search).await?,
                    Finding::Expiring | Finding::NoReason => {
                        self.count_assignments((now, zone), &search).await?
                    }
                    _ => continue,
                };
                counts.push((*finding, count));
                continue;
            };
            let count: i64 = if *finding == Finding::Dormant {
                let day = days(dormant_before);
                on!(self, c => sqlx::query_scalar(text).bind(cap).bind(day).fetch_one(c).await)?
            } else {
                on!(self, c => sqlx::query_scalar(text).bind(cap).fetch_one(c).await)?
            };
            counts.push((*finding, u64::try_from(count).unwrap_or(0)));
        }
        Ok(counts)
    }
}
