//! Random roles and people against a resolution that knows no shortcut (invariants 1 and 8).

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;
use crate::id::{EntitlementId, RoleId};
use crate::role::Grantable;
use crate::time::Instant;

const ROLES: i64 = 12;
const ENTITLEMENTS: i64 = 10;
const NOW: i64 = 1_000;

fn role(id: i64) -> RoleId {
    RoleId::from_raw(id)
}

fn entitlement(id: i64) -> EntitlementId {
    EntitlementId::from_raw(id)
}

fn at(micros: i64) -> Instant {
    Instant::from_micros(micros)
}

#[derive(Debug, Clone)]
struct World {
    nodes: BTreeMap<RoleId, Node>,
    inactive: HashSet<EntitlementId>,
    subject: Subject,
    given: Vec<Given>,
    exclusions: Vec<Exclusion>,
}

impl World {
    fn graph(&self) -> RoleGraph {
        RoleGraph::new(self.nodes.clone(), self.inactive.clone())
    }

    fn has(&self) -> BTreeSet<EntitlementId> {
        entitlements(
            &self.graph(),
            self.subject,
            &self.given,
            &self.exclusions,
            at(NOW),
        )
    }

    /// The definition, word by word.
    fn by_definition(&self) -> BTreeSet<EntitlementId> {
        fn walk(world: &World, what: Grantable, all: &mut BTreeSet<EntitlementId>) {
            let excluded = world
                .exclusions
                .iter()
                .any(|one| one.what == what && one.holds(at(NOW)));
            if excluded {
                return;
            }
            match what {
                Grantable::Entitlement(id) => {
                    if !world.inactive.contains(&id) {
                        all.insert(id);
                    }
                }
                Grantable::Role(id) => {
                    for part in world
                        .nodes
                        .get(&id)
                        .filter(|node| node.active)
                        .map_or(&[][..], |node| &node.parts)
                    {
                        walk(world, part.what, all);
                    }
                }
            }
        }
        let mut all = BTreeSet::new();
        if self.subject.present && self.subject.ends.is_none_or(|ends| ends > at(NOW)) {
            for given in self.given.iter().filter(|given| given.holds(at(NOW))) {
                walk(self, given.what, &mut all);
            }
        }
        all
    }
}

fn any_what() -> impl Strategy<Value = Grantable> {
    prop_oneof![
        (0..ENTITLEMENTS).prop_map(|id| Grantable::Entitlement(entitlement(id))),
        (0..ROLES).prop_map(|id| Grantable::Role(role(id))),
    ]
}

fn any_span() -> impl Strategy<Value = (Instant, Option<Instant>)> {
    (0_i64..1_100, prop::option::weighted(0.3, 900_i64..1_200))
        .prop_map(|(from, until)| (at(from), until.map(at)))
}

fn any_world() -> impl Strategy<Value = World> {
    let parts = prop::collection::vec((0..ROLES, any_what(), 0_i64..900), 0..50);
    let given = prop::collection::vec((any_what(), any_span()), 0..8);
    let exclusions = prop::collection::vec((any_what(), any_span()), 0..3);
    let dead = prop::collection::hash_set((0..ENTITLEMENTS).prop_map(entitlement), 0..2);
    let off = prop::collection::btree_set(0..ROLES, 0..2);
    let subject = (
        prop::bool::weighted(0.95),
        prop::option::weighted(0.2, 900_i64..1_100),
    );
    (parts, given, exclusions, dead, off, subject).prop_map(
        |(parts, given, exclusions, inactive, off, (present, ends))| {
            let mut nodes: BTreeMap<RoleId, Node> = (0..ROLES)
                .map(|id| {
                    let active = !off.contains(&id);
                    (
                        role(id),
                        Node {
                            active,
                            parts: Vec::new(),
                        },
                    )
                })
                .collect();
            for (into, what, since) in parts {
                // Only downwards: no cycle.
                if what.role().is_some_and(|inner| inner.raw() >= into) {
                    continue;
                }
                let parts = &mut nodes.get_mut(&role(into)).expect("it is there").parts;
                if parts.iter().all(|part| part.what != what) {
                    parts.push(Inclusion {
                        what,
                        since: at(since),
                    });
                }
            }
            let given = given
                .into_iter()
                .map(|(what, (from, until))| Given { what, from, until });
            let exclusions = exclusions
                .into_iter()
                .map(|(what, (from, until))| Exclusion { what, from, until });
            World {
                nodes,
                inactive,
                subject: Subject {
                    present,
                    ends: ends.map(at),
                },
                given: given.collect(),
                exclusions: exclusions.collect(),
            }
        },
    )
}

