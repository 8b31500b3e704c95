//! Who gains and loses what by everything a check found, by sets: before and after, what roles give, what was given itself,
//! and what sources see that nothing ever gave. People who come back, leave or have an exclusion are looked at one by one.

use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::id::{ApplicationId, EntitlementId, IdentityId, RoleId, SourceId};
use domain::lifecycle::Lifecycle;
use domain::resolution::{Inclusion, Node, RoleGraph};
use domain::role::{Grantable, RoleContent};
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::{Foreseen, place};
use crate::Result;
use crate::effective::AsOf;
use crate::plan::{Effect, differing};

/// By entitlement; those that nobody gains or loses are left out.
pub(super) type Effects = BTreeMap<EntitlementId, Effect>;

/// The roles before and after; of the past, everything they ever held.
#[derive(Debug)]
pub(super) struct Models {
    pub(super) before: Arc<RoleGraph>,
    pub(super) after: Arc<RoleGraph>,
    pub(super) ever_before: Arc<RoleGraph>,
    pub(super) ever_after: Arc<RoleGraph>,
}

impl Foreseen {
    /// Who gains and who loses what.
    pub(in crate::imports) async fn effects(
        &self,
        tx: &mut ReadTx,
        source: SourceId,
    ) -> Result<Effects> {
        if self.is_empty() {
            return Ok(Effects::new());
        }
        let models = self.models(tx).await?;
        let touched = self.concerned(&models);
        let alone = self.alone(tx).await?;
        let aside = &self.nobodies(tx).await? | &alone;
        let mut sets = Sets {
            foreseen: self,
            models: &models,
            source,
            held: HashMap::new(),
            ever: HashMap::new(),
        };
        let mut all = Effects::new();
        for id in touched {
            let (had, has) = sets.having(tx, id).await?;
            let effect = Effect {
                gains: &(&has - &had) - &aside,
                losses: &(&had - &has) - &aside,
            };
            all.insert(id, effect);
        }
        self.one_by_one(tx, &models, source, &alone, &mut all)
            .await?;
        all.retain(|_, effect| !effect.gains.is_empty() || !effect.losses.is_empty());
        Ok(all)
    }

    /// Whether nothing was found that decides about access.
    fn is_empty(&self) -> bool {
        self.roles.is_empty()
            && self.entitlements.is_empty()
            && self.applications.is_empty()
            && self.presence.is_empty()
            && self.touched.is_empty()
            && self.ever.is_empty()
            && self.seen.is_empty()
            && self.gone.is_empty()
    }

    async fn models(&self, tx: &mut ReadTx) -> Result<Models> {
        let before = tx.role_graph().await?;
        let known = AsOf::now(self.now).known;
        let ever_before = Arc::new(tx.role_graph_ever(known).await?);
        let dead = self.dead(tx).await?;
        if self.roles.is_empty() && dead.is_empty() {
            return Ok(Models {
                after: Arc::clone(&before),
                before,
                ever_after: Arc::clone(&ever_before),
                ever_before,
            });
        }
        let present = self.roles.iter().map(|(id, content)| {
            let active = content.status == Lifecycle::Active;
            let parts = self.parts(content).collect();
            (*id, Node { active, parts })
        });
        let ever = self.roles.iter().map(|(id, content)| {
            let known = ever_before.node(*id).into_iter();
            let known = known.flat_map(|node| node.parts.iter().copied());
            let parts = known.chain(self.parts(content)).collect();
            let active = true;
            (*id, Node { active, parts })
        });
        Ok(Models {
            after: Arc::new(before.with_dead(present, dead)),
            ever_after: Arc::new(ever_before.with(ever)),
            before,
            ever_before,
        })
    }

    fn parts(&self, content: &RoleContent) -> impl Iterator<Item = Inclusion> {
        let whats: BTreeSet<Grantable> = content.parts.iter().map(|part| part.what).collect();
        let since = self.now;
        whats.into_iter().map(move |what| Inclusion { what, since })
    }

