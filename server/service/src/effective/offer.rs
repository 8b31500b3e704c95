//! What somebody could be given to have what another person has: the roles that were given to that person, else single
//! entitlements. What a rule gives is not given by hand, and what the person is excluded from is not offered.

use std::collections::{BTreeMap, BTreeSet};

use domain::application::CONSOLE;
use domain::id::{EntitlementId, RoleId};
use domain::lifecycle::Level;
use domain::resolution::RoleGraph;
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;
use storage::assignments::Assignment;

use super::AsOf;
use super::load::{Via, Whole};
use super::named::{NamedRole, names_of};
use super::person::Line;
use super::words::{How, Way};
use crate::Result;
use crate::assignments::{Hindrance, hindrance};

/// A role that was given to the other person and brings something that only they have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfferedRole {
    /// Which.
    pub role: NamedRole,
    /// Everything it gives.
    pub gives: usize,
    /// How much of it only the other person has.
    pub brings: usize,
    /// Whether anything it gives is of high risk.
    pub high: bool,
    /// Why it cannot be given to this person.
    pub refused: Option<String>,
}

/// How an entitlement that only the other person has is offered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Offer {
    /// By itself; whether it is of high risk.
    Itself {
        /// Whether it is of high risk.
        high: bool,
    },
    /// With one of these roles.
    With(Vec<String>),
    /// Not at all, for this reason.
    Not(String),
}

/// What somebody could be given to have what another person has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Offers {
    /// Roles, by name.
    pub roles: Vec<OfferedRole>,
    /// Each entitlement that only the other person has.
    pub entitlements: BTreeMap<EntitlementId, Offer>,
}

impl Offers {
    /// Whether there is anything that can be given.
    pub fn any(&self) -> bool {
        let mut offers = self.entitlements.values();
        self.roles.iter().any(|one| one.refused.is_none())
            || offers.any(|offer| matches!(offer, Offer::Itself { .. }))
    }
}

/// Whether a level is one at which nothing is given by the way.
fn is_high(level: Option<Level>) -> bool {
    level.is_some_and(|level| level >= Level::High)
}

/// What can be offered of `lines`, which only another person has.
pub(super) async fn offers(
    tx: &mut ReadTx,
    graph: &RoleGraph,
    whole: &Whole,
    lines: &[Line],
    moment: AsOf,
) -> Result<Offers> {
    let person = Person::of(whole, moment.at);
    let mut roles: BTreeMap<RoleId, OfferedRole> = BTreeMap::new();
    let given = lines.iter().flat_map(|line| &line.line.ways);
    for role in given.filter_map(role_of) {
        roles.entry(role.id).or_insert_with(|| OfferedRole {
            gives: graph.reach(role.id).len(),
            brings: 0,
            high: false,
            refused: person.against(Grantable::Role(role.id)),
            role: role.clone(),
        });
    }
    let mut entitlements = BTreeMap::new();
    for line in lines {
        let offer = person.offer(graph, line, &mut roles);
        entitlements.insert(line.entitlement.id, offer);
    }
    roles.retain(|_, one| one.brings > 0 || one.refused.is_some());
    let reach = roles.keys().flat_map(|role| graph.reach(*role));
    let reach: BTreeSet<EntitlementId> = reach.copied().collect();
    let reach: Vec<EntitlementId> = reach.into_iter().collect();
    let risks = names_of(tx, &reach).await?;
    let mut roles: Vec<OfferedRole> = roles.into_values().collect();
    for one in &mut roles {
        let mut reach = graph.reach(one.role.id).iter();
        one.high = reach.any(|id| risks.get(id).is_some_and(|named| is_high(named.risk)));
    }
    roles.sort_by_cached_key(|one| (domain::text::fold(&one.role.display_name), one.role.id));
    Ok(Offers {
        roles,
        entitlements,
    })
}

/// The role that was given by hand at the beginning of a way.
fn role_of(way: &Way) -> Option<&NamedRole> {
    way.roles.first().filter(|_| way.how == How::Role)
}

