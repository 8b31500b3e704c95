//! Finding the pairs without looking at every pair.

use std::collections::{BTreeMap, HashMap, HashSet};

use super::{LEAST_OF_A_HUNDRED, LEAST_SHARED, Overlap, OverlapKind, is_similar};
use crate::id::{EntitlementId, RoleId};
use crate::resolution::RoleGraph;

/// What a role gives, sorted.
type Gives<'g> = (RoleId, &'g [EntitlementId]);

/// Pairs of active roles that overlap, at most so many: those that are the same first, then those of which one contains the
/// other, then those that are similar; each kind in the order of its roles. A role that gives nothing overlaps with none.
pub fn overlaps(graph: &RoleGraph, most: usize) -> Vec<Overlap> {
    let roles: Vec<Gives<'_>> = graph
        .roles()
        .into_iter()
        .map(|role| (role, graph.reach(role)))
        .filter(|(_, gives)| !gives.is_empty())
        .collect();
    let mut found = Found {
        pairs: Vec::new(),
        most,
    };
    same(&roles, &mut found);
    contained(graph, &roles, &mut found);
    similar(graph, &roles, &mut found);
    found.pairs.sort_unstable();
    found.pairs
}

/// What was found, as long as there is room.
struct Found {
    pairs: Vec<Overlap>,
    most: usize,
}

impl Found {
    const fn is_full(&self) -> bool {
        self.pairs.len() >= self.most
    }

    fn add(&mut self, pair: Overlap) {
        if !self.is_full() {
            self.pairs.push(pair);
        }
    }
}

fn same(roles: &[Gives<'_>], found: &mut Found) {
    let mut alike: BTreeMap<&[EntitlementId], Vec<RoleId>> = BTreeMap::new();
    for (role, gives) in roles {
        alike.entry(*gives).or_default().push(*role);
    }
    for (gives, roles) in alike {
        let mut rest = roles.as_slice();
        while let Some((one, others)) = rest.split_first() {
            for other in others {
                if found.is_full() {
                    return;
                }
                found.add(Overlap {
                    kind: OverlapKind::Same,
                    one: *one,
                    other: *other,
                    shared: gives.len(),
                    only_one: 0,
                    only_other: 0,
                });
            }
            rest = others;
        }
    }
}

/// A role that has all of another has the rarest thing of it, too: only those that give this are looked at.
fn contained(graph: &RoleGraph, roles: &[Gives<'_>], found: &mut Found) {
    for (small, gives) in roles {
        let rarest = gives.iter().min_by_key(|id| graph.giving(**id).len());
        let Some(rarest) = rarest else { continue };
        let mut including = None;
        for large in graph.giving(*rarest) {
            let has = graph.reach(*large);
            if has.len() <= gives.len() || !is_within(gives, has) {
                continue;
            }
            if including
                .get_or_insert_with(|| graph.including(*small))
                .contains(large)
            {
                continue;
            }
            if found.is_full() {
                return;
            }
            found.add(Overlap {
                kind: OverlapKind::Contains,
                one: *large,
                other: *small,
                shared: gives.len(),
                only_one: has.len() - gives.len(),
                only_other: 0,
            });
        }
    }
}

/// Whether everything of a sorted list is in another one.
fn is_within(small: &[EntitlementId], large: &[EntitlementId]) -> bool {
    let mut rest = large.iter();
    small
        .iter()
        .all(|wanted| rest.by_ref().find(|one| *one >= wanted) == Some(wanted))
}

/// Sets that share at least this part of what is in either have one of their first elements in common, when both are sorted
/// in one order; with the rarest first, few sets do.
fn similar(graph: &RoleGraph, roles: &[Gives<'_>], found: &mut Found) {
    let mut by_size: Vec<&Gives<'_>> = roles
        .iter()
        .filter(|(_, gives)| gives.len() > LEAST_SHARED)
        .collect();
    by_size.sort_by_key(|(role, gives)| (gives.len(), *role));
    let mut index: HashMap<EntitlementId, Vec<&Gives<'_>>> = HashMap::new();
    for this in by_size {
        let (role, gives) = this;
        let mut looked_at = HashSet::new();
        for first in first_of(graph, gives) {
            let known = index.entry(first).or_default();
            for before in known.iter().filter(|before| looked_at.insert(before.0)) {
                let (other, has) = before;
                // The smaller one must have room for what both share.
                if has.len() * 100 < gives.len() * LEAST_OF_A_HUNDRED {
                    continue;
                }
                if found.is_full() {
                    return;
                }
                let shared = in_both(gives, has);
                let (mine, theirs) = (gives.len() - shared, has.len() - shared);
                if is_similar(shared, mine, theirs) {
                    found.add(in_order(*role, *other, shared, mine, theirs));
                }
            }
            known.push(this);
        }
    }
}

/// The rarest things of a role, as many as one of them must be in every role that is similar to it.
fn first_of(graph: &RoleGraph, gives: &[EntitlementId]) -> Vec<EntitlementId> {
    let needed = (gives.len() * LEAST_OF_A_HUNDRED).div_ceil(100);
    let first = gives.len() - needed + 1;
    let mut sorted: Vec<(usize, EntitlementId)> = gives
        .iter()
        .map(|id| (graph.giving(*id).len(), *id))
        .collect();
    sorted.sort_unstable();
    sorted.into_iter().take(first).map(|(_, id)| id).collect()
}

/// How many things are in both of two sorted lists.
fn in_both(one: &[EntitlementId], other: &[EntitlementId]) -> usize {
    let (mut one, mut other) = (one.iter().peekable(), other.iter().peekable());
    let mut count = 0;
    while let (Some(a), Some(b)) = (one.peek(), other.peek()) {
        let (order, equal) = (a.cmp(b), a == b);
        count += usize::from(equal);
        if order.is_le() {
            one.next();
        }
        if order.is_ge() {
            other.next();
        }
    }
    count
}

fn in_order(a: RoleId, b: RoleId, shared: usize, only_a: usize, only_b: usize) -> Overlap {
    let (one, other, only_one, only_other) = if a < b {
        (a, b, only_a, only_b)
    } else {
        (b, a, only_b, only_a)
    };
    Overlap {
        kind: OverlapKind::Similar,
        one,
        other,
        shared,
        only_one,
        only_other,
    }
}
