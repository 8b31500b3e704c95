//! What can be given, as forms take it.

use std::collections::{BTreeMap, BTreeSet};

use domain::role::Grantable;
use storage::ReadTx;

use crate::{Result, applications};

/// `APPLICATION/ENTITLEMENT` or `role:NAME` of many things; unknown ones are left out.
pub(crate) async fn technical_names(
    tx: &mut ReadTx,
    whats: impl Iterator<Item = Grantable>,
) -> Result<BTreeMap<Grantable, String>> {
    let whats: BTreeSet<Grantable> = whats.collect();
    let roles: Vec<_> = whats.iter().filter_map(|what| what.role()).collect();
    let single: Vec<_> = whats.iter().filter_map(|what| what.entitlement()).collect();
    let mut names = BTreeMap::new();
    if !roles.is_empty() {
        for role in tx.roles_with(&roles).await? {
            names.insert(Grantable::Role(role.id), role_name(&role.content.name));
        }
    }
    if !single.is_empty() {
        let found = tx.entitlements_with(&single).await?;
        let of = found.iter().map(|one| one.content.application);
        let of = applications::technical_names(tx, of).await?;
        for one in found {
            if let Some(application) = of.get(&one.content.application) {
                let name = entitlement_name(application, &one.content.name);
                names.insert(Grantable::Entitlement(one.id), name);
            }
        }
    }
    Ok(names)
}

/// How a form takes a role.
pub(crate) fn role_name(name: &str) -> String {
    format!("role:{name}")
}

/// How a form takes an entitlement.
pub(crate) fn entitlement_name(application: &str, name: &str) -> String {
    format!("{application}/{name}")
}
