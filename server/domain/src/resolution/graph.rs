//! Roles and what is in them at one moment, with everything that each of them reaches.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use crate::id::{EntitlementId, RoleId};
use crate::role::{Grantable, cycle};
use crate::time::Instant;

/// Something in a role, since when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inclusion {
    /// What.
    pub what: Grantable,
    /// Since when it is in the role.
    pub since: Instant,
}

/// A role with what is directly in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node {
    /// Whether it gives anything: a suspended or ended role does not.
    pub active: bool,
    /// What is in it.
    pub parts: Vec<Inclusion>,
}

/// The roles of one moment. What a role reaches is found once, when the graph is made.
#[derive(Debug, Clone, Default)]
pub struct RoleGraph {
    nodes: HashMap<RoleId, Node>,
    inactive: HashSet<EntitlementId>,
    reach: HashMap<RoleId, Vec<EntitlementId>>,
    giving: HashMap<EntitlementId, Vec<RoleId>>,
    parents: HashMap<RoleId, Vec<RoleId>>,
}

/// Paths of one person to one entitlement that are looked for: what a person can read, and a hostile net of roles has more
/// paths than anybody can count.
const MOST_PATHS: usize = 50;

impl RoleGraph {
    /// Makes the graph. `inactive` are entitlements that nobody has, whatever roles say: suspended and ended ones. A cycle,
    /// which storage never holds, is walked once.
    pub fn new(
        nodes: impl IntoIterator<Item = (RoleId, Node)>,
        inactive: HashSet<EntitlementId>,
    ) -> Self {
        let mut graph = Self {
            nodes: nodes.into_iter().collect(),
            inactive,
            ..Self::default()
        };
        graph.index();
        graph
    }

    fn index(&mut self) {
        let nothing = BTreeSet::new();
        let mut reach: HashMap<RoleId, Vec<EntitlementId>> = HashMap::new();
        for role in self.bottom_up() {
            let mut all = BTreeSet::new();
            self.collect(role, &nothing, &reach, &mut all);
            reach.insert(role, all.into_iter().collect());
        }
        let (mut giving, mut parents) = (HashMap::new(), HashMap::new());
        for (role, all) in &reach {
            for entitlement in all {
                push(&mut giving, *entitlement, *role);
            }
        }
        for (role, node) in &self.nodes {
            for part in node.parts.iter().filter_map(|part| part.what.role()) {
                push(&mut parents, part, *role);
            }
        }
        for roles in giving.values_mut() {
            roles.sort_unstable();
        }
        for roles in parents.values_mut() {
            roles.sort_unstable();
        }
        (self.reach, self.giving, self.parents) = (reach, giving, parents);
    }

    /// Every role after those that are in it. No recursion: chains can be long.
    fn bottom_up(&self) -> Vec<RoleId> {
        let mut roles: Vec<RoleId> = self.nodes.keys().copied().collect();
        roles.sort_unstable();
        let (mut order, mut seen) = (Vec::with_capacity(roles.len()), HashSet::new());
        for start in roles {
            let mut open = vec![(start, false)];
            while let Some((role, done)) = open.pop() {
                if done {
                    order.push(role);
                } else if self.nodes.contains_key(&role) && seen.insert(role) {
                    open.push((role, true));
                    let parts = &self.nodes[&role].parts;
                    open.extend(
                        parts
                            .iter()
                            .filter_map(|part| Some((part.what.role()?, false))),
                    );
                }
            }
        }
        order
    }

    /// What a role reaches when some roles are cut out; those with an entry in `known` are not walked again.
    fn collect(
        &self,
        start: RoleId,
        without: &BTreeSet<RoleId>,
        known: &HashMap<RoleId, Vec<EntitlementId>>,
        all: &mut BTreeSet<EntitlementId>,
    ) {
        let (mut open, mut seen) = (vec![start], HashSet::from([start]));
        while let Some(role) = open.pop() {
            if without.contains(&role) {
                continue;
            }
            if let Some(known) = known.get(&role) {
                all.extend(known);
                continue;
            }
            let Some(node) = self.nodes.get(&role).filter(|node| node.active) else {
                continue;
            };
            for part in &node.parts {
                match part.what {
                    Grantable::Entitlement(id) if !self.inactive.contains(&id) => {
                        all.insert(id);
                    }
                    Grantable::Role(id) if seen.insert(id) => open.push(id),
                    Grantable::Entitlement(_) | Grantable::Role(_) => {}
                }
            }
        }
    }

    /// A role of this moment.
    pub fn node(&self, role: RoleId) -> Option<&Node> {
        self.nodes.get(&role)
    }

    /// The ids of all roles of this moment, sorted.
    pub fn roles(&self) -> Vec<RoleId> {
        let mut roles: Vec<_> = self.nodes.keys().copied().collect();
        roles.sort_unstable();
        roles
    }

    /// Whether somebody can have it at all.
    pub fn is_live(&self, entitlement: EntitlementId) -> bool {
        !self.inactive.contains(&entitlement)
    }

    /// Entitlements that nobody has, whatever roles say. In no order.
    pub fn inactive(&self) -> impl Iterator<Item = EntitlementId> {
        self.inactive.iter().copied()
    }

    /// Everything a role gives, sorted (INCITS 359: the permissions of a role, with those it inherits).
    pub fn reach(&self, role: RoleId) -> &[EntitlementId] {
        self.reach.get(&role).map_or(&[], Vec::as_slice)
    }