/// Whoever might be given something.
struct Person<'a> {
    whole: &'a Whole,
    /// Everything that was given to them and has not ended.
    has: Vec<Assignment>,
    /// Roles and entitlements from which they are excluded now, with the reason.
    excluded: BTreeMap<Grantable, &'a str>,
    roles_excluded: BTreeSet<RoleId>,
    now: Instant,
}

impl<'a> Person<'a> {
    fn of(whole: &'a Whole, now: Instant) -> Self {
        let given = whole.via.iter().filter_map(|via| match via {
            Via::Assigned(one) => Some(one),
            Via::Found(_) => None,
        });
        let exclusions = whole.exclusions.iter().map(|one| &one.content);
        let excluded: BTreeMap<Grantable, &str> = exclusions
            .filter(|one| one.valid_from <= now && one.valid_until.is_none_or(|end| end > now))
            .map(|one| (one.what, one.reason.as_str()))
            .collect();
        Self {
            whole,
            has: given.chain(&whole.resting).cloned().collect(),
            roles_excluded: excluded.keys().filter_map(|what| what.role()).collect(),
            excluded,
            now,
        }
    }

    /// Why something cannot be given to them.
    fn against(&self, what: Grantable) -> Option<String> {
        if let Some(reason) = self.excluded.get(&what) {
            return Some(self.sentence(reason));
        }
        match hindrance((what, (self.now, None)), &self.has, &[], self.now)? {
            Hindrance::Given(state) => Some(format!(
                "It was given to {} already and is {}.",
                self.name(),
                state.label().to_lowercase()
            )),
            Hindrance::Excluded(reason) => Some(self.sentence(&reason)),
        }
    }

    fn name(&self) -> &str {
        &self.whole.identity.content.display_name
    }

    fn sentence(&self, reason: &str) -> String {
        let reason = reason.trim().trim_end_matches('.');
        format!("{} is excluded from it (“{reason}”).", self.name())
    }

    /// How a line is offered; counts what a role brings.
    fn offer(
        &self,
        graph: &RoleGraph,
        line: &Line,
        roles: &mut BTreeMap<RoleId, OfferedRole>,
    ) -> Offer {
        let what = &line.entitlement;
        let itself = Grantable::Entitlement(what.id);
        if what.application_name == CONSOLE {
            return Offer::Not(
                "A right in this console. It is given under Console rights.".to_owned(),
            );
        }
        if let Some(reason) = self.excluded.get(&itself) {
            return Offer::Not(self.sentence(reason));
        }
        let ways = &line.line.ways;
        let (mut with, mut why) = (BTreeMap::new(), Vec::new());
        for role in ways.iter().filter_map(role_of) {
            let Some(one) = roles.get_mut(&role.id) else {
                continue;
            };
            let left = graph.reach_without(role.id, &self.roles_excluded);
            if let Some(refused) = &one.refused {
                why.push(format!(
                    "Comes with the role {}. {refused}",
                    role.display_name
                ));
            } else if !left.contains(&what.id) {
                why.push(format!(
                    "Comes with the role {}, through another from which {} is excluded.",
                    role.display_name,
                    self.name()
                ));
            } else if with.insert(role.id, role.display_name.clone()).is_none() {
                one.brings += 1;
            }
        }
        if !with.is_empty() {
            return Offer::With(with.into_values().collect());
        }
        let alone = |way: &&Way| matches!(way.how, How::Direct | How::Import);
        if ways.iter().any(|way| alone(&way)) {
            return match self.against(itself) {
                Some(text) => Offer::Not(text),
                None => Offer::Itself {
                    high: is_high(what.risk),
                },
            };
        }
        let by = ways.iter().find_map(|way| way.reason.rule.as_ref());
        Offer::Not(match (why.pop(), by) {
            (Some(text), _) => text,
            (None, Some((_, name))) => {
                format!("Comes by the rule “{name}”, which decides itself who gets it.")
            }
            (None, None) => "Comes by a rule, which decides itself who gets it.".to_owned(),
        })
    }
}
