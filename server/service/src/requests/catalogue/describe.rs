//! Things that can be asked for, with everything that a row says about them: read for many at a time.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::application::Application;
use domain::assignment::AssignmentState;
use domain::entitlement::Entitlement;
use domain::id::{ApplicationId, EntitlementId, IdentityId, RequestId};
use domain::identity::Identity;
use domain::inbox::InboxKind;
use domain::lifecycle::{Level, Lifecycle};
use domain::request::{ItemKind, ItemState};
use domain::role::Grantable;
use domain::time::{DAY, Instant};
use storage::ReadTx;

use super::super::detail::Named;
use super::offering::{Offering, steps_in_words};
use crate::effective::{AsOf, People, Whole, load, names_of};
use crate::{Cx, Result};

/// Waiting items of a person that are looked through.
const WAITING: i64 = 1_000;
/// For how long past requests say how long it takes.
const LATELY: i64 = 90 * DAY;
/// Past requests that are looked at for a page.
const PAST: i64 = 500;

/// How a person stands to a thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It can be asked for.
    Open,
    /// It is in the cart of whoever looks.
    InCart,
    /// They have it, until then.
    Has(Option<Instant>),
    /// They can activate it.
    Eligible,
    /// It was asked for, and waits for these.
    Waiting {
        /// In which request.
        request: RequestId,
        /// For whom it waits.
        people: Vec<Named>,
    },
    /// They shall not get it, for this reason.
    Excluded(String),
}

/// Something that can be asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offered {
    /// What.
    pub what: Grantable,
    /// Its name.
    pub name: String,
    /// Its technical name, as forms take it.
    pub technical: String,
    /// What it lets a person do.
    pub description: String,
    /// Its application; none for a role.
    pub application: Option<(ApplicationId, String)>,
    /// How bad it is in wrong hands; of a role the worst of what is in it.
    pub risk: Option<Level>,
    /// Who answers for it.
    pub owner: Option<Named>,
    /// How many things a role contains; 0 for an entitlement.
    pub contains: usize,
    /// Who must agree: `manager → owner`.
    pub steps: String,
    /// Whether some requests for it are approved without anybody being asked.
    pub automatic: bool,
    /// For at most how many days.
    pub longest_days: Option<u32>,
    /// The usual time from asking to having it, in microseconds; the median of the last 90 days.
    pub usual: Option<i64>,
    /// How the person stands to it.
    pub standing: Standing,
}

/// A person with what they have, what waits, and what is in the actor's cart for them.
#[derive(Debug)]
pub(in crate::requests) struct Situation {
    people: People,
    id: IdentityId,
    pub(in crate::requests) has: BTreeSet<EntitlementId>,
    waiting: BTreeMap<Grantable, (RequestId, Vec<Named>)>,
    cart: BTreeSet<Grantable>,
    now: Instant,
}

impl Situation {
    /// Reads it.
    pub(in crate::requests) async fn of(
        tx: &mut ReadTx,
        cx: &Cx,
        person: &Identity,
        now: Instant,
    ) -> Result<Self> {
        let moment = AsOf::now(now.plus(1));
        let people = load(tx, &[person.id], moment).await?;
        let whole = people.by_id.get(&person.id);
        let has = whole.map(|whole| whole.entitlements(&people.graph, moment));
        let items = tx.items_for(person.id, true, WAITING).await?;
        let raw: Vec<i64> = items.iter().map(|item| item.id.raw()).collect();
        let entries = tx.inbox_of(InboxKind::Approval, &raw).await?;
        let names = names(tx, entries.iter().map(|entry| entry.person)).await?;
        let mut waiting = BTreeMap::new();
        for item in items {
            let new = matches!(item.content.kind, ItemKind::New);
            if !new || item.content.state != ItemState::Waiting {
                continue;
            }
            let for_it = entries.iter().filter(|entry| entry.object == item.id.raw());
            let people: BTreeSet<Named> = for_it.map(|entry| named(&names, entry.person)).collect();
            let people = people.into_iter().collect();
            waiting.insert(item.content.what, (item.content.request, people));
        }
        let cart = match cx.me() {
            Some(me) => tx.cart(me).await?,
            None => Vec::new(),
        };
        let mine = cart
            .into_iter()
            .filter(|line| line.beneficiary == person.id);
        Ok(Self {
            has: has.unwrap_or_default(),
            id: person.id,
            waiting,
            cart: mine.map(|line| line.what).collect(),
            people,
            now,
        })
    }

