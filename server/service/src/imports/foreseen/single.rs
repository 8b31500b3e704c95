//! People who leave, come back or have an exclusion: each of them resolved in full, before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::id::{EntitlementId, IdentityId, SourceId};
use domain::resolution::{Given, Subject};
use domain::role::Grantable;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::resolve::{Effects, Models, person};
use super::{Foreseen, place};
use crate::Result;
use crate::effective::{AsOf, Via, Whole, load_from};

/// People read at a time.
const CHUNK: usize = 500;

/// What a check found of one person.
#[derive(Debug, Default)]
struct Own {
    given: Vec<Grantable>,
    ever: Vec<Grantable>,
    seen: BTreeSet<EntitlementId>,
    gone: BTreeSet<EntitlementId>,
}

impl Foreseen {
    pub(super) async fn one_by_one(
        &self,
        tx: &mut ReadTx,
        models: &Models,
        source: SourceId,
        alone: &RoaringTreemap,
        all: &mut Effects,
    ) -> Result<()> {
        let ids: Vec<IdentityId> = alone.iter().filter_map(person).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let mut own = self.own(alone);
        let moment = AsOf::now(self.now);
        for some in ids.chunks(CHUNK) {
            let mut ever: BTreeMap<IdentityId, BTreeSet<Grantable>> = BTreeMap::new();
            for (id, what) in tx.ever_assigned(some, moment.known).await? {
                ever.entry(id).or_default().insert(what);
            }
            let graphs = (Arc::clone(&models.before), Some(&*models.ever_before));
            let people = load_from(tx, graphs, some, moment).await?;
            for (id, mut whole) in people.by_id {
                let had = whole.entitlements(&models.before, moment);
                let own = own.remove(&id).unwrap_or_default();
                let mut ever = ever.remove(&id).unwrap_or_default();
                ever.extend(&own.ever);
                self.make(&mut whole, &own, (models, &ever), source);
                let has = whole.entitlements(&models.after, moment);
                let at = place(id.raw());
                for gained in has.difference(&had) {
                    all.entry(*gained).or_default().gains.insert(at);
                }
                for lost in had.difference(&has) {
                    all.entry(*lost).or_default().losses.insert(at);
                }
            }
        }
        Ok(())
    }

    /// What was found of some people, by person.
    fn own(&self, some: &RoaringTreemap) -> BTreeMap<IdentityId, Own> {
        let mut all: BTreeMap<IdentityId, Own> = BTreeMap::new();
        let mut each = |set: &RoaringTreemap, note: &mut dyn FnMut(&mut Own)| {
            for id in (set & some).iter().filter_map(person) {
                note(all.entry(id).or_default());
            }
        };
        for (what, set) in &self.given {
            each(set, &mut |own| own.given.push(*what));
        }
        for (what, set) in &self.ever {
            each(set, &mut |own| own.ever.push(*what));
        }
        for (what, set) in &self.seen {
            each(set, &mut |own| own.seen.extend([*what]));
        }
        for (what, set) in &self.gone {
            each(set, &mut |own| own.gone.extend([*what]));
        }
        all
    }

    /// Makes a person what they are afterwards.
    fn make(
        &self,
        whole: &mut Whole,
        own: &Own,
        (models, ever): (&Models, &BTreeSet<Grantable>),
        source: SourceId,
    ) {
        let given = whole.given.iter().zip(&whole.via);
        let kept = given.filter(|(_, via)| match via {
            Via::Assigned(one) => !self.touched.contains(place(one.id.raw())),
            Via::Found(_) => false,
        });
        let kept: Vec<Given> = kept.map(|(given, _)| *given).collect();
        let observed = whole
            .observed
            .iter()
            .filter(|row| row.source != source || !own.gone.contains(&row.key.entitlement));
        let mut baseline: BTreeSet<EntitlementId> =
            observed.map(|row| row.key.entitlement).collect();
        baseline.extend(&own.seen);
        for what in ever {
            match what {
                Grantable::Entitlement(id) => {
                    baseline.remove(id);
                }
                Grantable::Role(role) => {
                    for id in models.ever_after.reach(*role) {
                        baseline.remove(id);
                    }
                }
            }
        }
        let found = baseline.into_iter().map(Grantable::Entitlement);
        let from = self.now;
        let new = own.given.iter().copied().chain(found);
        let new = new.map(|what| Given {
            what,
            from,
            until: None,
        });
        whole.given = kept.into_iter().chain(new).collect();
        whole.via.clear();
        if let Some(present) = self.presence.get(&whole.identity.id) {
            whole.subject = Subject {
                present: *present,
                ends: None,
            };
        }
    }
}
