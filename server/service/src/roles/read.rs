//! Roles as their pages show them.

use std::collections::BTreeSet;

use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, visible_access};
use domain::role::{Grantable, Role};
use domain::time::Instant;
use storage::identities::IdentityName;
use storage::roles::{RoleRow, TOKENS};

use super::{Origin, facts};
use crate::audit::WithLatest;
use crate::effective::{self, AsOf, HoldersPage, NamedEntitlement, NamedRole, names_of};
use crate::people::{Timeline, latest_of, list_guard, timeline_of};
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Result, Service, boxed};

/// A page of the list.
#[derive(Debug, Clone)]
pub struct RolesPage {
    /// The rows.
    pub page: Page<RoleRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// Something in a role, with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NamedPart {
    /// An entitlement.
    Entitlement(NamedEntitlement),
    /// A role, and how many entitlements it gives in all.
    Role(NamedRole, usize),
}

/// A role as its page shows it.
#[derive(Debug, Clone)]
pub struct RoleDetail {
    /// The record; of a past moment when one was asked for.
    pub role: Role,
    /// The moment.
    pub moment: AsOf,
    /// Who answers for it.
    pub owner: Option<IdentityName>,
    /// What is directly in it, roles first, each by name.
    pub parts: Vec<NamedPart>,
    /// The roles in which it is directly.
    pub included_in: Vec<NamedRole>,
    /// Everything it gives, through the roles in it too (INCITS 359: role permissions).
    pub gives: Vec<NamedEntitlement>,
    /// The proposal that it was made of, when roles were looked for in what people have.
    pub origin: Option<Origin>,
    /// What the reader may do here, for buttons.
    pub may: Vec<Action>,
}

/// A page of the roles the actor may see.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<RolesPage> {
    list_guard(cx)?;
    let visibility = visible_access(cx.actor);
    let mut tx = service.store.read().await?;
    Ok(RolesPage {
        page: tx.roles(visibility, cx.me(), query).await?,
        facets: wanted_facets(query, tx.role_facets(visibility, cx.me(), &query.search)).await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// One role at a moment; an auditor's look is recorded.
#[boxed]
pub async fn read(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    as_of: Option<Instant>,
) -> Result<RoleDetail> {
    let result = carry_out(service, cx, id, as_of).await;
    let detail = service.noted(cx, result).await?;
    service.note_view(cx, id).await?;
    Ok(detail)
}

/// The id of the role with a technical name or id; what is unknown is named.
#[boxed]
pub async fn by_name(service: &Service, cx: &Cx, name: &str) -> Result<RoleId> {
    let found = if let Ok(id) = name.parse::<RoleId>() {
        Some(id)
    } else {
        let role = service.store.read().await?.role_by_name(name).await?;
        role.map(|role| role.id)
    };
    let unknown = || {
        crate::Error::Refused(format!(
            "There is no role “{name}”. Write its technical name or id."
        ))
    };
    let id = found.ok_or_else(unknown)?;
    read(service, cx, id, None).await?;
    Ok(id)
}

/// The same with the latest entries about it.
#[boxed]
pub async fn overview(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    as_of: Option<Instant>,
) -> Result<WithLatest<RoleDetail>> {
    let object = read(service, cx, id, as_of).await?;
    let latest = latest_of(service, id.into()).await?;
    Ok(WithLatest { object, latest })
}

/// Who holds it at a moment, directly or through another role, after a person in the order of ids.
#[boxed]
pub async fn holders(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    as_of: Option<Instant>,
    after: Option<IdentityId>,
) -> Result<(RoleDetail, HoldersPage)> {
    let detail = read(service, cx, id, as_of).await?;
    let page = effective::of_role(service, id, as_of, after).await?;
    Ok((detail, page))
}

/// What happened to a role, with before and after.
#[boxed]
pub async fn timeline(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    below: Option<i64>,
) -> Result<(RoleDetail, Timeline)> {
    let detail = read(service, cx, id, None).await?;
    let timeline = timeline_of(service, id.into(), below).await?;
    Ok((detail, timeline))
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: RoleId,
    as_of: Option<Instant>,
) -> Result<RoleDetail> {
    let moment = AsOf::of(as_of, service.now());
    let mut tx = service.store.read().await?;
    let (present, facts) = facts(&mut tx, cx, id).await?;
    cx.decide(Action::ReadAccess, Some(id.into()), facts)?;
    let (role, graph) = if moment.present {
        (present, tx.role_graph().await?)
    } else {
        let then = tx.role_as_of(id, moment.known).await?;
        let graph = tx.role_graph_as_of(moment.known).await?;
        (then.ok_or(crate::Error::NotFound)?, graph)
    };
    let owner = match role.content.owner {
        Some(owner) => tx.identity_names(&[owner]).await?.pop(),
        None => None,
    };
    let inner: BTreeSet<RoleId> = role
        .content
        .parts
        .iter()
        .filter_map(|part| part.what.role())
        .collect();
    let outer: Vec<RoleId> = graph.parents(id).to_vec();
    let ids: Vec<RoleId> = inner.iter().chain(&outer).copied().collect();
    let mut near: Vec<NamedRole> = tx
        .roles_with(&ids)
        .await?
        .into_iter()
        .map(|role| NamedRole {
            id: role.id,
            display_name: role.content.display_name,
        })
        .collect();
    near.sort_by_cached_key(|role| domain::text::fold(&role.display_name));
    let direct: BTreeSet<EntitlementId> = role
        .content
        .parts
        .iter()
        .filter_map(|part| part.what.entitlement())
        .collect();
    let all: Vec<EntitlementId> = direct.iter().chain(graph.reach(id)).copied().collect();
    let names = names_of(&mut tx, &all).await?;
    let sorted = |ids: &mut dyn Iterator<Item = EntitlementId>| {
        let mut all: Vec<NamedEntitlement> = ids.filter_map(|id| names.get(&id).cloned()).collect();
        let fold = domain::text::fold;
        all.sort_by_cached_key(|named| {
            (fold(&named.application_display), fold(&named.display_name))
        });
        all
    };
    let roles = near
        .iter()
        .filter(|role| inner.contains(&role.id))
        .map(|role| NamedPart::Role(role.clone(), graph.reach(role.id).len()));
    let entitlements = sorted(&mut direct.iter().copied());
    let parts = roles
        .chain(entitlements.into_iter().map(NamedPart::Entitlement))
        .collect();
    let may = Action::ALL
        .iter()
        .copied()
        .filter(|action| cx.decide(*action, Some(id.into()), facts).is_ok())
        .collect();
    Ok(RoleDetail {
        parts,
        included_in: near
            .into_iter()
            .filter(|role| outer.contains(&role.id))
            .collect(),
        gives: sorted(&mut graph.reach(id).iter().copied()),
        origin: tx.origin_of_role(id).await?,
        role,
        moment,
        owner,
        may,
    })
}

impl NamedPart {
    /// What it is.
    pub const fn what(&self) -> Grantable {
        match self {
            Self::Entitlement(named) => Grantable::Entitlement(named.id),
            Self::Role(named, _) => Grantable::Role(named.id),
        }
    }
}
