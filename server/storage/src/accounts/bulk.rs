//! Many accounts at a time.

use crate::boxed;
use domain::account::{Account, AccountContent};
use domain::id::{AccountId, ApplicationId, IdentityId, SourceId};
use domain::text;
use domain::time::{Date, Instant};

use super::{Row, columns};
use crate::bulk::{Rows, keys};
use crate::column::At;
use crate::engine::{ReadTx, WriteTx};
use crate::{Error, Result};

/// What an import finds an account by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountKey {
    /// Its id.
    pub id: AccountId,
    /// Where it is.
    pub application: ApplicationId,
    /// Its name, folded by [`domain::text::key`].
    pub name_key: String,
    /// Whose it is.
    pub identity: Option<IdentityId>,
    /// The source that brought it.
    pub source: SourceId,
    /// Known only from access rows.
    pub implied: bool,
}

impl ReadTx {
    /// Present versions of accounts; unknown and ended ones are left out. In no order.
    #[boxed]
    pub async fn accounts_with(&mut self, ids: &[AccountId]) -> Result<Vec<Account>> {
        let text = of_keys!(
            self,
            columns!(),
            "account a",
            "a.id = CAST(k.value AS BIGINT) AND a.recorded_to IS NULL"
        );
        let ids = keys(ids.iter().map(|id| id.raw()));
        let rows: Vec<Row> = on!(self, c => sqlx::query_as(text).bind(&ids).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_account).collect()
    }

    /// Keys of accounts that have not ended, after an id, in the order of ids.
    #[boxed]
    pub async fn account_keys(&mut self, after: i64, most: i64) -> Result<Vec<AccountKey>> {
        let text = "SELECT id, application_id, name_key, identity_id, source_id, implied FROM account \
                    WHERE recorded_to IS NULL AND id > $1 ORDER BY id LIMIT $2";
        let rows: Vec<(i64, i64, String, Option<i64>, i64, bool)> =
            on!(self, c => sqlx::query_as(text).bind(after).bind(most).fetch_all(c).await)?;
        Ok(rows
            .into_iter()
            .map(
                |(id, application, name_key, identity, source, implied)| AccountKey {
                    id: AccountId::from_raw(id),
                    application: ApplicationId::from_raw(application),
                    name_key,
                    identity: identity.map(IdentityId::from_raw),
                    source: SourceId::from_raw(source),
                    implied,
                },
            )
            .collect())
    }
}

impl ReadTx {
    /// Accounts that can be used and belong to nobody or to a program, after an id, in the order of ids.
    #[boxed]
    pub async fn accounts_without_person(
        &mut self,
        after: AccountId,
        most: i64,
    ) -> Result<Vec<Account>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM account a WHERE a.recorded_to IS NULL AND a.id > $1 AND a.status = 'enabled' AND (a.identity_id IS NULL \
             OR EXISTS (SELECT 1 FROM identity p WHERE p.id = a.identity_id AND p.recorded_to IS NULL AND p.kind IN ('service', 'agent'))) \
             ORDER BY a.id LIMIT $2"
        );
        let rows: Vec<Row> =
            on!(self, c => sqlx::query_as(text).bind(after.raw()).bind(most).fetch_all(c).await)?;
        rows.into_iter().map(Row::into_account).collect()
    }

    /// The applications of which a source tells when accounts are used.
    #[boxed]
    pub async fn applications_with_used_accounts(&mut self) -> Result<Vec<ApplicationId>> {
        let text = "SELECT DISTINCT application_id FROM account WHERE recorded_to IS NULL AND last_used IS NOT NULL \
                    ORDER BY application_id";
        let ids: Vec<i64> = on!(self, c => sqlx::query_scalar(text).fetch_all(c).await)?;
        Ok(ids.into_iter().map(ApplicationId::from_raw).collect())
    }
}

