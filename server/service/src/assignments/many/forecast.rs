//! How it would go with each of them, by the same rule as when it is given.

use std::collections::{BTreeMap, BTreeSet};

use domain::exclusion::Exclusion;
use domain::id::IdentityId;
use domain::identity::{Identity, IdentityStatus};
use domain::permission::{Action, Rights};
use domain::resolution::RoleGraph;
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;
use storage::assignments::Assignment;

use super::super::give::{Hindrance, hindrance, left};
use super::plan::GivenTo;
use crate::effective::AsOf;
use crate::many::said;
use crate::people::facts_of;
use crate::{Cx, Result};

/// How it would go with one thing for one person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forecast {
    /// It is given.
    Given,
    /// It was given before and stays as it is.
    Unchanged,
    /// It is refused.
    Refused,
}

impl Forecast {
    pub(super) const fn letter(self) -> char {
        match self {
            Self::Given => 'g',
            Self::Unchanged => 'u',
            Self::Refused => 'r',
        }
    }
}

/// What is to be said of one thing for one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    /// Who.
    pub person: IdentityId,
    /// Their name.
    pub name: String,
    /// What, by name.
    pub what: String,
    /// How it would go.
    pub forecast: Forecast,
    /// Why, in a sentence.
    pub text: String,
}

/// What is found out while people are read.
pub(super) struct Reading<'a> {
    whats: &'a [(Grantable, String)],
    span: (Instant, Option<Instant>),
    now: Instant,
    /// What people are excluded from, by name.
    names: BTreeMap<Grantable, String>,
    pub(super) given: GivenTo,
    /// By person and thing, in their order.
    pub(super) verdicts: Vec<Forecast>,
    pub(super) remarks: Vec<Remark>,
}

/// What decides about a person.
struct Known<'a> {
    person: &'a Identity,
    has: &'a [Assignment],
    exclusions: &'a [Exclusion],
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        whats: &'a [(Grantable, String)],
        span: (Instant, Option<Instant>),
        now: Instant,
    ) -> Self {
        Self {
            whats,
            span,
            now,
            names: BTreeMap::new(),
            given: GivenTo::new(),
            verdicts: Vec::new(),
            remarks: Vec::new(),
        }
    }

    /// Reads some people, who are in their order.
    pub(super) async fn read(
        &mut self,
        tx: &mut ReadTx,
        cx: &Cx,
        some: &[IdentityId],
    ) -> Result<()> {
        let graph = tx.role_graph().await?;
        let known = AsOf::now(self.now).known;
        let people = tx.identities_with(some).await?;
        let people: BTreeMap<IdentityId, Identity> = people
            .into_iter()
            .map(|person| (person.id, person))
            .collect();
        let mut has: BTreeMap<IdentityId, Vec<Assignment>> = BTreeMap::new();
        for one in tx.assignments_as_of(some, known).await? {
            has.entry(one.content.identity).or_default().push(one);
        }
        let mut exclusions: BTreeMap<IdentityId, Vec<Exclusion>> = BTreeMap::new();
        for one in tx.exclusions_as_of(some, known).await? {
            exclusions
                .entry(one.content.identity)
                .or_default()
                .push(one);
        }
        for id in some {
            let Some(person) = people.get(id) else {
                self.refuse(*id, &id.to_string(), "Nobody here has this id.");
                continue;
            };
            // Giving access does not depend on whether somebody holds rights in this console.
            let facts = facts_of(cx, person, Rights::NONE);
            let name = &person.content.display_name;
            if let Err(error) = cx.decide(Action::GiveAccess, Some((*id).into()), facts) {
                self.refuse(*id, name, &said(id, &error));
            } else if person.content.status == IdentityStatus::Ended {
                self.refuse(*id, name, &left(person));
            } else {
                let known = Known {
                    person,
                    has: has.get(id).map_or(&[], Vec::as_slice),
                    exclusions: exclusions.get(id).map_or(&[], Vec::as_slice),
                };
                self.foresee(tx, &graph, &known).await?;
            }
        }
        Ok(())
    }

    /// Somebody who is given nothing of it.
    fn refuse(&mut self, person: IdentityId, name: &str, text: &str) {
        for (_, what) in self.whats {
            self.verdicts.push(Forecast::Refused);
            self.remarks.push(Remark {
                person,
                name: name.to_owned(),
                what: what.clone(),
                forecast: Forecast::Refused,
                text: text.to_owned(),
            });
        }
    }

    async fn foresee(
        &mut self,
        tx: &mut ReadTx,
        graph: &RoleGraph,
        known: &Known<'_>,
    ) -> Result<()> {
        let person = known.person.id;
        for (what, name) in self.whats {
            let asked = (*what, self.span);
            let found = hindrance(asked, known.has, known.exclusions, self.now);
            let (forecast, text) = match found {
                Some(found @ Hindrance::Given(_)) => (Forecast::Unchanged, found.sentence()),
                Some(found @ Hindrance::Excluded(_)) => (Forecast::Refused, found.sentence()),
                None => {
                    let raw = u64::try_from(person.raw()).unwrap_or_default();
                    self.given.entry(*what).or_default().insert(raw);
                    (Forecast::Given, self.less(tx, graph, *what, known).await?)
                }
            };
            self.verdicts.push(forecast);
            if !text.is_empty() {
                self.remarks.push(Remark {
                    person,
                    name: known.person.content.display_name.clone(),
                    what: name.clone(),
                    forecast,
                    text,
                });
            }
        }
        Ok(())
    }

    /// Why somebody to whom it is given does not get all of it now; empty when they do.
    async fn less(
        &mut self,
        tx: &mut ReadTx,
        graph: &RoleGraph,
        what: Grantable,
        known: &Known<'_>,
    ) -> Result<String> {
        let mut text = Vec::new();
        if known.person.content.status == IdentityStatus::Suspended {
            text.push("Suspended: it gives nothing until somebody resumes them.".to_owned());
        }
        if known.exclusions.is_empty() {
            return Ok(text.join(" "));
        }
        let inner = what.role().map(|role| graph.within(role));
        let inner = inner.unwrap_or_default();
        let reach: BTreeSet<_> = match what {
            Grantable::Entitlement(id) => BTreeSet::from([id]),
            Grantable::Role(role) => graph.reach(role).iter().copied().collect(),
        };
        for one in known.exclusions {
            let content = &one.content;
            let over = content.valid_until.is_some_and(|until| until <= self.now);
            let inside = match content.what {
                Grantable::Entitlement(id) => reach.contains(&id),
                Grantable::Role(role) => inner.contains(&role),
            };
            if over || content.valid_from > self.now || !inside {
                continue;
            }
            let name = match self.names.get(&content.what) {
                Some(name) => name.clone(),
                None => super::super::name(tx, content.what).await?,
            };
            self.names.insert(content.what, name.clone());
            let reason = content.reason.trim().trim_end_matches('.');
            text.push(format!(
                "Excluded from {name} (“{reason}”), and so does not get that."
            ));
        }
        Ok(text.join(" "))
    }
}
