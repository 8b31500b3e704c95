//! What a colleague has and somebody does not, as far as it can be asked for: a list to choose from, never a copy.
//!
//! Whoever may see the colleague may take them as a pattern; so may their team, and sees what can be asked for and nothing
//! else: not how or why the colleague has it.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{EntitlementId, IdentityId};
use domain::lifecycle::Level;
use domain::permission::Action;
use domain::role::Grantable;
use domain::text::fold;
use domain::time::Instant;
use storage::ReadTx;

use super::super::detail::Named;
use super::beneficiary;
use super::describe::{Offered, Situation, Standing, describe, named, names};
use super::offering::{Offering, team};
use crate::effective::{AsOf, load};
use crate::people::facts;
use crate::{Cx, Result, Service, boxed};

/// Colleagues that are offered to choose from.
const MOST: i64 = 100;

/// Something the colleague has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SameThing {
    /// The thing.
    pub offered: Offered,
    /// Whether it is chosen unless somebody says otherwise: not what is of high risk, not what cannot be asked for now.
    pub ticked: bool,
}

/// What a colleague has and a person does not.
#[derive(Debug, Clone)]
pub struct Same {
    /// For whom.
    pub person: Named,
    /// The colleague; none before one was chosen.
    pub colleague: Option<Named>,
    /// Colleagues to choose from, by name.
    pub team: Vec<Named>,
    /// Whether the actor may choose anybody.
    pub anybody: bool,
    /// What can be asked for, bundles first.
    pub things: Vec<SameThing>,
    /// How much more the colleague has that cannot be asked for.
    pub others: usize,
    /// How much both have.
    pub shared: usize,
}

/// Compares a person with a colleague.
#[boxed]
pub async fn same_as(
    service: &Service,
    cx: &Cx,
    person: Option<IdentityId>,
    colleague: Option<IdentityId>,
) -> Result<Same> {
    let result = carry_out(service, cx, person, colleague).await;
    let found = service.noted(cx, result).await?;
    if let Some(colleague) = &found.colleague {
        service.note_view(cx, colleague.id).await?;
    }
    Ok(found)
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    person: Option<IdentityId>,
    colleague: Option<IdentityId>,
) -> Result<Same> {
    use domain::permission::{Visibility, visible_people};
    let now = service.now();
    let mut tx = service.store.read().await?;
    let tx = &mut tx;
    let person = beneficiary(tx, cx, person, now).await?;
    let ids = team(tx, &person, MOST).await?;
    let names = names(tx, ids.iter().copied()).await?;
    let mut team: Vec<Named> = ids.iter().map(|id| named(&names, *id)).collect();
    team.sort_by_cached_key(|one| (fold(&one.name), one.id));
    let mut same = Same {
        person: Named {
            id: person.id,
            name: person.content.display_name.clone(),
        },
        colleague: None,
        anybody: visible_people(cx.actor) == Visibility::All,
        things: Vec::new(),
        others: 0,
        shared: 0,
        team,
    };
    let Some(colleague) = colleague.filter(|id| *id != person.id) else {
        return Ok(same);
    };
    let (other, about) = facts(tx, cx, colleague, now).await?;
    if !ids.contains(&colleague) {
        cx.decide(Action::ReadPerson, Some(colleague.into()), about)?;
    }
    same.colleague = Some(Named {
        id: other.id,
        name: other.content.display_name,
    });
    let offering = Offering::of(tx, &person).await?;
    let situation = Situation::of(tx, cx, &person, now).await?;
    let theirs = Theirs::of(tx, colleague, now).await?;
    same.shared = theirs.entitlements.intersection(&situation.has).count();
    let roles = theirs.roles.keys().copied().map(Grantable::Role);
    let missing = theirs.entitlements.difference(&situation.has);
    let missing: BTreeSet<EntitlementId> = missing.copied().collect();
    let whats: Vec<Grantable> = roles
        .chain(missing.iter().copied().map(Grantable::Entitlement))
        .collect();
    let described = describe(tx, (&offering, &situation), &whats).await?;
    // What comes with a bundle is not listed once more.
    let bundled: BTreeSet<EntitlementId> = described
        .iter()
        .filter(|one| !matches!(one.standing, Standing::Has(_)))
        .filter_map(|one| theirs.roles.get(&one.what.role()?))
        .flatten()
        .copied()
        .collect();
    same.others = missing.len();
    for offered in described {
        let inside = offered.what.entitlement();
        if matches!(offered.standing, Standing::Has(_)) {
            continue;
        }
        if inside.is_some_and(|id| bundled.contains(&id)) {
            continue;
        }
        same.others -= usize::from(inside.is_some());
        let high = offered.risk.is_some_and(|risk| risk >= Level::High);
        same.things.push(SameThing {
            ticked: !high && offered.standing == Standing::Open,
            offered,
        });
    }
    same.others -= missing.intersection(&bundled).count();
    same.things.sort_by_cached_key(|one| {
        let application = one.offered.application.as_ref().map(|(_, name)| fold(name));
        (application, fold(&one.offered.name), one.offered.what)
    });
    Ok(same)
}

/// What a colleague has.
struct Theirs {
    entitlements: BTreeSet<EntitlementId>,
    /// Roles that were given to them, with what is in them.
    roles: BTreeMap<domain::id::RoleId, Vec<EntitlementId>>,
}

impl Theirs {
    async fn of(tx: &mut ReadTx, id: IdentityId, now: Instant) -> Result<Self> {
        let moment = AsOf::now(now);
        let people = load(tx, &[id], moment).await?;
        let Some(whole) = people.by_id.get(&id) else {
            return Ok(Self {
                entitlements: BTreeSet::new(),
                roles: BTreeMap::new(),
            });
        };
        let given = whole.given.iter().filter(|one| one.holds(now));
        let roles = given.filter_map(|one| one.what.role());
        Ok(Self {
            entitlements: whole.entitlements(&people.graph, moment),
            roles: roles
                .map(|role| (role, people.graph.reach(role).to_vec()))
                .collect(),
        })
    }
}
