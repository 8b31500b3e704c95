//! What a check foresees, as it is kept with its run and shown: sums of everything, and the first lines with names.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::lifecycle::Level;
use roaring::RoaringTreemap;
use storage::ReadTx;

use super::hash::hash;
use super::resolve::{Effects, person};
use super::{Foreseen, NEW, place};
use crate::Result;
use crate::effective::{NamedEntitlement, names_of};
use crate::plan::{Effect, Plan, PlanEffect, PlanLine};

/// People who are named; all are counted.
const MOST_LINES: usize = 200;
/// Entitlements that are named; all are counted.
const MOST_EFFECTS: usize = 200;

/// How many grants of one application and risk begin and end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanSum {
    /// Of which application.
    pub application: ApplicationId,
    /// What it is called.
    pub name: String,
    /// How bad its entitlements are in wrong hands.
    pub risk: Option<Level>,
    /// So many grants begin.
    pub gains: u64,
    /// So many end.
    pub losses: u64,
}

/// Who would gain and lose what by an import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Foretold {
    /// The plan; its entitlements and people are the first ones. What is not recorded yet has ids that lead nowhere.
    pub plan: Plan,
    /// How many entitlements somebody gains or loses.
    pub entitlements: u64,
    /// Everything by application and risk.
    pub sums: Vec<PlanSum>,
    /// Usernames of those in the lines who would be added.
    pub usernames: BTreeMap<IdentityId, String>,
    /// How many who would be added gain something.
    pub newcomers: u64,
    /// Assignments of rules that end later, when a hand-over is done.
    pub handed_over: u64,
    /// Whether rules ask for managers of whom some are called otherwise afterwards.
    pub renamed_managers: bool,
    /// Whether it is not the one that was looked at when the import was to be applied.
    pub anew: bool,
}

impl Foretold {
    /// `3 people gain, 1 loses; 5 grants in 2 applications.` How numbers are written is the reader's business.
    pub fn sentence(&self, number: impl Fn(u64) -> String) -> String {
        let applications: BTreeSet<_> = self.sums.iter().map(|sum| sum.application).collect();
        self.plan.sentence_of(applications.len() as u64, number)
    }

    /// Gains and losses by application.
    pub fn by_application(&self) -> Vec<(String, u64, u64)> {
        let mut all: BTreeMap<(String, ApplicationId), (u64, u64)> = BTreeMap::new();
        for sum in &self.sums {
            let key = (domain::text::fold(&sum.name), sum.application);
            let (gains, losses) = all.entry(key).or_default();
            *gains += sum.gains;
            *losses += sum.losses;
        }
        let name = |id: ApplicationId| {
            let found = self.sums.iter().find(|sum| sum.application == id);
            found.map(|sum| sum.name.clone()).unwrap_or_default()
        };
        let all = all.into_iter();
        all.map(|((_, id), (gains, losses))| (name(id), gains, losses))
            .collect()
    }

    /// Gains and losses by risk, the worst first.
    pub fn by_risk(&self) -> Vec<(Option<Level>, u64, u64)> {
        let mut all: BTreeMap<Option<Level>, (u64, u64)> = BTreeMap::new();
        for sum in &self.sums {
            let (gains, losses) = all.entry(sum.risk).or_default();
            *gains += sum.gains;
            *losses += sum.losses;
        }
        let all = all.into_iter().rev();
        all.map(|(risk, (gains, losses))| (risk, gains, losses))
            .collect()
    }
}

/// Whether an object with this number is recorded: a plan names such as are not, too.
pub const fn is_recorded(number: i64) -> bool {
    number > 0 && number.unsigned_abs() < NEW
}

/// The same before the names of who would be added were read.
pub(in crate::imports) struct Draft {
    hash: String,
    ordered: Vec<(NamedEntitlement, Effect)>,
    lines: Vec<(usize, u64, bool)>,
    names: BTreeMap<IdentityId, String>,
    /// In which line of the file somebody stands.
    pub(in crate::imports) wanted: BTreeMap<u64, u64>,
    handed_over: u64,
    renamed_managers: bool,
}

impl Foreseen {
    /// Puts effects in their order, and finds out which names are wanted.
    pub(in crate::imports) async fn draft(
        &self,
        tx: &mut ReadTx,
        effects: Effects,
    ) -> Result<Draft> {
        let named = self.named(tx, &effects).await?;
        let hash = hash(self, &effects, |id| match named.get(&id) {
            Some(named) => format!("{}/{}", named.application_name, named.name),
            None => String::new(),
        });
        let mut ordered: Vec<(NamedEntitlement, Effect)> = effects
            .into_iter()
            .filter_map(|(id, effect)| Some((named.get(&id)?.clone(), effect)))
            .collect();
        let fold = domain::text::fold;
        ordered.sort_by_cached_key(|(named, _)| {
            (
                fold(&named.application_display),
                fold(&named.display_name),
                named.id,
            )
        });
        let side = |gains: bool| {
            let ordered = ordered.iter().enumerate();
            ordered.flat_map(move |(index, (_, effect))| {
                let people = if gains { &effect.gains } else { &effect.losses };
                people.iter().map(move |at| (index, at, gains))
            })
        };
        // What is taken away hurts first.
        let lines: Vec<_> = side(false).chain(side(true)).take(MOST_LINES).collect();
        let recorded: BTreeSet<_> = lines.iter().filter_map(|line| person(line.1)).collect();
        let recorded: Vec<IdentityId> = recorded.into_iter().collect();
        let mut called = BTreeMap::new();
        if !recorded.is_empty() {
            let found = tx.identity_names(&recorded).await?.into_iter();
            called.extend(found.map(|found| (found.id, found.display_name)));
        }
        let new = lines.iter().filter_map(|line| {
            let newcomer = self.newcomer(line.1).filter(|_| line.1 >= NEW)?;
            Some((u64::from(newcomer.line), line.1))
        });
        Ok(Draft {
            hash,
            wanted: new.collect(),
            ordered,
            lines,
            names: called,
            handed_over: self.handed_over,
            renamed_managers: self.renames_managers(),
        })
    }

