//! The first lines of a plan, with names.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::IdentityId;
use storage::ReadTx;

use super::{Effect, PlanLine};
use crate::Result;
use crate::effective::NamedEntitlement;

/// The first lines, losses before gains: what is taken away hurts first.
pub(super) async fn lines(
    tx: &mut ReadTx,
    effects: &[(NamedEntitlement, Effect)],
    most: usize,
) -> Result<Vec<PlanLine>> {
    let losses = effects
        .iter()
        .map(|(named, effect)| (named, &effect.losses, false));
    let gains = effects
        .iter()
        .map(|(named, effect)| (named, &effect.gains, true));
    let all = losses.chain(gains).flat_map(|(named, people, gains)| {
        let people = people.iter().filter_map(|id| i64::try_from(id).ok());
        people.map(move |id| (named, IdentityId::from_raw(id), gains))
    });
    let first: Vec<_> = all.take(most).collect();
    let ids: BTreeSet<IdentityId> = first.iter().map(|(_, id, _)| *id).collect();
    let ids: Vec<IdentityId> = ids.into_iter().collect();
    let names: BTreeMap<IdentityId, String> = if ids.is_empty() {
        BTreeMap::new()
    } else {
        let named = tx.identity_names(&ids).await?.into_iter();
        named
            .map(|person| (person.id, person.display_name))
            .collect()
    };
    let lines = first.into_iter().map(|(named, person, gains)| PlanLine {
        person,
        name: names.get(&person).cloned().unwrap_or_default(),
        entitlement: named.clone(),
        gains,
    });
    Ok(lines.collect())
}