    fn whole(&self) -> Option<&Whole> {
        self.people.by_id.get(&self.id)
    }

    /// How the person stands to a thing.
    pub(in crate::requests) fn standing(&self, what: Grantable) -> Standing {
        if let Some((request, people)) = self.waiting.get(&what) {
            return Standing::Waiting {
                request: *request,
                people: people.clone(),
            };
        }
        let Some(whole) = self.whole() else {
            return Standing::Open;
        };
        let rests = |state| {
            let mut resting = whole.resting.iter();
            resting.any(|one| one.content.what == what && one.content.state == state)
        };
        if rests(AssignmentState::Eligible) {
            return Standing::Eligible;
        }
        if let Some(has) = self.held(whole, what) {
            return has;
        }
        let excluded = whole.exclusions.iter().find(|one| {
            one.content.what == what && one.content.valid_until.is_none_or(|until| until > self.now)
        });
        if let Some(one) = excluded {
            return Standing::Excluded(one.content.reason.clone());
        }
        if self.cart.contains(&what) {
            return Standing::InCart;
        }
        Standing::Open
    }

    /// That the person has it, and until when.
    fn held(&self, whole: &Whole, what: Grantable) -> Option<Standing> {
        let given: Vec<Option<Instant>> = whole
            .given
            .iter()
            .filter(|one| one.what == what && one.until.is_none_or(|until| until > self.now))
            .map(|one| one.until)
            .collect();
        let endless = given.contains(&None);
        let latest = given.iter().max().copied().flatten().filter(|_| !endless);
        let has = match what {
            Grantable::Role(_) => !given.is_empty(),
            Grantable::Entitlement(id) => self.has.contains(&id),
        };
        has.then_some(Standing::Has(latest))
    }
}

/// Names of people, by id, in one statement.
pub(super) async fn names(
    tx: &mut ReadTx,
    ids: impl Iterator<Item = IdentityId>,
) -> Result<HashMap<IdentityId, String>> {
    let ids: BTreeSet<IdentityId> = ids.collect();
    let ids: Vec<IdentityId> = ids.into_iter().collect();
    let found = tx.identities_with(&ids).await?.into_iter();
    Ok(found
        .map(|one| (one.id, one.content.display_name))
        .collect())
}

pub(super) fn named(names: &HashMap<IdentityId, String>, id: IdentityId) -> Named {
    Named {
        id,
        name: names.get(&id).cloned().unwrap_or_else(|| id.to_string()),
    }
}

/// Describes things in the order asked for; what cannot be asked for, or is offered to others only, is left out.
pub(in crate::requests) async fn describe(
    tx: &mut ReadTx,
    (offering, situation): (&Offering, &Situation),
    whats: &[Grantable],
) -> Result<Vec<Offered>> {
    let single: Vec<EntitlementId> = whats.iter().filter_map(|what| what.entitlement()).collect();
    let found = tx.entitlements_with(&single).await?;
    let of: BTreeSet<ApplicationId> = found.iter().map(|one| one.content.application).collect();
    let of: Vec<ApplicationId> = of.into_iter().collect();
    let applications: HashMap<ApplicationId, Application> = tx
        .applications_with(&of)
        .await?
        .into_iter()
        .map(|one| (one.id, one))
        .collect();
    let mut all: BTreeMap<Grantable, Offered> = BTreeMap::new();
    let mut owners: BTreeMap<Grantable, IdentityId> = BTreeMap::new();
    for one in found {
        let Some(application) = applications.get(&one.content.application) else {
            continue;
        };
        let what = Grantable::Entitlement(one.id);
        owners.extend(
            one.content
                .owner
                .or(application.content.owner)
                .map(|id| (what, id)),
        );
        all.extend(
            single_of(offering, situation, &one, application).map(|offered| (what, offered)),
        );
    }
    for (offered, owner) in roles_of(tx, (offering, situation), whats).await? {
        owners.extend(owner.map(|id| (offered.what, id)));
        all.insert(offered.what, offered);
    }
    let names = names(tx, owners.values().copied()).await?;
    let usual = usual(tx, whats, situation.now).await?;
    let mut described = Vec::with_capacity(whats.len());
    for what in whats {
        let Some(mut one) = all.remove(what) else {
            continue;
        };
        one.owner = owners.get(what).map(|id| named(&names, *id));
        one.usual = usual.get(what).copied();
        described.push(one);
    }
    Ok(described)
}

