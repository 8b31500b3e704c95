//! Lists of accounts.

use domain::id::{ApplicationId, IdentityId};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, Facts, Visibility, visible_access};
use storage::ReadTx;
use storage::accounts::{AccountRow, AccountScope, TOKENS};

use crate::applications::{self, ApplicationDetail};
use crate::people::{self, Person};
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service};

/// A page of accounts.
#[derive(Debug, Clone)]
pub struct AccountsPage {
    /// The rows.
    pub page: Page<AccountRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// A page of a scope. Whoever reads the accounts of one person or application was let in to it before.
pub(super) async fn page(
    tx: &mut ReadTx,
    cx: &Cx,
    scope: AccountScope,
    query: &ListQuery,
) -> Result<Page<AccountRow>> {
    let visibility = visibility(cx, scope);
    Ok(tx.accounts(scope, visibility, cx.me(), query).await?)
}

fn visibility(cx: &Cx, scope: AccountScope) -> Visibility {
    match scope {
        AccountScope::All => visible_access(cx.actor),
        AccountScope::Person(_) | AccountScope::Application(_) => Visibility::All,
    }
}

async fn list(
    service: &Service,
    cx: &Cx,
    scope: AccountScope,
    query: &ListQuery,
) -> Result<AccountsPage> {
    let mut tx = service.store.read().await?;
    Ok(AccountsPage {
        page: page(&mut tx, cx, scope, query).await?,
        facets: wanted_facets(
            query,
            tx.account_facets(scope, visibility(cx, scope), cx.me(), &query.search),
        )
        .await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// All accounts, for who may see all of them; others see theirs on the page of the person or application.
pub async fn all(service: &Service, cx: &Cx, query: &ListQuery) -> Result<AccountsPage> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    list(service, cx, AccountScope::All, query).await
}

/// The accounts of one person, with the person.
pub async fn of_person(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    query: &ListQuery,
) -> Result<(Person, AccountsPage)> {
    let person = people::read(service, cx, id).await?;
    let found = list(service, cx, AccountScope::Person(id), query).await?;
    Ok((person, found))
}

/// The accounts in one application, those that belong to nobody first, with the application.
pub async fn of_application(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    query: &ListQuery,
) -> Result<(ApplicationDetail, AccountsPage)> {
    let application = applications::read(service, cx, id).await?;
    let found = list(service, cx, AccountScope::Application(id), query).await?;
    Ok((application, found))
}
