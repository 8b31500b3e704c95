//! Lists of observed access.

use domain::id::{EntitlementId, IdentityId};
use domain::page::{ListQuery, Page};
use domain::permission::{Action, Facts, visible_access};
use storage::ReadTx;
use storage::access::{AccessRow, HOLDER_TOKENS, OF_TOKENS, TOKENS};

use crate::entitlements::{self, EntitlementDetail};
use crate::people::{self, Person};
use crate::search::unknown_tokens;
use crate::{Cx, Result, Service};

/// A page of observed access.
#[derive(Debug, Clone)]
pub struct AccessPage {
    /// The rows.
    pub page: Page<AccessRow>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// Whose access is listed. Whoever reads one was let in to its person or entitlement before.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scope {
    /// Everybody's, as far as the actor may see it.
    All,
    /// One person's.
    Person(IdentityId),
    /// That of the holders of one entitlement.
    Entitlement(EntitlementId),
}

impl Scope {
    const fn tokens(self) -> &'static [&'static str] {
        match self {
            Self::All => TOKENS,
            Self::Person(_) => OF_TOKENS,
            Self::Entitlement(_) => HOLDER_TOKENS,
        }
    }
}

/// A page of a scope.
pub(super) async fn page(
    tx: &mut ReadTx,
    cx: &Cx,
    scope: Scope,
    query: &ListQuery,
) -> Result<Page<AccessRow>> {
    Ok(match scope {
        Scope::All => {
            tx.observed(visible_access(cx.actor), cx.me(), query)
                .await?
        }
        Scope::Person(id) => tx.observed_of(id, None, query).await?,
        Scope::Entitlement(id) => tx.holders(id, None, query).await?,
    })
}

async fn list(service: &Service, cx: &Cx, scope: Scope, query: &ListQuery) -> Result<AccessPage> {
    let mut tx = service.store.read().await?;
    Ok(AccessPage {
        page: page(&mut tx, cx, scope, query).await?,
        unknown: unknown_tokens(&query.search, scope.tokens()),
    })
}

/// What was observed of everybody, for who may see all of it; others see theirs on the page of the person or thing.
pub async fn all(service: &Service, cx: &Cx, query: &ListQuery) -> Result<AccessPage> {
    cx.decide(Action::ReadAccess, None, Facts::default())?;
    list(service, cx, Scope::All, query).await
}

/// What sources see of one person, with the person.
pub async fn of_person(
    service: &Service,
    cx: &Cx,
    id: IdentityId,
    query: &ListQuery,
) -> Result<(Person, AccessPage)> {
    let person = people::read(service, cx, id).await?;
    Ok((person, list(service, cx, Scope::Person(id), query).await?))
}

/// Who holds an entitlement as sources see it, with the entitlement.
pub async fn holders(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    query: &ListQuery,
) -> Result<(EntitlementDetail, AccessPage)> {
    let entitlement = entitlements::read(service, cx, id).await?;
    let found = list(service, cx, Scope::Entitlement(id), query).await?;
    Ok((entitlement, found))
}
