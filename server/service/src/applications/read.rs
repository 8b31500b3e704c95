//! Applications as their pages show them.

use crate::boxed;
use domain::application::Application;
use domain::id::ApplicationId;
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, visible_access};
use storage::applications::{ApplicationRow, TOKENS};
use storage::identities::IdentityName;

use super::facts;
use crate::audit::WithLatest;
use crate::people::{Timeline, latest_of, list_guard, timeline_of};
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service};

/// A page of the list with what narrows it.
#[derive(Debug, Clone)]
pub struct ApplicationsPage {
    /// The rows.
    pub page: Page<ApplicationRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// An application as its page shows it.
#[derive(Debug, Clone)]
pub struct ApplicationDetail {
    /// The record.
    pub application: Application,
    /// Who answers for it.
    pub owner: Option<IdentityName>,
    /// Entitlements that have not ended.
    pub entitlements: u64,
    /// What the reader may do here, for buttons.
    pub may: Vec<Action>,
}

/// A page of the applications the actor may see.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<ApplicationsPage> {
    list_guard(cx)?;
    let visibility = visible_access(cx.actor);
    let mut tx = service.store.read().await?;
    Ok(ApplicationsPage {
        page: tx.applications(visibility, cx.me(), query).await?,
        facets: wanted_facets(
            query,
            tx.application_facets(visibility, cx.me(), &query.search),
        )
        .await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// One application; an auditor's look is recorded.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: ApplicationId) -> Result<ApplicationDetail> {
    let result = carry_out(service, cx, id).await;
    let detail = service.noted(cx, result).await?;
    service.note_view(cx, id).await?;
    Ok(detail)
}

/// The same with the latest entries about it.
#[boxed]
pub async fn overview(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
) -> Result<WithLatest<ApplicationDetail>> {
    let object = read(service, cx, id).await?;
    let latest = latest_of(service, id.into()).await?;
    Ok(WithLatest { object, latest })
}

async fn carry_out(service: &Service, cx: &Cx, id: ApplicationId) -> Result<ApplicationDetail> {
    let mut tx = service.store.read().await?;
    let (application, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::ReadAccess, Some(id.into()), facts)?;
    let owner = match application.content.owner {
        Some(owner) => tx.identity_names(&[owner]).await?.pop(),
        None => None,
    };
    let search = domain::search::Search::parse(&format!("application:{id}"));
    let entitlements = tx
        .entitlements(
            visible_access(cx.actor),
            cx.me(),
            &ListQuery {
                search,
                ..ListQuery::default()
            },
        )
        .await?
        .total;
    let may = Action::ALL
        .iter()
        .copied()
        .filter(|action| cx.decide(*action, Some(id.into()), facts).is_ok())
        .collect();
    Ok(ApplicationDetail {
        application,
        owner,
        entitlements,
        may,
    })
}

/// What happened to an application, with before and after.
#[boxed]
pub async fn timeline(
    service: &Service,
    cx: &Cx,
    id: ApplicationId,
    below: Option<i64>,
) -> Result<(ApplicationDetail, Timeline)> {
    let detail = read(service, cx, id).await?;
    let timeline = timeline_of(service, id.into(), below).await?;
    Ok((detail, timeline))
}