proptest! {
    #[test]
    fn what_a_person_has_is_what_the_definition_says(world in any_world()) {
        let expected = world.by_definition();
        prop_assert_eq!(&world.has(), &expected);
        let resolved = resolve(&world.graph(), world.subject, &world.given, &world.exclusions, at(NOW));
        let same: BTreeSet<_> = resolved.iter().map(|access| access.entitlement).collect();
        prop_assert_eq!(same, expected);
    }

    #[test]
    fn every_access_has_a_derivation_and_every_step_of_it_is_there(world in any_world()) {
        let graph = world.graph();
        for access in resolve(&graph, world.subject, &world.given, &world.exclusions, at(NOW)) {
            prop_assert!(!access.chains.is_empty());
            prop_assert!(access.until().is_none_or(|until| until > at(NOW)));
            for chain in &access.chains {
                let given = world.given[chain.given];
                prop_assert!(given.holds(at(NOW)));
                prop_assert!(chain.since >= given.from);
                let mut here = given.what;
                for step in chain.roles.iter().map(|id| Grantable::Role(*id)).chain([Grantable::Entitlement(access.entitlement)]) {
                    if here != step {
                        let inside = here.role().and_then(|id| graph.node(id)).is_some_and(|node| node.active && node.parts.iter().any(|part| part.what == step));
                        prop_assert!(inside, "{:?} is not in {:?}", step, here);
                    }
                    here = step;
                    prop_assert!(world.exclusions.iter().all(|one| one.what != step || !one.holds(at(NOW))));
                }
            }
        }
    }

    #[test]
    fn the_minimal_cut_ends_it_and_no_smaller_one_does_and_it_says_what_else_goes(world in any_world()) {
        let graph = world.graph();
        let before = world.has();
        for id in (0..ENTITLEMENTS).map(entitlement) {
            let found = cut(&graph, world.subject, &world.given, &world.exclusions, at(NOW), id);
            prop_assert_eq!(found.is_some(), before.contains(&id));
            let Some(found) = found else { continue };
            let without = |ended: &[usize]| {
                let mut world = world.clone();
                let mut index = 0;
                world.given.retain(|_| { index += 1; !ended.contains(&(index - 1)) });
                world.has()
            };
            let lost: BTreeSet<_> = before.difference(&without(&found.given)).copied().collect();
            let mut said = found.also.clone();
            said.insert(id);
            prop_assert_eq!(lost, said);
            for kept in &found.given {
                let fewer: Vec<_> = found.given.iter().copied().filter(|one| one != kept).collect();
                prop_assert!(without(&fewer).contains(&id));
            }
        }
    }

    #[test]
    fn an_exclusion_takes_exactly_what_it_names(world in any_world()) {
        let before = world.has();
        for id in &before {
            let mut excluded = world.clone();
            excluded.exclusions.push(Exclusion { what: Grantable::Entitlement(*id), from: at(0), until: None });
            let mut rest = before.clone();
            rest.remove(id);
            prop_assert_eq!(excluded.has(), rest);
        }
    }

    #[test]
    fn ways_up_and_down_agree(world in any_world()) {
        let graph = world.graph();
        for outer in graph.roles() {
            for id in (0..ENTITLEMENTS).map(entitlement) {
                prop_assert_eq!(graph.giving(id).contains(&outer), graph.reach(outer).contains(&id));
                prop_assert_eq!(graph.reach(outer).contains(&id), !graph.paths(outer, id, &BTreeSet::new()).is_empty());
            }
            for inner in graph.including(outer) {
                let active = graph.node(inner).is_some_and(|node| node.active);
                prop_assert!(!active || graph.within(inner).contains(&outer) || graph.within(inner).iter().any(|role| graph.node(*role).is_some_and(|node| !node.active)));
            }
        }
    }

    #[test]
    fn a_role_in_itself_is_refused_and_nothing_else_is(world in any_world(), into in 0..ROLES, what in 0..ROLES) {
        let graph = world.graph();
        let parts = BTreeSet::from([Grantable::Role(role(what))]);
        let closes = graph.cycle_with(role(into), &parts);
        let all: BTreeMap<_, _> = world.nodes.iter().map(|(id, node)| (*id, Node { active: true, parts: node.parts.clone() })).collect();
        let reaches = RoleGraph::new(all, HashSet::new()).within(role(what)).contains(&role(into));
        // What was in the role before is replaced, so a way through itself does not count.
        if closes.is_some() { prop_assert!(reaches); }
        if what == into { prop_assert!(closes.is_some()); }
        if let Some(path) = closes {
            prop_assert_eq!(path.first(), path.last());
        }
    }
}

#[test]
fn a_net_with_more_paths_than_anybody_can_count_is_walked_at_once() {
    let mut nodes = BTreeMap::new();
    for level in 0..20_i64 {
        for side in 0..2 {
            let below = (0..2).map(|side| Grantable::Role(role(level * 2 + side)));
            let leaf = Grantable::Entitlement(entitlement(1));
            let parts = if level == 0 {
                vec![leaf]
            } else {
                below.collect()
            };
            let parts = parts
                .into_iter()
                .map(|what| Inclusion { what, since: at(0) });
            let node = Node {
                active: true,
                parts: parts.collect(),
            };
            nodes.insert(role(level * 2 + 2 + side), node);
        }
    }
    let graph = RoleGraph::new(nodes, HashSet::new());
    assert_eq!(graph.reach(role(40)), [entitlement(1)]);
    assert!(
        !graph
            .paths(role(40), entitlement(1), &BTreeSet::new())
            .is_empty()
    );
}
