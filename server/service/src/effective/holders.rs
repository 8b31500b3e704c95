//! Who has an entitlement, or holds a role, at a moment (INCITS 359: authorized users). A page is in the order of people,
//! and each of them is resolved in full, so an exclusion or a last day is never forgotten.

use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::identity::IdentityStatus;
use domain::resolution::RoleGraph;
use domain::time::Instant;
use storage::ReadTx;

use super::load::{People, load};
use super::named::{Names, Wanted};
use super::person::{AccessLine, line};
use super::totals::{self, Total};
use super::words::want;
use super::{AsOf, Reason};
use crate::entitlements::{self, EntitlementDetail};
use crate::{Cx, Result, Service, boxed};

/// Rows of a page.
const PAGE: usize = 50;

/// Somebody who has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who.
    pub id: IdentityId,
    /// Name to show.
    pub display_name: String,
    /// Sign-in name.
    pub username: String,
    /// Job title.
    pub title: String,
    /// Department.
    pub department: String,
    /// Where they are in their life.
    pub status: IdentityStatus,
    /// How, since when, until when; of a role only the ways to it.
    pub line: AccessLine,
}

/// A page of holders.
#[derive(Debug, Clone)]
pub struct HoldersPage {
    /// The moment.
    pub moment: AsOf,
    /// Who has it.
    pub rows: Vec<Holder>,
    /// Where the next page begins, when there is one.
    pub next: Option<IdentityId>,
    /// How many there are.
    pub total: Total,
}

/// People of whom some are looked at more closely.
#[derive(Debug, Clone, Copy)]
pub(super) enum Scope {
    Entitlement(EntitlementId),
    Role(RoleId),
}

/// People resolved at a time when all are wanted.
const AT_ONCE: i64 = 500;

/// Counted up to here, like lists.
pub(super) const MOST_COUNTED: i64 = 10_000;

/// Who has an entitlement, after a person in the order of ids.
#[boxed]
pub async fn entitlement_holders(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    as_of: Option<Instant>,
    after: Option<IdentityId>,
) -> Result<(EntitlementDetail, HoldersPage)> {
    let entitlement = entitlements::read(service, cx, id).await?;
    let page = page(service, Scope::Entitlement(id), as_of, after).await?;
    Ok((entitlement, page))
}

/// Everybody who has an entitlement, a part at a time, for files and the command line: `each` gets them in the order of ids.
#[boxed]
pub async fn every_holder(
    service: &Service,
    cx: &Cx,
    id: EntitlementId,
    as_of: Option<Instant>,
    each: &mut (dyn FnMut(Holder) + Send),
) -> Result<EntitlementDetail> {
    let entitlement = entitlements::read(service, cx, id).await?;
    let moment = AsOf::of(as_of, service.now());
    let mut tx = service.store.read().await?;
    let graph = if moment.present {
        tx.role_graph().await?
    } else {
        tx.role_graph_as_of(moment.known).await?
    };
    let (scope, mut from) = (Scope::Entitlement(id), 0);
    loop {
        let some = candidates(&mut tx, &graph, scope, moment, from, AT_ONCE).await?;
        let Some(last) = some.last() else { break };
        from = last.raw();
        let people = load(&mut tx, &some, moment).await?;
        holders(&mut tx, &people, scope)
            .await?
            .into_iter()
            .for_each(&mut *each);
    }
    Ok(entitlement)
}

/// Who holds a role, directly or through another one. The caller has let the actor in to the role.
pub(crate) async fn of_role(
    service: &Service,
    id: RoleId,
    as_of: Option<Instant>,
    after: Option<IdentityId>,
) -> Result<HoldersPage> {
    page(service, Scope::Role(id), as_of, after).await
}

/// Those who hold a role now, directly or through another one, in the order of ids: at most so many.
pub(crate) async fn people_with_role(
    tx: &mut ReadTx,
    id: RoleId,
    now: Instant,
    most: i64,
) -> Result<Vec<IdentityId>> {
    let (mut found, mut from) = (Vec::new(), 0);
    while i64::try_from(found.len()).unwrap_or(i64::MAX) < most {
        let some = some_with_role(tx, id, now, (from, most)).await?;
        let Some((last, some)) = some else { break };
        from = last;
        found.extend(some.by_id.into_keys());
    }
    found.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(found)
}

