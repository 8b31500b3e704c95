//! Entitlements as their pages show them.

use crate::boxed;
use domain::application::Application;
use domain::entitlement::Entitlement;
use domain::id::EntitlementId;
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, visible_access};
use storage::entitlements::{EntitlementRow, TOKENS};
use storage::identities::IdentityName;

use super::facts;
use crate::audit::WithLatest;
use crate::people::{Timeline, latest_of, list_guard, timeline_of};
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service};

/// Holders shown on the page of a console right.
const MOST_HOLDERS: i64 = 200;

/// A page of the list with what narrows it.
#[derive(Debug, Clone)]
pub struct EntitlementsPage {
    /// The rows.
    pub page: Page<EntitlementRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// An entitlement as its page shows it.
#[derive(Debug, Clone)]
pub struct EntitlementDetail {
    /// The record.
    pub entitlement: Entitlement,
    /// The application that grants it.
    pub application: Application,
    /// Who answers for it; the application's owner when it has none of its own.
    pub owner: Option<IdentityName>,
    /// Who holds it by assignment.
    pub holders: Vec<IdentityName>,
    /// What the reader may do here, for buttons.
    pub may: Vec<Action>,
}

/// A page of the entitlements the actor may see.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<EntitlementsPage> {
    list_guard(cx)?;
    let visibility = visible_access(cx.actor);
    let mut tx = service.store.read().await?;
    Ok(EntitlementsPage {
        page: tx.entitlements(visibility, cx.me(), query).await?,
        facets: wanted_facets(
            query,
            tx.entitlement_facets(visibility, cx.me(), &query.search),
        )
        .await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// One entitlement; an auditor's look is recorded.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: EntitlementId) -> Result<EntitlementDetail> {
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
    id: EntitlementId,
) -> Result<WithLatest<EntitlementDetail>> {
    let object = read(service, cx, id).await?;
    let latest = latest_of(service, id.into()).await?;
    Ok(WithLatest { object, latest })
}

async fn carry_out(service: &Service, cx: &Cx, id: EntitlementId) -> Result<EntitlementDetail> {
    let mut tx = service.store.read().await?;
    let (entitlement, application, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::ReadAccess, Some(id.into()), facts)?;
    let owner = match entitlement.content.owner.or(application.content.owner) {
        Some(owner) => tx.identity_names(&[owner]).await?.pop(),
        None => None,
    };
    let holders = tx.active_holders(id, MOST_HOLDERS).await?;
    let holders = tx.identity_names(&holders).await?;
    let may = Action::ALL
        .iter()
        .copied()
        .filter(|action| cx.decide(*action, Some(id.into()), facts).is_ok())
        .collect();
    Ok(EntitlementDetail {
        entitlement,
        application,
        owner,
        holders,
        may,
    })
}

/// What happened to an entitlement, with before and after.
#[boxed]
pub async fn timeline(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    below: Option<i64>,
) -> Result<(EntitlementDetail, Timeline)> {
    let detail = read(service, cx, id).await?;
    let timeline = timeline_of(service, id.into(), below).await?;
    Ok((detail, timeline))
}
