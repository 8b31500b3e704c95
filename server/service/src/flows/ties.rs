//! Two flows that cover the same thing equally closely: nobody could say which one counts, so there are none.

use std::collections::BTreeSet;

use domain::approval::Covers;

use super::words::FlowNames;

/// What two flows both cover, equally closely, in words; none when there is always one that counts.
pub(super) fn tie(one: &Covers, other: &Covers, names: &FlowNames) -> Option<String> {
    if one.everything && other.everything {
        return Some("everything".to_owned());
    }
    let of = |risks: &Covers| -> BTreeSet<_> { risks.risks.iter().copied().collect() };
    if let Some(risk) = of(one).intersection(&of(other)).next() {
        return Some(format!("the risk {}", risk.label().to_lowercase()));
    }
    let shared = one
        .applications
        .iter()
        .find(|id| other.applications.contains(id));
    if let Some(id) = shared {
        return Some(format!("the application {}", names.name((*id).into())));
    }
    let shared = one
        .entitlements
        .iter()
        .find(|id| other.entitlements.contains(id));
    if let Some(id) = shared {
        return Some(names.name((*id).into()));
    }
    let shared = one.roles.iter().find(|id| other.roles.contains(id));
    shared.map(|id| format!("the role {}", names.name((*id).into())))
}