/// Those who hold a role now among the next so many who could, after an id; with the last of these. None when there are no
/// more.
pub(crate) async fn some_with_role(
    tx: &mut ReadTx,
    id: RoleId,
    now: Instant,
    (after, most): (i64, i64),
) -> Result<Option<(i64, People)>> {
    let moment = AsOf::now(now);
    let graph = tx.role_graph().await?;
    let some = candidates(tx, &graph, Scope::Role(id), moment, after, most).await?;
    let Some(last) = some.last().map(|one| one.raw()) else {
        return Ok(None);
    };
    let mut people = load(tx, &some, moment).await?;
    let holds = |whole: &super::Whole| super::roles::held(whole, &graph, moment, id).is_some();
    people.by_id.retain(|_, whole| holds(whole));
    Ok(Some((last, people)))
}

/// What gives it: roles, and the entitlement itself.
pub(super) fn things(graph: &RoleGraph, scope: Scope) -> (Vec<RoleId>, Option<EntitlementId>) {
    match scope {
        Scope::Entitlement(id) => (graph.giving(id).to_vec(), Some(id)),
        Scope::Role(id) => (graph.including(id).into_iter().collect(), None),
    }
}

/// Candidates after one, in the order of ids.
pub(super) async fn candidates(
    tx: &mut ReadTx,
    graph: &RoleGraph,
    scope: Scope,
    moment: AsOf,
    after: i64,
    most: i64,
) -> Result<Vec<IdentityId>> {
    let (roles, entitlement) = things(graph, scope);
    let moments = (moment.known, moment.at);
    let mut all = tx
        .assigned_as_of((&roles, entitlement), moments, moment.present, after, most)
        .await?;
    if let Some(id) = entitlement {
        all.extend(tx.observed_holders(id, moment.known, after, most).await?);
    }
    all.sort_unstable();
    all.dedup();
    all.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(all)
}

/// After whom the next page begins, when there may be one.
pub(super) fn after(some: &[IdentityId], most: i64) -> Option<IdentityId> {
    let full = i64::try_from(some.len()).is_ok_and(|count| count == most);
    some.last().copied().filter(|_| full)
}

async fn page(
    service: &Service,
    scope: Scope,
    as_of: Option<Instant>,
    after: Option<IdentityId>,
) -> Result<HoldersPage> {
    let moment = AsOf::of(as_of, service.now());
    let mut tx = service.store.read().await?;
    let graph = if moment.present {
        tx.role_graph().await?
    } else {
        tx.role_graph_as_of(moment.known).await?
    };
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let (mut rows, mut next) = (Vec::new(), None);
    let mut from = after.map_or(0, IdentityId::raw);
    'pages: loop {
        let some = candidates(&mut tx, &graph, scope, moment, from, most).await?;
        let Some(last) = some.last() else { break };
        from = last.raw();
        let more = some.len() > PAGE;
        let people = load(&mut tx, &some, moment).await?;
        for holder in holders(&mut tx, &people, scope).await? {
            if rows.len() == PAGE {
                next = rows.last().map(|holder: &Holder| holder.id);
                break 'pages;
            }
            rows.push(holder);
        }
        if !more {
            break;
        }
    }
    let total = if after.is_none() && next.is_none() {
        Total::Exactly(rows.len() as u64)
    } else {
        totals::of(&mut tx, &graph, scope, moment).await?
    };
    Ok(HoldersPage {
        moment,
        rows,
        next,
        total,
    })
}

/// Those of some people who really have it, with their ways.
pub(super) async fn holders(tx: &mut ReadTx, people: &People, scope: Scope) -> Result<Vec<Holder>> {
    let mut wanted = Wanted::default();
    let mut found = Vec::new();
    for whole in people.by_id.values() {
        let access = match scope {
            Scope::Entitlement(id) => whole
                .resolve(&people.graph, people.moment)
                .into_iter()
                .find(|access| access.entitlement == id),
            Scope::Role(id) => super::roles::held(whole, &people.graph, people.moment, id),
        };
        let Some(access) = access else { continue };
        for chain in &access.chains {
            want(&mut wanted, whole, chain);
        }
        found.push((whole, access));
    }
    let names = Names::read(tx, wanted).await?;
    let rows = found.into_iter().map(|(whole, access)| {
        let content = &whole.identity.content;
        Holder {
            id: whole.identity.id,
            display_name: content.display_name.clone(),
            username: content.username.clone(),
            title: content.title.clone(),
            department: content.department.clone(),
            status: content.status,
            line: line(whole, &access, &names),
        }
    });
    Ok(rows.collect())
}

impl Holder {
    /// What stands at the beginning of the most direct way.
    pub fn reason(&self) -> Option<&Reason> {
        self.line.ways.first().map(|way| &way.reason)
    }
}
