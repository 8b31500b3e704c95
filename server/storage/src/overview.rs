//! How much there is, for the overview.

use crate::boxed;
use domain::page::COUNT_CAP;

use crate::Result;
use crate::engine::ReadTx;

/// How many of each have not ended, each counted up to [`COUNT_CAP`] + 1.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// People, services and agents.
    pub people: u64,
    /// Applications.
    pub applications: u64,
    /// Entitlements.
    pub entitlements: u64,
    /// Accounts.
    pub accounts: u64,
    /// Grants that are seen now.
    pub grants: u64,
}

impl ReadTx {
    /// How many of each there are.
    #[boxed]
    pub async fn overview_counts(&mut self) -> Result<Counts> {
        let text = "SELECT \
            (SELECT count(*) FROM (SELECT 1 FROM identity WHERE recorded_to IS NULL AND status <> 'ended' LIMIT $1) AS a), \
            (SELECT count(*) FROM (SELECT 1 FROM application WHERE recorded_to IS NULL AND status <> 'ended' LIMIT $1) AS b), \
            (SELECT count(*) FROM (SELECT 1 FROM entitlement WHERE recorded_to IS NULL AND status <> 'ended' LIMIT $1) AS c), \
            (SELECT count(*) FROM (SELECT 1 FROM account WHERE recorded_to IS NULL LIMIT $1) AS d), \
            (SELECT count(*) FROM (SELECT 1 FROM observed_access WHERE gone IS NULL LIMIT $1) AS e)";
        let cap = i64::try_from(COUNT_CAP + 1).unwrap_or(i64::MAX);
        let counts: (i64, i64, i64, i64, i64) =
            on!(self, c => sqlx::query_as(text).bind(cap).fetch_one(c).await)?;
        let count = |n: i64| u64::try_from(n).unwrap_or(0);
        Ok(Counts {
            people: count(counts.0),
            applications: count(counts.1),
            entitlements: count(counts.2),
            accounts: count(counts.3),
            grants: count(counts.4),
        })
    }
}
