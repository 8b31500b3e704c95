//! The list of people.

use crate::boxed;
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Actor, visible_people};
use storage::identities::{IdentityRow, TOKENS};

use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Error, Result, Service};

/// A page of the list with what narrows it.
#[derive(Debug, Clone)]
pub struct PeoplePage {
    /// The rows.
    pub page: Page<IdentityRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// A page of the people the actor may see.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<PeoplePage> {
    list_guard(cx)?;
    let visibility = visible_people(cx.actor);
    let mut tx = service.store.read().await?;
    Ok(PeoplePage {
        page: tx.identities(visibility, cx.me(), query).await?,
        facets: wanted_facets(
            query,
            tx.identity_facets(visibility, cx.me(), &query.search),
        )
        .await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// Lists show what may be seen; only the anonymous are refused outright.
pub(crate) fn list_guard(cx: &Cx) -> Result<()> {
    if cx.actor == Actor::Anonymous {
        return Err(Error::Denied {
            denied: domain::permission::Denied::SignIn,
            action: domain::permission::Action::ReadPerson,
            object: None,
        });
    }
    Ok(())
}
