//! Whether a person holds a role: it was given, or is in one that was, and no exclusion stands in the way.

use std::collections::BTreeSet;

use domain::id::{EntitlementId, RoleId};
use domain::resolution::{Access, Chain, RoleGraph};
use domain::role::Grantable;

use super::AsOf;
use super::load::Whole;

/// The ways by which a person holds a role. The entitlement of the answer means nothing.
pub(super) fn held(whole: &Whole, graph: &RoleGraph, moment: AsOf, role: RoleId) -> Option<Access> {
    if !whole.subject.is_there(moment.at) {
        return None;
    }
    let without: BTreeSet<RoleId> = whole
        .exclusions
        .iter()
        .filter(|one| one.content.valid_from <= moment.at)
        .filter(|one| {
            one.content
                .valid_until
                .is_none_or(|until| until > moment.at)
        })
        .filter_map(|one| one.content.what.role())
        .collect();
    let mut chains = Vec::new();
    for (index, given) in whole.given.iter().enumerate() {
        let Grantable::Role(start) = given.what else {
            continue;
        };
        if !given.holds(moment.at) {
            continue;
        }
        if let Some(roles) = way_down(graph, start, role, &without) {
            chains.push(Chain {
                given: index,
                roles,
                since: given.from,
                until: given.until,
            });
        }
    }
    (!chains.is_empty()).then_some(Access {
        entitlement: EntitlementId::from_raw(0),
        chains,
    })
}

/// Whether who has one role holds another with it.
pub(super) fn reaches(graph: &RoleGraph, from: RoleId, to: RoleId) -> bool {
    way_down(graph, from, to, &BTreeSet::new()).is_some()
}

/// The shortest way from a role down to one in it.
fn way_down(
    graph: &RoleGraph,
    from: RoleId,
    to: RoleId,
    without: &BTreeSet<RoleId>,
) -> Option<Vec<RoleId>> {
    let mut seen = BTreeSet::from([from]);
    let mut open = std::collections::VecDeque::from([vec![from]]);
    while let Some(way) = open.pop_front() {
        let here = way[way.len() - 1];
        if without.contains(&here) {
            continue;
        }
        if here == to {
            return Some(way);
        }
        let Some(node) = graph.node(here).filter(|node| node.active) else {
            continue;
        };
        for part in node.parts.iter().filter_map(|part| part.what.role()) {
            if seen.insert(part) {
                open.push_back([way.as_slice(), &[part]].concat());
            }
        }
    }
    None
}
