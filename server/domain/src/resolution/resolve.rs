//! The effective access of one person at one moment.

use std::collections::{BTreeMap, BTreeSet};

use super::RoleGraph;
use crate::id::{EntitlementId, RoleId};
use crate::role::Grantable;
use crate::time::Instant;

/// Whose access is resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Subject {
    /// Whether they can use anything: suspended and ended ones cannot.
    pub present: bool,
    /// When their last day is over.
    pub ends: Option<Instant>,
}

/// What a person was given: an assignment that is in force, or what an import found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Given {
    /// What.
    pub what: Grantable,
    /// From when.
    pub from: Instant,
    /// Until when; none without an end.
    pub until: Option<Instant>,
}

/// What a person shall not get, whoever gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exclusion {
    /// What. An excluded role gives the person nothing, also where it is in another.
    pub what: Grantable,
    /// From when.
    pub from: Instant,
    /// Until when; none without an end.
    pub until: Option<Instant>,
}

/// One way by which a person has an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    /// Which of the given things it begins with.
    pub given: usize,
    /// The roles on the way, from what was given to what holds the entitlement; none when it was given itself.
    pub roles: Vec<RoleId>,
    /// Since when this way is there.
    pub since: Instant,
    /// When it ends by itself, as far as is known now.
    pub until: Option<Instant>,
}

/// Something a person has, with every reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Access {
    /// What.
    pub entitlement: EntitlementId,
    /// The ways, in the order of what was given, the shortest first. Never empty (invariant 1).
    pub chains: Vec<Chain>,
}

impl Access {
    /// Since when they have it: the oldest of the ways that are there now.
    pub fn since(&self) -> Option<Instant> {
        self.chains.iter().map(|chain| chain.since).min()
    }

    /// When the last way ends; none when one has no end.
    pub fn until(&self) -> Option<Instant> {
        let ends: Option<Vec<_>> = self.chains.iter().map(|chain| chain.until).collect();
        ends?.into_iter().max()
    }
}

fn during(from: Instant, until: Option<Instant>, at: Instant) -> bool {
    from <= at && until.is_none_or(|until| until > at)
}

impl Subject {
    /// Whether they can use anything at a moment.
    pub fn is_there(&self, at: Instant) -> bool {
        self.present && self.ends.is_none_or(|ends| ends > at)
    }
}

impl Given {
    /// Whether it is in force at a moment.
    pub fn holds(&self, at: Instant) -> bool {
        during(self.from, self.until, at)
    }
}

impl Exclusion {
    /// Whether it is in force at a moment.
    pub fn holds(&self, at: Instant) -> bool {
        during(self.from, self.until, at)
    }
}

/// What is excluded at a moment.
pub(super) struct Cuts {
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) entitlements: BTreeSet<EntitlementId>,
}

impl Cuts {
    pub(super) fn at(exclusions: &[Exclusion], at: Instant) -> Self {
        let now = || exclusions.iter().filter(|exclusion| exclusion.holds(at));
        Self {
            roles: now().filter_map(|one| one.what.role()).collect(),
            entitlements: now().filter_map(|one| one.what.entitlement()).collect(),
        }
    }
}

/// What one given thing gives, sorted by nothing but complete.
pub(super) fn gives(
    graph: &RoleGraph,
    cuts: &Cuts,
    what: Grantable,
    mut each: impl FnMut(EntitlementId),
) {
    match what {
        Grantable::Entitlement(id) if graph.is_live(id) && !cuts.entitlements.contains(&id) => {
            each(id);
        }
        Grantable::Entitlement(_) => {}
        Grantable::Role(role) if cuts.roles.is_empty() => {
            let reach = graph.reach(role).iter();
            reach
                .filter(|id| !cuts.entitlements.contains(id))
                .for_each(|id| each(*id));
        }
        Grantable::Role(role) => {
            let reach = graph.reach_without(role, &cuts.roles);
            reach
                .difference(&cuts.entitlements)
                .for_each(|id| each(*id));
        }
    }
}

/// Only what a person has at a moment, without why (INCITS 359: user permissions).
pub fn entitlements(
    graph: &RoleGraph,
    subject: Subject,
    given: &[Given],
    exclusions: &[Exclusion],
    at: Instant,
) -> BTreeSet<EntitlementId> {
    let mut all = BTreeSet::new();
    if subject.is_there(at) {
        let cuts = Cuts::at(exclusions, at);
        for one in given.iter().filter(|given| given.holds(at)) {
            gives(graph, &cuts, one.what, |id| {
                all.insert(id);
            });
        }
    }
    all
}

/// What a person has at a moment and by which ways, sorted by entitlement.
pub fn resolve(
    graph: &RoleGraph,
    subject: Subject,
    given: &[Given],
    exclusions: &[Exclusion],
    at: Instant,
) -> Vec<Access> {
    if !subject.is_there(at) {
        return Vec::new();
    }
    let cuts = Cuts::at(exclusions, at);
    let mut all: BTreeMap<EntitlementId, Vec<Chain>> = BTreeMap::new();
    for (index, one) in given.iter().enumerate().filter(|(_, one)| one.holds(at)) {
        gives(graph, &cuts, one.what, |id| {
            let chains = all.entry(id).or_default();
            let ways = match one.what {
                Grantable::Entitlement(_) => vec![Vec::new()],
                Grantable::Role(role) => graph.paths(role, id, &cuts.roles),
            };
            chains.extend(ways.into_iter().map(|roles| {
                let since = if roles.is_empty() {
                    None
                } else {
                    graph.way_since(&roles, id)
                };
                Chain {
                    given: index,
                    since: since.map_or(one.from, |since| since.max(one.from)),
                    until: ends(subject, one, exclusions, &roles, id, at),
                    roles,
                }
            }));
        });
    }
    all.into_iter()
        .map(|(entitlement, chains)| Access {
            entitlement,
            chains,
        })
        .collect()
}

/// When a way ends by itself: its validity, the person's last day, or an exclusion that begins later.
fn ends(
    subject: Subject,
    given: &Given,
    exclusions: &[Exclusion],
    roles: &[RoleId],
    entitlement: EntitlementId,
    at: Instant,
) -> Option<Instant> {
    let hit = |what: Grantable| match what {
        Grantable::Entitlement(id) => id == entitlement,
        Grantable::Role(id) => roles.contains(&id),
    };
    let excluded = exclusions
        .iter()
        .filter(|one| one.from > at && one.until.is_none_or(|until| until > one.from))
        .filter(|one| hit(one.what))
        .map(|one| one.from);
    excluded.chain(given.until).chain(subject.ends).min()
}