    /// Everything a role gives when other roles are cut out.
    pub fn reach_without(
        &self,
        role: RoleId,
        without: &BTreeSet<RoleId>,
    ) -> BTreeSet<EntitlementId> {
        let mut all = BTreeSet::new();
        self.collect(role, without, &HashMap::new(), &mut all);
        all
    }

    /// The roles that give an entitlement, directly or through others, sorted.
    pub fn giving(&self, entitlement: EntitlementId) -> &[RoleId] {
        self.giving.get(&entitlement).map_or(&[], Vec::as_slice)
    }

    /// The roles in which this one is directly, sorted.
    pub fn parents(&self, role: RoleId) -> &[RoleId] {
        self.parents.get(&role).map_or(&[], Vec::as_slice)
    }

    /// A role and every role in which it is, directly or through others.
    pub fn including(&self, role: RoleId) -> BTreeSet<RoleId> {
        let (mut open, mut all) = (vec![role], BTreeSet::from([role]));
        while let Some(role) = open.pop() {
            let new = self.parents(role).iter().filter(|role| all.insert(**role));
            open.extend(new);
        }
        all
    }

    /// A role and every role in it, directly or through others; inactive ones are named, what is in them is not.
    pub fn within(&self, role: RoleId) -> BTreeSet<RoleId> {
        let (mut open, mut all) = (vec![role], BTreeSet::from([role]));
        while let Some(role) = open.pop() {
            let Some(node) = self.nodes.get(&role).filter(|node| node.active) else {
                continue;
            };
            let parts = node.parts.iter().filter_map(|part| part.what.role());
            open.extend(parts.filter(|role| all.insert(*role)));
        }
        all
    }

    /// The ways from a role to an entitlement, each as the roles on it: the shortest first, at most fifty. Roles in `without`
    /// are not walked through.
    pub fn paths(
        &self,
        role: RoleId,
        entitlement: EntitlementId,
        without: &BTreeSet<RoleId>,
    ) -> Vec<Vec<RoleId>> {
        let (mut found, mut open) = (Vec::new(), std::collections::VecDeque::from([vec![role]]));
        while let Some(way) = open.pop_front() {
            let here = way[way.len() - 1];
            if without.contains(&here) || self.reach(here).binary_search(&entitlement).is_err() {
                continue;
            }
            let Some(node) = self.nodes.get(&here) else {
                continue;
            };
            for part in &node.parts {
                match part.what {
                    Grantable::Entitlement(id) if id == entitlement => found.push(way.clone()),
                    // Nothing of a way is walked twice, also in a cycle; a wide net is left where enough is open.
                    Grantable::Role(id) if !way.contains(&id) && open.len() < 10 * MOST_PATHS => {
                        open.push_back([way.as_slice(), &[id]].concat());
                    }
                    Grantable::Entitlement(_) | Grantable::Role(_) => {}
                }
            }
            if found.len() >= MOST_PATHS {
                break;
            }
        }
        found
    }

    /// Since when a way from a role to an entitlement is there: the latest of its steps.
    pub fn way_since(&self, way: &[RoleId], entitlement: EntitlementId) -> Option<Instant> {
        let targets = way[1..].iter().map(|role| Grantable::Role(*role));
        let targets = targets.chain([Grantable::Entitlement(entitlement)]);
        let steps = way.iter().zip(targets).map(|(role, what)| {
            let parts = self.nodes.get(role).map(|node| node.parts.as_slice());
            let part = parts.unwrap_or_default().iter();
            part.filter(|part| part.what == what)
                .map(|part| part.since)
                .min()
        });
        steps.collect::<Option<Vec<_>>>()?.into_iter().max()
    }

    /// The way round that a role would close if these roles were in it; the first role stands at both ends. Without such a
    /// way inclusion stays a partial order (INCITS 359, general role hierarchies).
    pub fn cycle_with(&self, role: RoleId, parts: &BTreeSet<Grantable>) -> Option<Vec<RoleId>> {
        let inner = |node: &Node| {
            node.parts
                .iter()
                .filter_map(|part| part.what.role())
                .collect()
        };
        let mut edges: BTreeMap<RoleId, BTreeSet<RoleId>> = self
            .nodes
            .iter()
            .map(|(id, node)| (*id, inner(node)))
            .collect();
        edges.insert(role, parts.iter().filter_map(|what| what.role()).collect());
        cycle(&edges)
    }

    /// The graph as it would be with another content of some roles.
    #[must_use]
    pub fn with(&self, changes: impl IntoIterator<Item = (RoleId, Node)>) -> Self {
        self.with_dead(changes, [])
    }

    /// The same, where some entitlements besides are such that nobody has them.
    #[must_use]
    pub fn with_dead(
        &self,
        changes: impl IntoIterator<Item = (RoleId, Node)>,
        dead: impl IntoIterator<Item = EntitlementId>,
    ) -> Self {
        let (mut nodes, mut inactive) = (self.nodes.clone(), self.inactive.clone());
        nodes.extend(changes);
        inactive.extend(dead);
        Self::new(nodes, inactive)
    }
}

fn push<K: std::hash::Hash + Eq, V>(all: &mut HashMap<K, Vec<V>>, key: K, value: V) {
    all.entry(key).or_default().push(value);
}
