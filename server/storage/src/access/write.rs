//! Writing observed access, thousands of rows at a time.

use crate::boxed;
use std::collections::BTreeSet;

use domain::access::AccessKey;
use domain::id::{IdentityId, SourceId};

use super::NewAccess;
use crate::bulk::Rows;
use crate::column::{At, days};
use crate::engine::{Conn, WriteTx};
use crate::{Error, Result};

impl WriteTx {
    /// Adds grants that a source sees from now on. Rows in the order of identity and entitlement go in fastest.
    #[boxed]
    pub async fn insert_observed(&mut self, source: SourceId, grants: &[NewAccess]) -> Result<()> {
        let written = self.put_observed(source, grants).await;
        self.whole(written)?;
        let identities: BTreeSet<IdentityId> =
            grants.iter().map(|grant| grant.key.identity).collect();
        self.note_if_ended(identities).await
    }

    /// Changes what live grants of a source say of their days; [`Error::Stale`] when one is not live.
    #[boxed]
    pub async fn change_observed(&mut self, source: SourceId, grants: &[NewAccess]) -> Result<()> {
        let text = of_rows!(
            self,
            "WITH x (identity, entitlement, account, granted, last_used) AS (SELECT ",
            [number 0, number 1, number 2, number 3, number 4],
            ") UPDATE observed_access SET granted = x.granted, last_used = x.last_used FROM x \
             WHERE observed_access.identity_id = x.identity AND observed_access.entitlement_id = x.entitlement \
             AND observed_access.account_id = x.account AND observed_access.source_id = $2 AND observed_access.gone IS NULL"
        );
        let rows = rows(grants);
        let changed = on!(self, c => sqlx::query(text).bind(&rows).bind(source.raw()).execute(c).await
            .map(|done| done.rows_affected()))?;
        self.all_of(changed, grants.len())
    }

    /// Says that a source sees grants no longer; [`Error::Stale`] when one is not live.
    #[boxed]
    pub async fn end_observed(&mut self, source: SourceId, keys: &[AccessKey]) -> Result<()> {
        let text = of_rows!(
            self,
            "WITH x (identity, entitlement, account) AS (SELECT ",
            [number 0, number 1, number 2],
            ") UPDATE observed_access SET gone = $3 FROM x \
             WHERE observed_access.identity_id = x.identity AND observed_access.entitlement_id = x.entitlement \
             AND observed_access.account_id = x.account AND observed_access.source_id = $2 AND observed_access.gone IS NULL"
        );
        let rows = Rows::of(keys, |cells, key| {
            cells.number(key.identity.raw());
            cells.number(key.entitlement.raw());
            cells.number(key.account.raw());
        });
        let now = At(self.recorded);
        let ended = on!(self, c => sqlx::query(text).bind(&rows).bind(source.raw()).bind(now).execute(c).await
            .map(|done| done.rows_affected()))?;
        self.all_of(ended, keys.len())
    }

    fn all_of(&mut self, done: u64, wanted: usize) -> Result<()> {
        let all = if done == wanted as u64 {
            Ok(())
        } else {
            Err(Error::Stale)
        };
        self.whole(all)
    }

    /// The one statement that each engine has in a form of its own: it carries most of an import.
    async fn put_observed(&mut self, source: SourceId, grants: &[NewAccess]) -> Result<()> {
        let first_seen = At(self.recorded);
        match &mut self.conn {
            Conn::Sqlite(transaction) => {
                let text = concat!(
                    "INSERT INTO observed_access (first_seen, source_id, identity_id, entitlement_id, account_id, granted, last_used) \
                     SELECT $2, $3, ",
                    cells!(sqlite, number 0, number 1, number 2, number 3, number 4),
                    " FROM json_each($1)"
                );
                sqlx::query(text)
                    .bind(rows(grants))
                    .bind(first_seen)
                    .bind(source.raw())
                    .execute(&mut **transaction)
                    .await?;
            }
            Conn::Postgres(transaction) => {
                let text = "INSERT INTO observed_access (first_seen, source_id, identity_id, entitlement_id, account_id, granted, last_used) \
                            SELECT $1, $2, * FROM UNNEST($3::int4[], $4::int4[], $5::int4[], $6::int4[], $7::int4[])";
                let numbers = |of: fn(&NewAccess) -> i64| -> Result<Vec<i32>> {
                    grants.iter().map(|grant| small(of(grant))).collect()
                };
                let maybe = |of: fn(&NewAccess) -> Option<i64>| -> Result<Vec<Option<i32>>> {
                    let days = grants.iter().map(|grant| of(grant).map(small).transpose());
                    days.collect()
                };
                sqlx::query(text)
                    .bind(first_seen)
                    .bind(small(source.raw())?)
                    .bind(numbers(|grant| grant.key.identity.raw())?)
                    .bind(numbers(|grant| grant.key.entitlement.raw())?)
                    .bind(numbers(|grant| grant.key.account.raw())?)
                    .bind(maybe(|grant| grant.granted.map(days))?)
                    .bind(maybe(|grant| grant.last_used.map(days))?)
                    .execute(&mut **transaction)
                    .await?;
            }
        }
        Ok(())
    }
}

/// A number in four bytes.
fn small(number: i64) -> Result<i32> {
    i32::try_from(number).map_err(|_| {
        Error::Entry(format!(
            "observed access keeps numbers up to {}, and {number} is larger",
            i32::MAX
        ))
    })
}

/// Rows of identity, entitlement, account, granted and last used.
fn rows(grants: &[NewAccess]) -> String {
    let mut rows = Rows::with_capacity(grants.len() * 32);
    for grant in grants {
        rows.row(|cells| {
            cells.number(grant.key.identity.raw());
            cells.number(grant.key.entitlement.raw());
            cells.number(grant.key.account.raw());
            cells.maybe_number(grant.granted.map(days));
            cells.maybe_number(grant.last_used.map(days));
        });
    }
    rows.into_text()
}