    /// Entitlements that nobody has afterwards, whatever roles say.
    async fn dead(&self, tx: &mut ReadTx) -> Result<BTreeSet<EntitlementId>> {
        let mut dead = BTreeSet::new();
        for (id, content) in &self.applications {
            if content.status != Lifecycle::Active && id.raw() > 0 {
                dead.extend(tx.entitlements_of(*id).await?);
            }
        }
        let new = self.entitlements.iter().filter(|(id, _)| id.raw() < 0);
        let places: BTreeSet<ApplicationId> = new
            .map(|(_, content)| content.application)
            .filter(|id| id.raw() > 0)
            .collect();
        let places: Vec<ApplicationId> = places.into_iter().collect();
        let mut off: BTreeSet<ApplicationId> = BTreeSet::new();
        if !places.is_empty() {
            let found = tx.applications_with(&places).await?.into_iter();
            let found = found.filter(|found| found.content.status != Lifecycle::Active);
            off.extend(found.map(|found| found.id));
        }
        for (id, content) in &self.applications {
            if content.status != Lifecycle::Active {
                off.insert(*id);
            }
        }
        for (id, content) in &self.entitlements {
            if content.status != Lifecycle::Active || off.contains(&content.application) {
                dead.insert(*id);
            }
        }
        Ok(dead)
    }

    /// Entitlements of which somebody may gain or lose something by what is given, seen or in roles.
    fn concerned(&self, models: &Models) -> BTreeSet<EntitlementId> {
        let mut all = differing(&models.before, &models.after);
        all.extend(differing(&models.ever_before, &models.ever_after));
        let graphs = [&models.before, &models.after, &models.ever_after];
        for what in self.whats.iter().chain(self.ever.keys()) {
            match what {
                Grantable::Entitlement(id) => {
                    all.insert(*id);
                }
                Grantable::Role(role) => {
                    all.extend(graphs.iter().flat_map(|graph| graph.reach(*role)));
                }
            }
        }
        all.extend(self.seen.keys().chain(self.gone.keys()));
        all.extend(self.entitlements.keys());
        let ended = models.after.inactive();
        all.extend(ended.filter(|id| models.before.is_live(*id)));
        all
    }

    /// People who are looked at one by one.
    async fn alone(&self, tx: &mut ReadTx) -> Result<RoaringTreemap> {
        let mut alone: RoaringTreemap = self.presence.keys().map(|id| place(id.raw())).collect();
        let excluded = tx.excluded_people().await?.into_iter();
        alone.extend(excluded.map(|id| place(id.raw())));
        Ok(alone)
    }

    /// People who can use nothing, before and after.
    async fn nobodies(&self, tx: &mut ReadTx) -> Result<RoaringTreemap> {
        let mut nobodies = self.absent.clone();
        let today = self.now.day(&self.zone);
        nobodies.extend(tx.absent_people(today).await?.into_iter().map(place));
        nobodies.extend(tx.ended_people().await?.into_iter().map(place));
        Ok(nobodies)
    }
}

/// Who holds one thing.
#[derive(Debug)]
struct Held {
    before: RoaringTreemap,
    /// None when it is the same.
    after: Option<RoaringTreemap>,
}

/// Who holds, and ever held, what; each read once.
struct Sets<'a> {
    foreseen: &'a Foreseen,
    models: &'a Models,
    source: SourceId,
    held: HashMap<Grantable, Held>,
    ever: HashMap<Grantable, RoaringTreemap>,
}

/// Whether something is recorded.
fn recorded(what: Grantable) -> bool {
    match what {
        Grantable::Entitlement(id) => id.raw() > 0,
        Grantable::Role(id) => id.raw() > 0,
    }
}

/// What gives an entitlement: roles, and it itself.
fn giving(roles: &[RoleId], id: EntitlementId) -> impl Iterator<Item = Grantable> {
    let roles = roles.iter().map(|role| Grantable::Role(*role));
    roles.chain([Grantable::Entitlement(id)])
}