    /// What entitlements are called afterwards.
    async fn named(
        &self,
        tx: &mut ReadTx,
        effects: &Effects,
    ) -> Result<BTreeMap<EntitlementId, NamedEntitlement>> {
        let recorded = effects.keys().copied().filter(|id| id.raw() > 0);
        let mut named = names_of(tx, &recorded.collect::<Vec<_>>()).await?;
        let contents = self.entitlements.iter();
        let contents: Vec<_> = contents
            .filter(|(id, _)| effects.contains_key(id))
            .collect();
        let places: BTreeSet<ApplicationId> = contents
            .iter()
            .map(|(_, content)| content.application)
            .filter(|id| id.raw() > 0 && !self.applications.contains_key(id))
            .collect();
        let places: Vec<ApplicationId> = places.into_iter().collect();
        let mut applications: HashMap<ApplicationId, (String, String)> = HashMap::new();
        if !places.is_empty() {
            let found = tx.applications_with(&places).await?.into_iter();
            applications.extend(
                found.map(|found| (found.id, (found.content.name, found.content.display_name))),
            );
        }
        for (id, content) in &self.applications {
            let called = (content.name.clone(), content.display_name.clone());
            applications.insert(*id, called);
        }
        for (id, content) in contents {
            let application = content.application;
            let (name, display) = applications.get(&application).cloned().unwrap_or_default();
            let one = NamedEntitlement {
                id: EntitlementId::from_raw(shown(id.raw())),
                name: content.name.clone(),
                display_name: content.display_name.clone(),
                description: String::new(),
                risk: content.risk,
                application: ApplicationId::from_raw(shown(application.raw())),
                application_name: name,
                application_display: display,
            };
            named.insert(*id, one);
        }
        Ok(named)
    }
}

/// The number of what is not recorded yet where ids are shown or kept.
fn shown(number: i64) -> i64 {
    i64::try_from(place(number)).unwrap_or(i64::MAX)
}

impl Draft {
    /// The whole, with usernames and names of who would be added, by line.
    pub(in crate::imports) fn told(self, newcomers: &HashMap<u64, (String, String)>) -> Foretold {
        let (mut gaining, mut losing) = (RoaringTreemap::new(), RoaringTreemap::new());
        let mut sums: BTreeMap<(ApplicationId, Option<Level>), PlanSum> = BTreeMap::new();
        for (named, effect) in &self.ordered {
            gaining |= &effect.gains;
            losing |= &effect.losses;
            let sum = sums
                .entry((named.application, named.risk))
                .or_insert_with(|| PlanSum {
                    application: named.application,
                    name: named.application_display.clone(),
                    risk: named.risk,
                    gains: 0,
                    losses: 0,
                });
            sum.gains += effect.gains.len();
            sum.losses += effect.losses.len();
        }
        let mut places: HashMap<u64, &(String, String)> = HashMap::new();
        for (line, at) in &self.wanted {
            places.extend(newcomers.get(line).map(|names| (*at, names)));
        }
        let mut usernames = BTreeMap::new();
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, at, gains) in &self.lines {
            let person = IdentityId::from_raw(i64::try_from(*at).unwrap_or(i64::MAX));
            let known = self.names.get(&person).cloned();
            let name = match places.get(at) {
                Some((username, name)) => {
                    usernames.insert(person, username.clone());
                    name.clone()
                }
                None => known.unwrap_or_default(),
            };
            let Some((entitlement, _)) = self.ordered.get(*index) else {
                continue;
            };
            lines.push(PlanLine {
                person,
                name,
                entitlement: entitlement.clone(),
                gains: *gains,
            });
        }
        let sums: Vec<PlanSum> = sums.into_values().collect();
        let effects = self.ordered.iter().take(MOST_EFFECTS);
        let effects = effects.map(|(entitlement, effect)| PlanEffect {
            entitlement: entitlement.clone(),
            gains: effect.gains.len(),
            losses: effect.losses.len(),
        });
        Foretold {
            plan: Plan {
                hash: self.hash,
                gains: sums.iter().map(|sum| sum.gains).sum(),
                losses: sums.iter().map(|sum| sum.losses).sum(),
                people: gaining.union_len(&losing),
                gaining: gaining.len(),
                losing: losing.len(),
                effects: effects.collect(),
                lines,
            },
            entitlements: self.ordered.len() as u64,
            sums,
            usernames,
            newcomers: gaining.range_cardinality(NEW..),
            handed_over: self.handed_over,
            renamed_managers: self.renamed_managers,
            anew: false,
        }
    }
}
