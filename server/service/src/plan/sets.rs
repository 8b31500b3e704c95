//! Who gains and loses, by sets. Whoever has an entitlement is the union of those who hold a role that reaches it, those to
//! whom it was given itself, and those of whom a source found it and whom nothing ever gave it. Only people with an
//! exclusion are looked at one by one.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::resolution::{Given, RoleGraph};
use domain::role::Grantable;
use domain::time::Instant;
use jiff::tz::TimeZone;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::{Change, Effect};
use crate::Result;
use crate::effective::{AsOf, Via, load};

/// People read at a time when they are looked at one by one.
const CHUNK: usize = 500;

/// What every entitlement that a change may touch gains and loses; those it does not touch after all are left out.
pub(super) async fn effects(
    tx: &mut ReadTx,
    change: &Change,
    now: Instant,
) -> Result<BTreeMap<EntitlementId, Effect>> {
    let before = tx.role_graph().await?;
    let after = change.graph.as_ref().unwrap_or(&before);
    let mut touched = differing(&before, after);
    let mut whats: Vec<Grantable> = change.given.iter().map(|(what, _)| *what).collect();
    if let Some(rule) = change.without_rule {
        whats.extend(tx.rule(rule).await?.map(|rule| rule.content.gives));
    }
    for what in whats {
        match what {
            Grantable::Entitlement(id) => {
                touched.insert(id);
            }
            Grantable::Role(role) => {
                touched.extend(before.reach(role));
                touched.extend(after.reach(role));
            }
        }
    }
    if touched.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sets = Sets {
        now,
        change,
        before: HashMap::new(),
        after: HashMap::new(),
        past: None,
    };
    let absent = absent(tx, now).await?;
    let excluded = set(tx.excluded_people().await?.into_iter().map(IdentityId::raw));
    let mut all = BTreeMap::new();
    for id in &touched {
        let (had, has) = (
            sets.having(tx, &before, *id, false).await?,
            sets.having(tx, after, *id, true).await?,
        );
        let mut effect = Effect {
            gains: &(&has - &had) - &absent,
            losses: &(&had - &has) - &absent,
        };
        if !effect.gains.is_empty() {
            effect.gains -= sets.baseline(tx, *id).await?;
        }
        effect.gains -= &excluded;
        effect.losses -= &excluded;
        all.insert(*id, effect);
    }
    one_by_one(
        tx,
        &excluded,
        change,
        (&before, after),
        &touched,
        now,
        &mut all,
    )
    .await?;
    all.retain(|_, effect| !effect.gains.is_empty() || !effect.losses.is_empty());
    Ok(all)
}

fn set(ids: impl IntoIterator<Item = i64>) -> RoaringTreemap {
    ids.into_iter()
        .filter_map(|id| u64::try_from(id).ok())
        .collect()
}

/// Everything that some role gives in only one of two graphs.
pub(crate) fn differing(before: &RoleGraph, after: &RoleGraph) -> BTreeSet<EntitlementId> {
    let roles: BTreeSet<RoleId> = before.roles().into_iter().chain(after.roles()).collect();
    let mut all = BTreeSet::new();
    for role in roles {
        let (had, has) = (before.reach(role), after.reach(role));
        if had != has {
            let (had, has): (BTreeSet<_>, BTreeSet<_>) =
                (had.iter().collect(), has.iter().collect());
            all.extend(had.symmetric_difference(&has).map(|id| **id));
        }
    }
    all
}

async fn absent(tx: &mut ReadTx, now: Instant) -> Result<RoaringTreemap> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    Ok(set(tx.absent_people(now.day(&zone)).await?))
}

/// Who holds what, each read once.
struct Sets<'a> {
    now: Instant,
    change: &'a Change,
    before: HashMap<Grantable, RoaringTreemap>,
    after: HashMap<Grantable, RoaringTreemap>,
    past: Option<RoleGraph>,
}

