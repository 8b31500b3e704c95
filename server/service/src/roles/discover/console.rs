//! Discovery for the command line: everybody, shown and not kept.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use domain::discovered::Scope;
use domain::discovery::Proposed;
use domain::id::{EntitlementId, IdentityId};

use super::gather::gather;
use super::permitted;
use super::search::search;
use crate::effective::NamedEntitlement;
use crate::{Cx, Error, Result, Service, boxed};

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
    pub grants: u64,
    /// Fewer roles are impossible.
    pub bound: u64,
}

/// Finds roles in what people have now. The rights of the console are left out: roles do not give them.
#[boxed]
pub async fn discover(service: &Service, cx: &Cx) -> Result<Discovered> {
    service.noted(cx, permitted(cx).map(drop)).await?;
    let broken_off = || Error::Internal("nobody called the search off".to_owned());
    let mut on = |_| ControlFlow::Continue(());
    let gathered = gather(service, &Scope::Everybody, &mut on).await?;
    let gathered = gathered.ok_or_else(broken_off)?;
    let found = search(gathered.pairs, |_| ControlFlow::Continue(())).await?;
    let found = found.ok_or_else(broken_off)?;
    let roles = found.proposal.roles.into_iter();
    Ok(Discovered {
        roles: roles.map(|role| named(&role, &gathered.names)).collect(),
        grants: found.grants,
        bound: found.bound,
    })
}

fn named(role: &Proposed, names: &BTreeMap<EntitlementId, NamedEntitlement>) -> DiscoveredRole {
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
