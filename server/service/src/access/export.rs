//! The lists of observed access and accounts as files.

use domain::page::{ListQuery, Page};
use domain::time::Date;
use storage::ReadTx;
use storage::access::AccessRow;
use storage::accounts::{AccountRow, AccountScope};

use super::accounts;
use super::observed::{self, Scope};
use crate::{Cx, Result};

/// Columns of a file of observed access.
pub(crate) const ACCESS_COLUMNS: &[&str] = &[
    "person_id",
    "username",
    "person",
    "application_id",
    "application",
    "entitlement_id",
    "entitlement",
    "account",
    "granted_on",
    "first_seen_at_utc",
    "last_used_on",
    "source",
];
/// Columns of a file of accounts.
pub(crate) const ACCOUNT_COLUMNS: &[&str] = &[
    "id",
    "account",
    "application_id",
    "application",
    "person_id",
    "person",
    "status",
    "last_used_on",
    "source",
];

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A page of observed access in cells.
pub(crate) async fn access_rows(
    tx: &mut ReadTx,
    cx: &Cx,
    scope: Scope,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let page = observed::page(tx, cx, scope, query).await?;
    Ok(page.map(|row: AccessRow| {
        vec![
            row.access.key.identity.to_string(),
            row.username,
            row.person,
            row.application.0.to_string(),
            row.application.1,
            row.access.key.entitlement.to_string(),
            row.entitlement,
            row.account,
            day(row.access.granted),
            row.access.first_seen.to_string(),
            day(row.access.last_used),
            row.source,
        ]
    }))
}

/// A page of accounts in cells.
pub(crate) async fn account_rows(
    tx: &mut ReadTx,
    cx: &Cx,
    scope: AccountScope,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let page = accounts::page(tx, cx, scope, query).await?;
    Ok(page.map(|row: AccountRow| {
        let (person, name) = row.person.map_or_else(
            || (String::new(), String::new()),
            |(id, name)| (id.to_string(), name),
        );
        vec![
            row.id.to_string(),
            row.name,
            row.application.0.to_string(),
            row.application.1,
            person,
            name,
            row.status.word().to_owned(),
            day(row.last_used),
            row.source.1,
        ]
    }))
}
