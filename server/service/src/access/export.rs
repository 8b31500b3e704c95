//! The lists of observed access and accounts as files.

use domain::page::{ListQuery, Page};
use domain::time::Date;
use storage::ReadTx;
use storage::access::AccessRow;
use storage::accounts::{AccountRow, AccountScope};

use super::accounts;
use super::observed::{self, Scope};
use crate::applications::technical_names;
use crate::people::usernames;
use crate::{Cx, Result};

/// Columns of a file of observed access.
pub(crate) const ACCESS_COLUMNS: &[&str] = &[
    "person_id",
    "username",
    "person",
    "application_id",
    "application",
    "application_name",
    "entitlement_id",
    "entitlement",
    "entitlement_name",
    "account",
    "granted_at",
    "first_seen_at_utc",
    "last_used_at",
    "source",
];
/// Columns of a file of accounts.
pub(crate) const ACCOUNT_COLUMNS: &[&str] = &[
    "id",
    "account",
    "application_id",
    "application",
    "application_name",
    "person_id",
    "username",
    "person",
    "status",
    "last_used_at",
    "source",
];

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

/// A page of observed access in the cells of [`ACCESS_COLUMNS`]. People, applications and entitlements stand under the
/// names by which an import finds them, and under those that people read.
pub(crate) async fn access_rows(
    tx: &mut ReadTx,
    cx: &Cx,
    scope: Scope,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let page = observed::page(tx, cx, scope, query).await?;
    let names = technical_names(tx, page.rows.iter().map(|row| row.application.0)).await?;
    Ok(page.map(|row: AccessRow| {
        vec![
            row.access.key.identity.to_string(),
            row.username,
            row.person,
            row.application.0.to_string(),
            names.get(&row.application.0).cloned().unwrap_or_default(),
            row.application.1,
            row.access.key.entitlement.to_string(),
            row.entitlement_name,
            row.entitlement,
            row.account,
            day(row.access.granted),
            row.access.first_seen.to_string(),
            day(row.access.last_used),
            row.source,
        ]
    }))
}

/// A page of accounts in the cells of [`ACCOUNT_COLUMNS`]. People and applications stand under the names by which an import
/// finds them, and under those that people read.
pub(crate) async fn account_rows(
    tx: &mut ReadTx,
    cx: &Cx,
    scope: AccountScope,
    query: &ListQuery,
) -> Result<Page<Vec<String>>> {
    let page = accounts::page(tx, cx, scope, query).await?;
    let names = technical_names(tx, page.rows.iter().map(|row| row.application.0)).await?;
    let people = page.rows.iter().filter_map(|row| row.person.as_ref());
    let people = usernames(tx, people.map(|(id, _)| *id)).await?;
    Ok(page.map(|row: AccountRow| {
        let [id, username, person] = row.person.map_or_else(Default::default, |(id, name)| {
            let username = people.get(&id).cloned().unwrap_or_default();
            [id.to_string(), username, name]
        });
        vec![
            row.id.to_string(),
            row.name,
            row.application.0.to_string(),
            names.get(&row.application.0).cloned().unwrap_or_default(),
            row.application.1,
            id,
            username,
            person,
            row.status.word().to_owned(),
            day(row.last_used),
            row.source.1,
        ]
    }))
}
