//! What a person has at a moment, to be told beside another person or another moment.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{EntitlementId, IdentityId};
use domain::resolution::Access;

use super::load::{People, Whole};
use super::named::{Names, Wanted};
use super::person::{Line, line};
use super::words::want;

/// One of two sides.
#[derive(Debug, Default)]
pub(super) struct Side<'a> {
    /// Nobody where the person was not there yet.
    whole: Option<&'a Whole>,
    access: BTreeMap<EntitlementId, Access>,
}

impl<'a> Side<'a> {
    pub(super) fn of(people: &'a People, id: IdentityId) -> Self {
        let Some(whole) = people.by_id.get(&id) else {
            return Self::default();
        };
        let access = whole.resolve(&people.graph, people.moment).into_iter();
        Self {
            whole: Some(whole),
            access: access.map(|access| (access.entitlement, access)).collect(),
        }
    }

    /// What the person has.
    pub(super) fn entitlements(&self) -> BTreeSet<EntitlementId> {
        self.access.keys().copied().collect()
    }

    /// What telling some of it needs the names of.
    pub(super) fn want(&self, wanted: &mut Wanted, some: &BTreeSet<EntitlementId>) {
        let Some(whole) = self.whole else { return };
        for access in some.iter().filter_map(|id| self.access.get(id)) {
            wanted.entitlements.insert(access.entitlement);
            for chain in &access.chains {
                want(wanted, whole, chain);
            }
        }
    }

    /// Some of it by application and name, with how.
    pub(super) fn lines(&self, some: &BTreeSet<EntitlementId>, names: &Names) -> Vec<Line> {
        let Some(whole) = self.whole else {
            return Vec::new();
        };
        let access = some.iter().filter_map(|id| self.access.get(id));
        let mut lines: Vec<Line> = access
            .filter_map(|access| {
                Some(Line {
                    entitlement: names.entitlements.get(&access.entitlement)?.clone(),
                    line: line(whole, access, names),
                    peers: None,
                })
            })
            .collect();
        lines.sort_by_cached_key(|line| line.entitlement.order());
        lines
    }
}