impl Sets<'_> {
    /// Who has an entitlement by what is assigned, before or after the change.
    async fn having(
        &mut self,
        tx: &mut ReadTx,
        graph: &RoleGraph,
        id: EntitlementId,
        after: bool,
    ) -> Result<RoaringTreemap> {
        let mut all = RoaringTreemap::new();
        if !graph.is_live(id) {
            return Ok(all);
        }
        let roles = graph.giving(id).iter().map(|role| Grantable::Role(*role));
        for what in roles.chain([Grantable::Entitlement(id)]) {
            all |= self.holding(tx, what, after).await?;
        }
        Ok(all)
    }

    async fn holding(
        &mut self,
        tx: &mut ReadTx,
        what: Grantable,
        after: bool,
    ) -> Result<&RoaringTreemap> {
        if !self.before.contains_key(&what) {
            let now = set(tx.people_assigned(what, self.now, None).await?);
            self.before.insert(what, now);
        }
        if !after {
            return Ok(&self.before[&what]);
        }
        if !self.after.contains_key(&what) {
            let mut then = match self.change.without_rule {
                Some(rule) => set(tx.people_assigned(what, self.now, Some(rule)).await?),
                None => self.before[&what].clone(),
            };
            let given = self.change.given.iter().filter(|(given, _)| *given == what);
            given.for_each(|(_, people)| then |= people);
            self.after.insert(what, then);
        }
        Ok(&self.after[&what])
    }

    /// Of whom a source found an entitlement that nothing ever gave them: they have it already.
    async fn baseline(&mut self, tx: &mut ReadTx, id: EntitlementId) -> Result<RoaringTreemap> {
        let mut found = set(tx.people_observed(id).await?);
        if found.is_empty() {
            return Ok(found);
        }
        if self.past.is_none() {
            let known = AsOf::now(self.now).known;
            self.past = Some(tx.role_graph_ever(known).await?);
        }
        let roles = self.past.as_ref().map_or(&[][..], |past| past.giving(id));
        let roles: Vec<Grantable> = roles.iter().map(|role| Grantable::Role(*role)).collect();
        for what in roles.into_iter().chain([Grantable::Entitlement(id)]) {
            found -= set(tx.people_ever_assigned(what).await?);
        }
        Ok(found)
    }
}

/// People with an exclusion, resolved before and after.
async fn one_by_one(
    tx: &mut ReadTx,
    excluded: &RoaringTreemap,
    change: &Change,
    (before, after): (&RoleGraph, &RoleGraph),
    touched: &BTreeSet<EntitlementId>,
    now: Instant,
    all: &mut BTreeMap<EntitlementId, Effect>,
) -> Result<()> {
    let ids: Vec<IdentityId> = excluded
        .iter()
        .filter_map(|id| i64::try_from(id).ok().map(IdentityId::from_raw))
        .collect();
    let moment = AsOf::now(now);
    for some in ids.chunks(CHUNK) {
        let people = load(tx, some, moment).await?;
        for (id, mut whole) in people.by_id {
            let had = whole.entitlements(before, moment);
            if let Some(rule) = change.without_rule {
                let of_rule =
                    |via: &Via| matches!(via, Via::Assigned(one) if one.content.rule == Some(rule));
                let keep: Vec<bool> = whole.via.iter().map(|via| !of_rule(via)).collect();
                let mut kept = keep.iter();
                whole.given.retain(|_| *kept.next().unwrap_or(&true));
            }
            let raw = u64::try_from(id.raw()).unwrap_or_default();
            let gifts = change.given.iter().filter(|(_, to)| to.contains(raw));
            whole.given.extend(gifts.map(|(what, _)| Given {
                what: *what,
                from: now,
                until: None,
            }));
            let has = whole.entitlements(after, moment);
            for entitlement in touched {
                let effect = all.entry(*entitlement).or_default();
                match (had.contains(entitlement), has.contains(entitlement)) {
                    (false, true) => {
                        effect.gains.insert(raw);
                    }
                    (true, false) => {
                        effect.losses.insert(raw);
                    }
                    _ => {}
                }
            }
        }
    }
    Ok(())
}
