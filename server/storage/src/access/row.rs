//! A row of the table `observed_access`. PostgreSQL keeps its numbers in four bytes, so they are widened when read.

use domain::access::{AccessKey, ObservedAccess};
use domain::id::{AccountId, EntitlementId, IdentityId, SourceId};
use domain::time::Date;

use crate::column::{At, day_of};

macro_rules! columns {
    () => {
        "CAST(x.identity_id AS BIGINT) AS identity_id, CAST(x.entitlement_id AS BIGINT) AS entitlement_id, \
         CAST(x.account_id AS BIGINT) AS account_id, CAST(x.source_id AS BIGINT) AS source_id, \
         CAST(x.granted AS BIGINT) AS granted, x.first_seen, CAST(x.last_used AS BIGINT) AS last_used, x.gone"
    };
}
pub(super) use columns;

#[derive(Debug, sqlx::FromRow)]
pub(super) struct Row {
    pub(super) identity_id: i64,
    pub(super) entitlement_id: i64,
    pub(super) account_id: i64,
    pub(super) source_id: i64,
    pub(super) granted: Option<i64>,
    pub(super) first_seen: At,
    pub(super) last_used: Option<i64>,
    pub(super) gone: Option<At>,
}

impl Row {
    pub(super) fn into_access(self) -> ObservedAccess {
        let day = |days: Option<i64>| -> Option<Date> { days.map(day_of) };
        ObservedAccess {
            key: AccessKey {
                identity: IdentityId::from_raw(self.identity_id),
                entitlement: EntitlementId::from_raw(self.entitlement_id),
                account: AccountId::from_raw(self.account_id),
            },
            source: SourceId::from_raw(self.source_id),
            granted: day(self.granted),
            first_seen: self.first_seen.0,
            last_used: day(self.last_used),
            gone: self.gone.map(|at| at.0),
        }
    }
}
