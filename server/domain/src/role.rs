//! Roles: named bundles of entitlements and other roles.
//!
//! Inclusion is a general partial order: a role may be included by many, but no role includes itself.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::field::FieldErrors;
use crate::id::{EntitlementId, IdentityId, ObjectKind, ObjectRef, RoleId, SourceId};
use crate::lifecycle::Lifecycle;
use crate::time::Instant;

/// What can be given to a person, or put into a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grantable {
    /// A single entitlement.
    Entitlement(EntitlementId),
    /// A role with everything in it.
    Role(RoleId),
}

impl Grantable {
    /// The entitlement, when it is one.
    pub const fn entitlement(self) -> Option<EntitlementId> {
        match self {
            Self::Entitlement(id) => Some(id),
            Self::Role(_) => None,
        }
    }

    /// The thing with this id, when it is one that can be given.
    pub fn of(object: ObjectRef) -> Option<Self> {
        match object.kind {
            ObjectKind::Entitlement => Some(Self::Entitlement(EntitlementId::from_raw(object.raw))),
            ObjectKind::Role => Some(Self::Role(RoleId::from_raw(object.raw))),
            _ => None,
        }
    }

    /// The id as that of any object.
    pub fn object(self) -> ObjectRef {
        match self {
            Self::Entitlement(id) => id.into(),
            Self::Role(id) => id.into(),
        }
    }

    /// The role, when it is one.
    pub const fn role(self) -> Option<RoleId> {
        match self {
            Self::Role(id) => Some(id),
            Self::Entitlement(_) => None,
        }
    }
}

/// Something in a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct RolePart {
    /// What.
    #[serde(flatten)]
    pub what: Grantable,
    /// Which source put it there; none when a person did. Only that source takes it out again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
}

/// What is recorded about a role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RoleContent {
    /// Technical name, as in import files; unique without regard to case.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Who answers for it.
    pub owner: Option<IdentityId>,
    /// Where it is in its life.
    pub status: Lifecycle,
    /// The source that brought it; none when a person made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
    /// What is in it.
    pub parts: BTreeSet<RolePart>,
}

/// A role as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Role {
    /// Its id.
    pub id: RoleId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: RoleContent,
}

/// What a person types into the form of a role, unchecked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleDraft {
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// The owner's username or id, resolved by the service.
    pub owner: String,
}

impl RoleDraft {
    /// Checks everything that needs no database; `owner` is what the typed owner was resolved to. What is in the role stays.
    pub fn check(
        &self,
        before: Option<&RoleContent>,
        owner: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> RoleContent {
        let display_name = errors.required("display_name", "The name", &self.display_name, 200);
        let name = errors.required("name", "The technical name", &self.name, 200);
        if name.starts_with("rol_") {
            errors.add(
                "name",
                "The technical name must not begin like an id (rol_). Choose another.",
            );
        }
        RoleContent {
            name,
            display_name,
            description: errors.text("description", "The description", &self.description, 2000),
            owner,
            status: before.map_or(Lifecycle::Active, |before| before.status),
            source: before.and_then(|before| before.source),
            parts: before
                .map(|before| before.parts.clone())
                .unwrap_or_default(),
        }
    }
}

/// A way from a role back to itself, if there is one: the first role stands at both ends. The first found in the order of
/// the roles is given, so the same edges give the same answer.
pub fn cycle<R: Copy + Ord>(includes: &BTreeMap<R, BTreeSet<R>>) -> Option<Vec<R>> {
    let mut done = BTreeSet::new();
    for start in includes.keys() {
        if done.contains(start) {
            continue;
        }
        // The way from `start` to here, each with what is left to look at. No recursion: chains can be long.
        let mut way = vec![(*start, children(includes, *start))];
        let mut on_way = BTreeSet::from([*start]);
        while let Some((role, rest)) = way.last_mut() {
            let role = *role;
            let Some(next) = rest.pop() else {
                on_way.remove(&role);
                done.insert(role);
                way.pop();
                continue;
            };
            if on_way.contains(&next) {
                let begin = way.iter().position(|(role, _)| *role == next).unwrap_or(0);
                let mut path: Vec<R> = way[begin..].iter().map(|(role, _)| *role).collect();
                path.push(next);
                return Some(path);
            }
            if !done.contains(&next) {
                on_way.insert(next);
                way.push((next, children(includes, next)));
            }
        }
    }
    None
}

/// The last one is looked at first, so they are turned round.
fn children<R: Copy + Ord>(includes: &BTreeMap<R, BTreeSet<R>>, role: R) -> Vec<R> {
    let all = includes.get(&role);
    all.map(|all| all.iter().rev().copied().collect())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn graph(edges: &[(u8, u8)]) -> BTreeMap<u8, BTreeSet<u8>> {
        let mut all: BTreeMap<u8, BTreeSet<u8>> = BTreeMap::new();
        for (from, to) in edges {
            all.entry(*from).or_default().insert(*to);
        }
        all
    }

    #[test]
    fn a_cycle_is_shown_as_the_way_round() {
        assert_eq!(cycle(&graph(&[(1, 2), (2, 3), (1, 3)])), None);
        assert_eq!(
            cycle(&graph(&[(1, 2), (2, 3), (3, 2)])),
            Some(vec![2, 3, 2])
        );
        assert_eq!(cycle(&graph(&[(4, 4)])), Some(vec![4, 4]));
    }

    proptest! {
        #[test]
        fn downward_edges_have_no_cycle_and_one_upward_edge_on_a_path_makes_one(
            edges in prop::collection::vec((0_u8..20, 0_u8..20), 0..60),
            length in 1_u8..10,
        ) {
            let mut down: Vec<(u8, u8)> = edges.into_iter().filter(|(from, to)| from > to).collect();
            prop_assert_eq!(cycle(&graph(&down)), None);
            down.extend((0..length).map(|step| (step + 1, step)));
            down.push((0, length));
            let path = cycle(&graph(&down)).expect("a cycle");
            prop_assert!(path.first() == path.last() && path.len() > 1);
            prop_assert!(path.windows(2).all(|step| down.contains(&(step[0], step[1]))));
        }
    }
}
