//! Role discovery: as few roles as possible of which what people have is put together exactly.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;

use domain::discovery::{self, Effort, Grants};
use domain::id::{EntitlementId, IdentityId};
use domain::permission::{Action, Facts};

use crate::effective::{AsOf, NamedEntitlement, load, names_of};
use crate::{Cx, Error, Result, Service, boxed};

/// People read at a time.
const CHUNK: i64 = 500;
/// Grants that are looked at; more belong into parts, by application or department.
const MOST_GRANTS: usize = 5_000_000;

/// A role that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveredRole {
    /// What would be in it, by application and name.
    pub entitlements: Vec<NamedEntitlement>,
    /// Who would hold it.
    pub people: Vec<IdentityId>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discovered {
    /// The roles, those that cover most grants first. Together they give exactly what people have.
    pub roles: Vec<DiscoveredRole>,
    /// Grants that were looked at.
    pub grants: usize,
    /// Fewer roles are impossible.
    pub bound: usize,
}

/// Finds roles in what people have now. The rights of the console are left out: roles do not give them.
#[boxed]
pub async fn discover(service: &Service, cx: &Cx) -> Result<Discovered> {
    let decided = cx.decide(Action::CreateAccess, None, Facts::default());
    service.noted(cx, decided.map(drop)).await?;
    let moment = AsOf::now(service.now());
    let mut tx = service.store.read().await?;
    let mut pairs: Vec<(u32, u32)> = Vec::new();
    let mut seen: BTreeSet<EntitlementId> = BTreeSet::new();
    let mut after = 0;
    loop {
        let people = tx.identities_after(after, CHUNK).await?;
        let Some(last) = people.last() else { break };
        after = last.id.raw();
        let ids: Vec<IdentityId> = people.iter().map(|person| person.id).collect();
        let people = load(&mut tx, &ids, moment).await?;
        for (id, whole) in &people.by_id {
            for entitlement in whole.entitlements(&people.graph, moment) {
                pairs.push((number(id.raw())?, number(entitlement.raw())?));
                seen.insert(entitlement);
            }
        }
        if pairs.len() > MOST_GRANTS {
            return Err(Error::Refused(format!(
                "There are more than {MOST_GRANTS} grants. Looking for roles in so many is not possible yet."
            )));
        }
    }
    let seen: Vec<EntitlementId> = seen.into_iter().collect();
    let names = names_of(&mut tx, &seen).await?;
    let console: BTreeSet<u32> = names
        .values()
        .filter(|named| named.application_name == domain::application::CONSOLE)
        .map(|named| number(named.id.raw()))
        .collect::<Result<_>>()?;
    drop(tx);
    pairs.retain(|(_, entitlement)| !console.contains(entitlement));
    let found = tokio::task::spawn_blocking(move || search(pairs));
    let (proposal, grants, bound) = found
        .await
        .map_err(|error| Error::Internal(format!("the search for roles broke off: {error}")))??;
    let roles = proposal.roles.into_iter().map(|role| named(&role, &names));
    Ok(Discovered {
        roles: roles.collect(),
        grants,
        bound,
    })
}

/// Searches, and checks what was found with other code than that which found it.
fn search(pairs: Vec<(u32, u32)>) -> Result<(discovery::Proposal, usize, usize)> {
    let grants: Grants = pairs.into_iter().collect();
    let mut bound = 0;
    let mut watch = |progress: discovery::Progress| {
        bound = progress.bound;
        ControlFlow::Continue(())
    };
    let Some(proposal) = discovery::discover(&grants, Effort::THOROUGH, &mut watch) else {
        return Err(Error::Internal("nobody called the search off".to_owned()));
    };
    discovery::check(&grants, &proposal).map_err(|wrong| {
        Error::Internal(format!("the roles that were found are not exact: {wrong}"))
    })?;
    Ok((proposal, grants.len(), bound))
}

fn named(
    role: &discovery::Proposed,
    names: &BTreeMap<EntitlementId, NamedEntitlement>,
) -> DiscoveredRole {
    let ids = role
        .permissions
        .iter()
        .map(|id| EntitlementId::from_raw(i64::from(*id)));
    let mut entitlements: Vec<NamedEntitlement> =
        ids.filter_map(|id| names.get(&id).cloned()).collect();
    entitlements.sort_by(|one, other| {
        (&one.application_name, &one.name).cmp(&(&other.application_name, &other.name))
    });
    let people = role
        .users
        .iter()
        .map(|id| IdentityId::from_raw(i64::from(*id)));
    DiscoveredRole {
        entitlements,
        people: people.collect(),
    }
}

fn number(id: i64) -> Result<u32> {
    u32::try_from(id).map_err(|_| {
        Error::Refused("There are too many people or entitlements to look for roles.".to_owned())
    })
}