fn single_of(
    offering: &Offering,
    situation: &Situation,
    one: &Entitlement,
    application: &Application,
) -> Option<Offered> {
    let content = &one.content;
    let what = Grantable::Entitlement(one.id);
    let (flow, open) = offering.flow(what, Some(content.application), content.risk);
    let active = content.requestable
        && content.status == Lifecycle::Active
        && application.content.status == Lifecycle::Active;
    (active && open).then(|| Offered {
        what,
        name: content.display_name.clone(),
        technical: format!("{}/{}", application.content.name, content.name),
        description: content.description.clone(),
        application: Some((application.id, application.content.display_name.clone())),
        risk: content.risk,
        owner: None,
        contains: 0,
        steps: steps_in_words(&flow.content),
        automatic: !flow.content.automatic.trim().is_empty(),
        longest_days: flow.content.longest_days,
        usual: None,
        standing: situation.standing(what),
    })
}

/// The roles among things, each with its owner.
async fn roles_of(
    tx: &mut ReadTx,
    (offering, situation): (&Offering, &Situation),
    whats: &[Grantable],
) -> Result<Vec<(Offered, Option<IdentityId>)>> {
    let offered: BTreeSet<_> = offering.roles().into_iter().collect();
    let wanted: Vec<_> = whats
        .iter()
        .filter_map(|what| what.role())
        .filter(|role| offered.contains(role))
        .collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let graph = &situation.people.graph;
    let inside: BTreeSet<EntitlementId> = wanted
        .iter()
        .flat_map(|role| graph.reach(*role))
        .copied()
        .collect();
    let inside: Vec<EntitlementId> = inside.into_iter().collect();
    let parts = names_of(tx, &inside).await?;
    let mut all = Vec::with_capacity(wanted.len());
    for role in tx.roles_with(&wanted).await? {
        if role.content.status != Lifecycle::Active {
            continue;
        }
        let what = Grantable::Role(role.id);
        let (flow, _) = offering.flow(what, None, None);
        let reach = graph.reach(role.id);
        let risks = reach.iter().filter_map(|id| parts.get(id)?.risk);
        let offered = Offered {
            what,
            technical: format!("role:{}", role.content.name),
            name: role.content.display_name,
            description: role.content.description,
            application: None,
            risk: risks.max(),
            owner: None,
            contains: reach.len(),
            steps: steps_in_words(&flow.content),
            automatic: !flow.content.automatic.trim().is_empty(),
            longest_days: flow.content.longest_days,
            usual: None,
            standing: situation.standing(what),
        };
        all.push((offered, role.content.owner));
    }
    Ok(all)
}

/// The median time from asking to having things.
async fn usual(
    tx: &mut ReadTx,
    whats: &[Grantable],
    now: Instant,
) -> Result<HashMap<Grantable, i64>> {
    let mut times: HashMap<Grantable, Vec<i64>> = HashMap::new();
    for item in tx.items_given(whats, now.plus(-LATELY), PAST).await? {
        let content = item.content;
        if content.kind == ItemKind::New
            && let Some(ended) = content.ended
        {
            let times = times.entry(content.what).or_default();
            times.push(ended.since(content.created));
        }
    }
    Ok(times
        .into_iter()
        .filter_map(|(what, mut times)| {
            times.sort_unstable();
            Some((what, *times.get(times.len() / 2)?))
        })
        .collect())
}