impl WriteTx {
    /// Adds accounts under new ids of their sequence.
    #[boxed]
    pub async fn insert_accounts(
        &mut self,
        accounts: &[(AccountId, AccountContent)],
    ) -> Result<()> {
        let rows: Vec<_> = accounts
            .iter()
            .map(|(id, content)| (*id, content))
            .collect();
        let written = self.put_accounts(&rows).await;
        self.whole(written)
    }

    /// Replaces versions, all of which must be the ones recorded then; [`Error::Stale`] otherwise.
    #[boxed]
    pub async fn replace_accounts(
        &mut self,
        accounts: &[(AccountId, Instant, AccountContent)],
    ) -> Result<()> {
        let text = of_rows!(
            self,
            "UPDATE account SET recorded_to = $2 WHERE recorded_to IS NULL AND (id, recorded_from) IN (SELECT ",
            [number 0, at 1],
            ")"
        );
        let versions = accounts.iter().map(|(id, from, _)| (id.raw(), *from));
        self.close_versions(text, versions).await?;
        let rows: Vec<_> = accounts
            .iter()
            .map(|(id, _, content)| (*id, content))
            .collect();
        let written = self.put_accounts(&rows).await;
        self.whole(written)
    }

    /// Brings the last day of use up to date, in place: it comes anew with every run, and its past says nothing.
    #[boxed]
    pub async fn touch_accounts(&mut self, accounts: &[(AccountId, Option<Date>)]) -> Result<()> {
        let rows = Rows::of(accounts, |cells, (id, day)| {
            cells.number(id.raw());
            cells.maybe_day(*day);
        });
        let text = of_rows!(
            self,
            "WITH x (id, day) AS (SELECT ",
            [number 0, day 1],
            ") UPDATE account SET last_used = x.day FROM x WHERE account.id = x.id AND account.recorded_to IS NULL"
        );
        on!(self, c => sqlx::query(text).bind(&rows).execute(c).await.map(drop))?;
        Ok(())
    }

    /// Ends accounts: their rows are closed and none follows. [`Error::Stale`] when one has ended already.
    #[boxed]
    pub async fn end_accounts(&mut self, accounts: &[AccountId]) -> Result<()> {
        let text = of_ids!(
            self,
            "UPDATE account SET recorded_to = $2 WHERE recorded_to IS NULL AND id IN ",
            ""
        );
        let (ids, now) = (keys(accounts.iter().map(|id| id.raw())), At(self.recorded));
        let ended = on!(self, c => sqlx::query(text).bind(&ids).bind(now).execute(c).await
            .map(|done| done.rows_affected()))?;
        let all = if ended == accounts.len() as u64 {
            Ok(())
        } else {
            Err(Error::Stale)
        };
        self.whole(all)
    }

    async fn put_accounts(&mut self, accounts: &[(AccountId, &AccountContent)]) -> Result<()> {
        let mut rows = Rows::with_capacity(accounts.len() * 100);
        for (id, content) in accounts {
            rows.row(|cells| {
                cells.number(id.raw());
                cells.number(content.application.raw());
                cells.number(content.source.raw());
                cells.text(&content.name);
                cells.text(&text::key(&content.name));
                cells.maybe_number(content.identity.map(IdentityId::raw));
                cells.text(content.status.word());
                cells.maybe_day(content.last_used);
                cells.flag(content.implied);
            });
        }
        let text = of_rows!(
            self,
            "INSERT INTO account (recorded_from, id, application_id, source_id, name, name_key, identity_id, status, last_used, \
             implied) SELECT $2, ",
            [number 0, number 1, number 2, text 3, text 4, number 5, text 6, day 7, flag 8],
            ""
        );
        let (rows, recorded) = (rows.into_text(), At(self.recorded));
        on!(self, c => sqlx::query(text).bind(&rows).bind(recorded).execute(c).await.map(drop))
            .map_err(Error::from_write)?;
        Ok(())
    }
}