impl Sets<'_> {
    /// Who has an entitlement, before and after.
    async fn having(
        &mut self,
        tx: &mut ReadTx,
        id: EntitlementId,
    ) -> Result<(RoaringTreemap, RoaringTreemap)> {
        let models = self.models;
        let live = (models.before.is_live(id), models.after.is_live(id));
        let (mut had, mut has) = (RoaringTreemap::new(), RoaringTreemap::new());
        if live.0 {
            for what in giving(models.before.giving(id), id) {
                had |= &self.held(tx, what).await?.before;
            }
        }
        if live.1 {
            for what in giving(models.after.giving(id), id) {
                let held = self.held(tx, what).await?;
                has |= held.after.as_ref().unwrap_or(&held.before);
            }
        }
        let (found, finds) = self.baseline(tx, id).await?;
        if live.0 {
            had |= found;
        }
        if live.1 {
            has |= finds;
        }
        Ok((had, has))
    }

    async fn held(&mut self, tx: &mut ReadTx, what: Grantable) -> Result<&Held> {
        if !self.held.contains_key(&what) {
            let rows = if recorded(what) {
                tx.assignments_in_force(what, self.foreseen.now).await?
            } else {
                Vec::new()
            };
            let changes = self.foreseen.whats.contains(&what);
            let given = self.foreseen.given.get(&what);
            let mut after =
                (changes || given.is_some()).then(|| given.cloned().unwrap_or_default());
            if let Some(after) = &mut after {
                let kept = rows
                    .iter()
                    .filter(|(id, _)| !self.foreseen.touched.contains(place(*id)));
                after.extend(kept.map(|(_, person)| place(*person)));
            }
            let before = rows.iter().map(|(_, person)| place(*person)).collect();
            self.held.insert(what, Held { before, after });
        }
        Ok(&self.held[&what])
    }

    /// Of whom sources see an entitlement that nothing ever gave them, before and after.
    async fn baseline(
        &mut self,
        tx: &mut ReadTx,
        id: EntitlementId,
    ) -> Result<(RoaringTreemap, RoaringTreemap)> {
        let (mut found, mut finds) = self.observed(tx, id).await?;
        let models = self.models;
        if !found.is_empty() {
            for what in giving(models.ever_before.giving(id), id) {
                found -= self.ever(tx, what).await?;
            }
        }
        if !finds.is_empty() {
            for what in giving(models.ever_after.giving(id), id) {
                finds -= self.ever(tx, what).await?;
                if let Some(more) = self.foreseen.ever.get(&what) {
                    finds -= more;
                }
            }
        }
        Ok((found, finds))
    }

    /// Of whom sources see an entitlement, before and after.
    async fn observed(
        &self,
        tx: &mut ReadTx,
        id: EntitlementId,
    ) -> Result<(RoaringTreemap, RoaringTreemap)> {
        let mut before = RoaringTreemap::new();
        if id.raw() > 0 {
            before.extend(tx.people_observed(id).await?.into_iter().map(place));
        }
        let mut after = before.clone();
        if let Some(gone) = self.foreseen.gone.get(&id) {
            let others = tx.people_observed_besides(id, self.source).await?;
            let others: RoaringTreemap = others.into_iter().map(place).collect();
            after -= gone - &others;
        }
        if let Some(seen) = self.foreseen.seen.get(&id) {
            after |= seen;
        }
        Ok((before, after))
    }

    async fn ever(&mut self, tx: &mut ReadTx, what: Grantable) -> Result<&RoaringTreemap> {
        match self.ever.entry(what) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let people = if recorded(what) {
                    tx.people_ever_assigned(what).await?
                } else {
                    Vec::new()
                };
                Ok(unknown.insert(people.into_iter().map(place).collect()))
            }
        }
    }
}

/// Whom a place in a set means, when they are recorded.
pub(super) fn person(at: u64) -> Option<IdentityId> {
    let at = i64::try_from(at).ok().filter(|_| at < super::NEW);
    at.map(IdentityId::from_raw)
}
