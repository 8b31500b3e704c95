//! Random roles against the definition, pair by pair.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use proptest::prelude::*;

use super::*;
use crate::resolution::{Inclusion, Node, RoleGraph};
use crate::role::Grantable;
use crate::time::Instant;

const EVERY: usize = usize::MAX;

fn role(id: i64) -> RoleId {
    RoleId::from_raw(id)
}

fn entitlement(id: i64) -> EntitlementId {
    EntitlementId::from_raw(id)
}

fn node(active: bool, entitlements: &BTreeSet<i64>, roles: &BTreeSet<i64>) -> Node {
    let things = entitlements
        .iter()
        .map(|id| Grantable::Entitlement(entitlement(*id)));
    let things = things.chain(roles.iter().map(|id| Grantable::Role(role(*id))));
    Node {
        active,
        parts: things
            .map(|what| Inclusion {
                what,
                since: Instant::from_micros(0),
            })
            .collect(),
    }
}

type Roles = Vec<(bool, BTreeSet<i64>, BTreeSet<i64>)>;

fn graph(roles: &Roles, inactive: &BTreeSet<i64>) -> RoleGraph {
    let nodes = (0_i64..).zip(roles).map(|(id, (active, things, inner))| {
        // Only lower numbers are in a role, so there is no circle.
        let inner = inner.iter().copied().filter(|part| *part < id).collect();
        (role(id), node(*active, things, &inner))
    });
    RoleGraph::new(nodes, inactive.iter().map(|id| entitlement(*id)).collect())
}

/// The definition, word by word.
fn by_definition(graph: &RoleGraph) -> BTreeSet<Overlap> {
    let all = graph.roles();
    let gives: BTreeMap<RoleId, BTreeSet<EntitlementId>> = all
        .iter()
        .map(|role| (*role, graph.reach(*role).iter().copied().collect()))
        .collect();
    let includes = |outer: RoleId, inner: RoleId| {
        let (mut open, mut seen) = (vec![outer], HashSet::from([outer]));
        while let Some(role) = open.pop() {
            let parts = graph.node(role).map(|node| node.parts.as_slice());
            let parts = parts.unwrap_or_default().iter();
            open.extend(parts.filter_map(|part| part.what.role().filter(|id| seen.insert(*id))));
        }
        seen.contains(&inner)
    };
    let mut pairs = BTreeSet::new();
    for one in &all {
        for other in &all {
            let (a, b) = (&gives[one], &gives[other]);
            if one == other || a.is_empty() || b.is_empty() {
                continue;
            }
            let overlap = |kind| Overlap {
                kind,
                one: *one,
                other: *other,
                shared: a.intersection(b).count(),
                only_one: a.difference(b).count(),
                only_other: b.difference(a).count(),
            };
            let (shared, all) = (a.intersection(b).count(), a.union(b).count());
            if a == b {
                pairs.extend((one < other).then(|| overlap(OverlapKind::Same)));
            } else if a.is_superset(b) {
                pairs.extend((!includes(*one, *other)).then(|| overlap(OverlapKind::Contains)));
            } else if !b.is_superset(a) && shared >= 3 && shared * 5 >= all * 4 {
                pairs.extend((one < other).then(|| overlap(OverlapKind::Similar)));
            }
        }
    }
    pairs
}

fn some_of(most: i64, size: usize) -> impl Strategy<Value = BTreeSet<i64>> {
    prop::collection::btree_set(0..most, 0..size)
}

/// Sets of nearly all of a few things are often alike; sets of few things are often within others.
fn any_role() -> impl Strategy<Value = (bool, BTreeSet<i64>, BTreeSet<i64>)> {
    let few = some_of(8, 4);
    let most =
        some_of(9, 4).prop_map(|without| (0..9).filter(|id| !without.contains(id)).collect());
    let things = prop_oneof![few, most];
    let inner = prop_oneof![3 => Just(BTreeSet::new()), 1 => some_of(9, 3)];
    (prop::bool::weighted(0.9), things, inner)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn every_pair_of_the_definition_is_found_and_no_other(roles in prop::collection::vec(any_role(), 0..10), inactive in some_of(9, 2)) {
        let graph = graph(&roles, &inactive);
        let found = overlaps(&graph, EVERY);
        prop_assert!(found.is_sorted());
        let found: BTreeSet<Overlap> = found.into_iter().collect();
        prop_assert_eq!(found, by_definition(&graph));
    }

    #[test]
    fn no_more_than_asked_for_and_all_of_them_right(roles in prop::collection::vec(any_role(), 0..10), most in 0_usize..6) {
        let graph = graph(&roles, &BTreeSet::new());
        let all = by_definition(&graph);
        let found = overlaps(&graph, most);
        prop_assert_eq!(found.len(), most.min(all.len()));
        prop_assert!(found.iter().all(|pair| all.contains(pair)));
    }

    #[test]
    fn sides_are_those_of_the_sets(one in some_of(12, 9), other in some_of(12, 9)) {
        let list = |set: &BTreeSet<i64>| set.iter().map(|id| entitlement(*id)).collect::<Vec<_>>();
        let sides = Sides::of(&list(&one), &list(&other));
        prop_assert_eq!(sides.shared, list(&(&one & &other)));
        prop_assert_eq!(sides.only_one, list(&(&one - &other)));
        prop_assert_eq!(sides.only_other, list(&(&other - &one)));
    }
}

#[test]
fn what_includes_another_contains_it_by_intent() {
    let of = |ids: &[i64]| ids.iter().copied().collect::<BTreeSet<i64>>();
    let roles = vec![
        (true, of(&[1, 2]), of(&[])),
        (true, of(&[3]), of(&[0])),
        (true, of(&[1, 2, 4]), of(&[])),
        (true, of(&[]), of(&[0])),
    ];
    let found = overlaps(&graph(&roles, &of(&[])), EVERY);
    let pairs: Vec<_> = found
        .iter()
        .map(|pair| (pair.kind, pair.one.raw(), pair.other.raw()))
        .collect();
    let expected = [
        (OverlapKind::Same, 0, 3),
        (OverlapKind::Contains, 1, 3),
        (OverlapKind::Contains, 2, 0),
        (OverlapKind::Contains, 2, 3),
    ];
    assert_eq!(pairs, expected);
}

/// Two thousand roles that are nearly the same, and as many that share only what everybody has: neither makes anybody wait.
#[test]
fn many_roles_are_compared_without_looking_at_every_pair() {
    let common: BTreeSet<i64> = (0..40).collect();
    let nearly = (0..2_000_i64).map(|n| {
        let mut things = common.clone();
        things.insert(1_000 + n);
        (true, things, BTreeSet::new())
    });
    let found = overlaps(&graph(&nearly.collect(), &BTreeSet::new()), 1_000);
    assert_eq!(found.len(), 1_000);
    assert!(found.iter().all(|pair| pair.shared == 40));
    let apart = (0..2_000_i64).map(|n| {
        let own = (0..20).map(|k| 100 + (n * 31 + k * 501) % 9_900);
        (true, own.chain([0, 1]).collect(), BTreeSet::new())
    });
    let apart = graph(&apart.collect(), &BTreeSet::new());
    assert!(overlaps(&apart, EVERY).len() < 2_000);
}
