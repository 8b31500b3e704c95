//! Logins in applications: intervals of what sources say of them. They are not covered by content hashes; what was
//! done to them is in the manifests.

mod bulk;
mod list;

use crate::boxed;
use domain::account::{Account, AccountContent, AccountStatus};
use domain::id::{AccountId, ApplicationId, IdentityId, SourceId};
use domain::time::Instant;

pub use bulk::AccountKey;
pub use list::{AccountRow, AccountScope, TOKENS};

use crate::column::{At, Day};
use crate::engine::ReadTx;
use crate::{Error, Result};

macro_rules! columns {
    () => {
        "a.id, a.recorded_from, a.application_id, a.source_id, a.name, a.identity_id, a.status, a.last_used, a.implied"
    };
}
use columns;

#[derive(Debug, sqlx::FromRow)]
struct Row {
    id: i64,
    recorded_from: At,
    application_id: i64,
    source_id: i64,
    name: String,
    identity_id: Option<i64>,
    status: String,
    last_used: Option<Day>,
    implied: bool,
}

impl Row {
    fn into_account(self) -> Result<Account> {
        let id = AccountId::from_raw(self.id);
        Ok(Account {
            id,
            recorded_from: self.recorded_from.0,
            content: AccountContent {
                application: ApplicationId::from_raw(self.application_id),
                source: SourceId::from_raw(self.source_id),
                status: AccountStatus::from_word(&self.status)
                    .ok_or_else(|| Error::damaged(format!("account {id}")))?,
                name: self.name,
                identity: self.identity_id.map(IdentityId::from_raw),
                last_used: self.last_used.map(|day| day.0),
                implied: self.implied,
            },
        })
    }
}

impl ReadTx {
    /// The last version of an account, also of one that has ended.
    #[boxed]
    pub async fn account(&mut self, id: AccountId) -> Result<Option<Account>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM account a WHERE a.id = $1 ORDER BY a.recorded_from DESC LIMIT 1"
        );
        let row: Option<Row> =
            on!(self, c => sqlx::query_as(text).bind(id.raw()).fetch_optional(c).await)?;
        row.map(Row::into_account).transpose()
    }

    /// The version of an account that was recorded at a moment; none before it began and after it ended.
    #[boxed]
    pub async fn account_as_of(&mut self, id: AccountId, at: Instant) -> Result<Option<Account>> {
        let text = concat!(
            "SELECT ",
            columns!(),
            " FROM account a WHERE a.id = $1 AND a.recorded_from <= $2 AND (a.recorded_to IS NULL OR a.recorded_to > $2)"
        );
        let row: Option<Row> = on!(self, c => sqlx::query_as(text).bind(id.raw()).bind(At(at)).fetch_optional(c).await)?;
        row.map(Row::into_account).transpose()
    }
}
