//! What a change would do before it is made: exactly who gains and who loses what. The real resolution over one moment of
//! the database, by sets of people and not one by one; its hash says whether it is still the same when the change is made.

mod assignments;
mod many;
mod people;
mod sentence;
mod sets;

use std::collections::BTreeMap;

use domain::id::{EntitlementId, IdentityId, RuleId};
use domain::resolution::RoleGraph;
use domain::role::Grantable;
use domain::time::Instant;
use proof::hash::sha256;
use roaring::RoaringTreemap;
use storage::ReadTx;
use storage::assignments::Assignment;

pub(crate) use assignments::{Outcome, outcomes};
pub use many::{Asked, MANY};
pub(crate) use sets::differing;

use crate::Result;
use crate::effective::{NamedEntitlement, names_of};

/// People named on a page; all are counted.
const MOST_LINES: usize = 200;

/// What is to be changed.
#[derive(Debug, Default)]
pub(crate) struct Change {
    /// The roles as they would be.
    pub(crate) graph: Option<RoleGraph>,
    /// A rule whose assignments would be gone.
    pub(crate) without_rule: Option<RuleId>,
    /// What would be given, and to whom.
    pub(crate) given: Vec<(Grantable, RoaringTreemap)>,
    /// Assignments as they would be. Where there are any, nothing else is changed.
    pub(crate) replaced: Vec<Assignment>,
}

/// Who gains and loses one entitlement.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Effect {
    pub(crate) gains: RoaringTreemap,
    pub(crate) losses: RoaringTreemap,
}

/// Somebody who gains or loses something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanLine {
    /// Who.
    pub person: IdentityId,
    /// Their name.
    pub name: String,
    /// What.
    pub entitlement: NamedEntitlement,
    /// Whether they gain it.
    pub gains: bool,
}

/// How many gain and lose an entitlement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanEffect {
    /// Which.
    pub entitlement: NamedEntitlement,
    /// So many people gain it.
    pub gains: u64,
    /// So many people lose it.
    pub losses: u64,
}

/// What a change would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Says whether two plans are the same: people and entitlements, exactly.
    pub hash: String,
    /// Grants that would begin.
    pub gains: u64,
    /// Grants that would end.
    pub losses: u64,
    /// People whom it touches.
    pub people: u64,
    /// People who gain something.
    pub gaining: u64,
    /// People who lose something.
    pub losing: u64,
    /// By entitlement, by application and name.
    pub effects: Vec<PlanEffect>,
    /// The first of the people, one line a grant.
    pub lines: Vec<PlanLine>,
}

impl Plan {
    /// Whether nobody gains or loses anything.
    pub const fn is_empty(&self) -> bool {
        self.gains == 0 && self.losses == 0
    }

    /// Gains and losses by application.
    pub fn by_application(&self) -> Vec<(String, u64, u64)> {
        let key = |effect: &PlanEffect| effect.entitlement.application_display.clone();
        self.summed(key)
    }

    /// Gains and losses by risk.
    pub fn by_risk(&self) -> Vec<(Option<domain::lifecycle::Level>, u64, u64)> {
        let mut all = self.summed(|effect| effect.entitlement.risk);
        all.reverse();
        all
    }

    fn summed<K: Ord>(&self, key: impl Fn(&PlanEffect) -> K) -> Vec<(K, u64, u64)> {
        let mut all: BTreeMap<K, (u64, u64)> = BTreeMap::new();
        for effect in &self.effects {
            let sum = all.entry(key(effect)).or_default();
            sum.0 += effect.gains;
            sum.1 += effect.losses;
        }
        let all = all.into_iter();
        all.map(|(key, (gains, losses))| (key, gains, losses))
            .collect()
    }
}

/// What became of a change that was planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// It was made.
    Done,
    /// It says what is recorded already.
    Same,
    /// Something else changed meanwhile: this is what it would do now. Nothing was done.
    Different(Box<Plan>),
}

/// Finds out what a change would do.
pub(crate) async fn plan(tx: &mut ReadTx, change: &Change, now: Instant) -> Result<Plan> {
    let effects = if change.replaced.is_empty() {
        sets::effects(tx, change, now).await?
    } else {
        assignments::effects(tx, &change.replaced, now).await?
    };
    let hash = hash(&effects);
    let (mut gaining, mut losing) = (RoaringTreemap::new(), RoaringTreemap::new());
    for effect in effects.values() {
        gaining |= &effect.gains;
        losing |= &effect.losses;
    }
    let ids: Vec<EntitlementId> = effects.keys().copied().collect();
    let names = names_of(tx, &ids).await?;
    let mut ordered: Vec<(NamedEntitlement, Effect)> = effects
        .into_iter()
        .filter_map(|(id, effect)| Some((names.get(&id)?.clone(), effect)))
        .collect();
    let fold = domain::text::fold;
    ordered.sort_by_cached_key(|(named, _)| {
        (
            fold(&named.application_display),
            fold(&named.display_name),
            named.id,
        )
    });
    let lines = people::lines(tx, &ordered, MOST_LINES).await?;
    let effects: Vec<PlanEffect> = ordered
        .into_iter()
        .map(|(entitlement, effect)| PlanEffect {
            entitlement,
            gains: effect.gains.len(),
            losses: effect.losses.len(),
        })
        .collect();
    Ok(Plan {
        hash,
        gains: effects.iter().map(|effect| effect.gains).sum(),
        losses: effects.iter().map(|effect| effect.losses).sum(),
        people: gaining.union_len(&losing),
        gaining: gaining.len(),
        losing: losing.len(),
        effects,
        lines,
    })
}

/// The same effects give the same hash, others another one.
fn hash(effects: &BTreeMap<EntitlementId, Effect>) -> String {
    let mut bytes = Vec::new();
    for (id, effect) in effects {
        bytes.extend(id.raw().to_be_bytes());
        for set in [&effect.gains, &effect.losses] {
            bytes.extend(set.len().to_be_bytes());
            set.iter().for_each(|id| bytes.extend(id.to_be_bytes()));
        }
    }
    domain::text::hex(&sha256(&bytes).0)
}
