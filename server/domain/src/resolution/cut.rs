//! What must be taken from a person so that they really lose something, and what else goes with it.

use std::collections::BTreeSet;

use super::resolve::{Cuts, gives};
use super::{Exclusion, Given, RoleGraph, Subject};
use crate::id::EntitlementId;
use crate::time::Instant;

/// The smallest set of given things whose end ends an access.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cut {
    /// Which of the given things must end: every one that gives it, because each alone would keep it.
    pub given: Vec<usize>,
    /// What else the person would lose with them.
    pub also: BTreeSet<EntitlementId>,
}

/// The minimal cut of an access; none when the person does not have it. Only what the person was given is cut: a role's
/// content is everybody's, and an exclusion takes nothing else away, whatever the ways are.
pub fn cut(
    graph: &RoleGraph,
    subject: Subject,
    given: &[Given],
    exclusions: &[Exclusion],
    at: Instant,
    entitlement: EntitlementId,
) -> Option<Cut> {
    if !subject.is_there(at) {
        return None;
    }
    let cuts = Cuts::at(exclusions, at);
    let (mut must, mut lost, mut kept) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for (index, one) in given.iter().enumerate().filter(|(_, one)| one.holds(at)) {
        let mut all = BTreeSet::new();
        gives(graph, &cuts, one.what, |id| {
            all.insert(id);
        });
        if all.contains(&entitlement) {
            must.push(index);
            lost.extend(all);
        } else {
            kept.extend(all);
        }
    }
    if must.is_empty() {
        return None;
    }
    lost.remove(&entitlement);
    Some(Cut {
        given: must,
        also: lost.difference(&kept).copied().collect(),
    })
}
