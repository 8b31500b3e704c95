//! A plan as it is kept with its run: texts and numbers, each entitlement once.

use std::collections::{BTreeMap, HashMap};

use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::lifecycle::Level;
use serde::{Deserialize, Serialize};

use super::Base;
use super::told::{Foretold, PlanSum};
use crate::effective::NamedEntitlement;
use crate::plan::{Plan, PlanEffect, PlanLine};

/// A plan as it is kept with its run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::imports) struct KeptPlan {
    /// What it was computed on.
    pub(in crate::imports) base: Base,
    pub(in crate::imports) hash: String,
    people: [u64; 4],
    entitlements: u64,
    sums: Vec<(i64, String, String, u64, u64)>,
    things: Vec<Thing>,
    effects: Vec<(usize, u64, u64)>,
    lines: Vec<(i64, String, String, usize, bool)>,
    handed_over: u64,
    renamed_managers: bool,
    pub(in crate::imports) anew: bool,
}

/// An entitlement that is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Thing {
    id: i64,
    name: String,
    display: String,
    risk: String,
    application: (i64, String, String),
}

fn word(risk: Option<Level>) -> String {
    risk.map(Level::word).unwrap_or_default().to_owned()
}

impl KeptPlan {
    /// As it is kept.
    pub(in crate::imports) fn of(told: &Foretold, base: Base) -> Self {
        let plan = &told.plan;
        let (mut things, mut known) = (Vec::new(), HashMap::new());
        let mut thing = |named: &NamedEntitlement| {
            *known.entry(named.id).or_insert_with(|| {
                things.push(Thing {
                    id: named.id.raw(),
                    name: named.name.clone(),
                    display: named.display_name.clone(),
                    risk: word(named.risk),
                    application: (
                        named.application.raw(),
                        named.application_name.clone(),
                        named.application_display.clone(),
                    ),
                });
                things.len() - 1
            })
        };
        let effects = plan.effects.iter();
        let effects = effects
            .map(|effect| (thing(&effect.entitlement), effect.gains, effect.losses))
            .collect();
        let lines = plan.lines.iter().map(|line| {
            let username = told.usernames.get(&line.person);
            let username = username.cloned().unwrap_or_default();
            let (id, name) = (line.person.raw(), line.name.clone());
            (id, name, username, thing(&line.entitlement), line.gains)
        });
        let lines = lines.collect();
        let sums = told.sums.iter().map(|sum| {
            let (id, name) = (sum.application.raw(), sum.name.clone());
            (id, name, word(sum.risk), sum.gains, sum.losses)
        });
        Self {
            base,
            hash: plan.hash.clone(),
            people: [plan.people, plan.gaining, plan.losing, told.newcomers],
            entitlements: told.entitlements,
            sums: sums.collect(),
            things,
            effects,
            lines,
            handed_over: told.handed_over,
            renamed_managers: told.renamed_managers,
            anew: told.anew,
        }
    }

    /// As it is shown.
    pub(in crate::imports) fn told(self) -> Foretold {
        let things: Vec<NamedEntitlement> = self.things.into_iter().map(Thing::named).collect();
        let effects = self
            .effects
            .into_iter()
            .filter_map(|(thing, gains, losses)| {
                let entitlement = things.get(thing)?.clone();
                Some(PlanEffect {
                    entitlement,
                    gains,
                    losses,
                })
            });
        let mut usernames = BTreeMap::new();
        let lines = self.lines.into_iter();
        let lines = lines.filter_map(|(person, name, username, thing, gains)| {
            let person = IdentityId::from_raw(person);
            if !username.is_empty() {
                usernames.insert(person, username);
            }
            let entitlement = things.get(thing)?.clone();
            Some(PlanLine {
                person,
                name,
                entitlement,
                gains,
            })
        });
        let lines = lines.collect();
        let sums = self.sums.into_iter();
        let sums = sums.map(|(application, name, risk, gains, losses)| PlanSum {
            application: ApplicationId::from_raw(application),
            name,
            risk: Level::from_word(&risk),
            gains,
            losses,
        });
        let sums: Vec<PlanSum> = sums.collect();
        let [people, gaining, losing, newcomers] = self.people;
        Foretold {
            plan: Plan {
                hash: self.hash,
                gains: sums.iter().map(|sum| sum.gains).sum(),
                losses: sums.iter().map(|sum| sum.losses).sum(),
                people,
                gaining,
                losing,
                effects: effects.collect(),
                lines,
            },
            entitlements: self.entitlements,
            sums,
            usernames,
            newcomers,
            handed_over: self.handed_over,
            renamed_managers: self.renamed_managers,
            anew: self.anew,
        }
    }
}

impl Thing {
    fn named(self) -> NamedEntitlement {
        let (application, application_name, application_display) = self.application;
        NamedEntitlement {
            id: EntitlementId::from_raw(self.id),
            name: self.name,
            display_name: self.display,
            description: String::new(),
            risk: Level::from_word(&self.risk),
            application: ApplicationId::from_raw(application),
            application_name,
            application_display,
        }
    }
}
