//! The lists of observed access and accounts as files.

use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::page::ListQuery;
use domain::time::Date;
use storage::access::AccessRow;
use storage::accounts::{AccountRow, AccountScope};

use super::accounts;
use super::observed::{self, Scope};
use crate::csv_export::{next_page, write};
use crate::people::list_guard;
use crate::{Cx, Result, Service, applications, entitlements, people};

/// All observed access that the list shows.
pub async fn export_observed(service: &Service, cx: &Cx, query: &ListQuery) -> Result<Vec<u8>> {
    list_guard(cx)?;
    access_file(service, cx, "access", Scope::All, query).await
}

/// What sources see of one person.
pub async fn export_person_access(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    query: &ListQuery,
) -> Result<Vec<u8>> {
    people::read(service, cx, id).await?;
    let list = format!("access of {id}");
    access_file(service, cx, &list, Scope::Person(id), query).await
}

/// Who holds an entitlement.
pub async fn export_holders(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    query: &ListQuery,
) -> Result<Vec<u8>> {
    entitlements::read(service, cx, id).await?;
    let list = format!("holders of {id}");
    access_file(service, cx, &list, Scope::Entitlement(id), query).await
}

/// All accounts that the list shows.
pub async fn export_accounts(service: &Service, cx: &Cx, query: &ListQuery) -> Result<Vec<u8>> {
    list_guard(cx)?;
    accounts_file(service, cx, "accounts", AccountScope::All, query).await
}

/// The accounts of one person.
pub async fn export_person_accounts(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    query: &ListQuery,
) -> Result<Vec<u8>> {
    people::read(service, cx, id).await?;
    let list = format!("accounts of {id}");
    accounts_file(service, cx, &list, AccountScope::Person(id), query).await
}

/// The accounts in one application.
pub async fn export_application_accounts(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    query: &ListQuery,
) -> Result<Vec<u8>> {
    applications::read(service, cx, id).await?;
    let list = format!("accounts of {id}");
    accounts_file(service, cx, &list, AccountScope::Application(id), query).await
}

fn day(day: Option<Date>) -> String {
    day.map(|day| day.to_string()).unwrap_or_default()
}

async fn access_file(
    service: &Service,
    cx: &Cx,
    list: &str,
    scope: Scope,
    query: &ListQuery,
) -> Result<Vec<u8>> {
    let mut rows: Vec<AccessRow> = Vec::new();
    let mut page = None;
    let mut tx = service.store.read().await?;
    while let Some(query) = next_page(query, page.as_ref())? {
        let mut next = observed::page(&mut tx, cx, scope, &query).await?;
        rows.append(&mut next.rows);
        page = Some(next);
    }
    drop(tx);
    service
        .note_export(cx, list, query, rows.len() as u64)
        .await?;
    let header = [
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
    write(
        &header,
        rows.iter().map(|row| {
            vec![
                row.access.key.identity.to_string(),
                row.username.clone(),
                row.person.clone(),
                row.application.0.to_string(),
                row.application.1.clone(),
                row.access.key.entitlement.to_string(),
                row.entitlement.clone(),
                row.account.clone(),
                day(row.access.granted),
                row.access.first_seen.to_string(),
                day(row.access.last_used),
                row.source.clone(),
            ]
        }),
    )
}

async fn accounts_file(
    service: &Service,
    cx: &Cx,
    list: &str,
    scope: AccountScope,
    query: &ListQuery,
) -> Result<Vec<u8>> {
    let mut rows: Vec<AccountRow> = Vec::new();
    let mut page = None;
    let mut tx = service.store.read().await?;
    while let Some(query) = next_page(query, page.as_ref())? {
        let mut next = accounts::page(&mut tx, cx, scope, &query).await?;
        rows.append(&mut next.rows);
        page = Some(next);
    }
    drop(tx);
    service
        .note_export(cx, list, query, rows.len() as u64)
        .await?;
    let header = [
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
    write(
        &header,
        rows.iter().map(|row| {
            let person = row.person.as_ref();
            vec![
                row.id.to_string(),
                row.name.clone(),
                row.application.0.to_string(),
                row.application.1.clone(),
                person.map(|(id, _)| id.to_string()).unwrap_or_default(),
                person.map(|(_, name)| name.clone()).unwrap_or_default(),
                row.status.word().to_owned(),
                day(row.last_used),
                row.source.1.clone(),
            ]
        }),
    )
}
