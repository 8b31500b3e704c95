//! Proposals on some pairs, in a fixed number of statements for a page of them.

use std::collections::{BTreeSet, HashMap, HashSet};

use domain::decision::Verdict;
use domain::entitlement::Entitlement;
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::identity::Identity;
use domain::permission::{Action, Facts};
use domain::proposal::{
    self, Asked, Basis, FEWEST, Learnt, Peers, Proposal, TooFew, Trait, field, pair_hash,
};
use domain::time::Instant;
use jiff::tz::TimeZone;
use storage::ReadTx;

use super::gather::{Pair, people, rights};
use super::holdings::{Group, Holdings};
use super::kept::kept;
use super::learn::learn;
use crate::{Cx, Error, Result, Service, boxed};

/// Pairs that are asked about in one transaction.
const PART: usize = 500;
/// Most peers that are looked at for a pair.
const MOST_PEERS: i64 = 100;
/// Peers that are looked at for all pairs of a part together, beyond [`FEWEST_PEERS`] each.
const PEERS_IN_ALL: i64 = 1_000;
/// Peers that are looked at for a pair, however many pairs there are.
const FEWEST_PEERS: i64 = 20;

/// On what proposals rest.
#[derive(Debug, Clone, Copy)]
enum Ground<'a> {
    Learnt(&'a Learnt, Instant),
    Peers(Option<TooFew>),
}

/// Proposals on pairs, in their order, on what was learnt last. For those who see all access.
#[boxed]
pub async fn propose(
    service: &Service,
    cx: &Cx,
    pairs: &[(IdentityId, EntitlementId)],
) -> Result<Vec<Proposal>> {
    let permitted = cx.decide(Action::ReadAccess, None, Facts::default());
    service.noted(cx, permitted.map(drop)).await?;
    let mut all = Vec::with_capacity(pairs.len());
    for some in pairs.chunks(PART) {
        let mut tx = service.store.read().await?;
        all.extend(propose_in(service, &mut tx, some).await?);
    }
    Ok(all)
}

/// The same in a transaction of the caller, who has decided that the reader may know of these pairs.
#[boxed]
pub async fn propose_in(
    service: &Service,
    tx: &mut ReadTx,
    pairs: &[(IdentityId, EntitlementId)],
) -> Result<Vec<Proposal>> {
    propose_seen(service, tx, pairs, None).await
}

/// What is known of a pair already.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// How many peers there are, and how many have it.
    pub(crate) peers: Peers,
    /// For how many days it was not used, where anybody says.
    pub(crate) unused_days: Option<i64>,
}

/// The same where this is known of the pairs, in their order: then nobody else is looked at.
#[boxed]
pub(crate) async fn propose_seen(
    service: &Service,
    tx: &mut ReadTx,
    pairs: &[Pair],
    seen: Option<&[Seen]>,
) -> Result<Vec<Proposal>> {
    let now = service.now();
    if let Some((head, learnt)) = kept(service, tx).await? {
        let ground = Ground::Learnt(&learnt, head.basis);
        return on(tx, now, ground, pairs, seen).await;
    }
    let (approved, denied) = tx
        .some_decisions(i64::try_from(FEWEST).unwrap_or(0))
        .await?;
    let few = (approved + denied < FEWEST).then_some(TooFew { approved, denied });
    on(tx, now, Ground::Peers(few), pairs, seen).await
}

/// Proposals on pairs, on everything that is decided by now, which is learnt from first.
#[boxed]
pub async fn propose_anew(
    service: &Service,
    cx: &Cx,
    pairs: &[(IdentityId, EntitlementId)],
) -> Result<Vec<Proposal>> {
    let permitted = cx.decide(Action::ReadAccess, None, Facts::default());
    service.noted(cx, permitted.map(drop)).await?;
    let lessons = learn(service).await?;
    let ground = match &lessons {
        Ok(lessons) => Ground::Learnt(&lessons.learnt, lessons.head.basis),
        Err(few) => Ground::Peers(Some(*few)),
    };
    let mut all = Vec::with_capacity(pairs.len());
    for some in pairs.chunks(PART) {
        let mut tx = service.store.read().await?;
        all.extend(on(&mut tx, service.now(), ground, some, None).await?);
    }
    Ok(all)
}

async fn on(
    tx: &mut ReadTx,
    now: Instant,
    ground: Ground<'_>,
    pairs: &[Pair],
    seen: Option<&[Seen]>,
) -> Result<Vec<Proposal>> {
    if pairs.is_empty() {
        return Ok(Vec::new());
    }
    let people = people(tx, pairs.iter().map(|pair| pair.0)).await?;
    let rights = rights(tx, pairs.iter().map(|pair| pair.1)).await?;
    let names = Names::read(tx, &people, &rights).await?;
    let held;
    let seen = if let Some(seen) = seen {
        seen
    } else {
        held = see(tx, now, pairs, &people, &rights).await?;
        &held
    };
    let own = own(tx, ground, pairs).await?;
    let proposed = pairs.iter().zip(seen).map(|(pair, seen)| {
        let (person, what) = (people.get(&pair.0), rights.get(&pair.1));
        let (Some(person), Some(what)) = (person, what) else {
            return Err(Error::NotFound);
        };
        let asked = Asked {
            traits: names.shown(person, what),
            own: own.get(pair).copied().unwrap_or_default(),
            peers: seen.peers,
            unused_days: seen.unused_days,
        };
        Ok(proposal::propose(ground.basis(), &asked))
    });
    proposed.collect()
}

/// Looks at the peers of people now, and at when access was used.
async fn see(
    tx: &mut ReadTx,
    now: Instant,
    pairs: &[Pair],
    people: &HashMap<IdentityId, Identity>,
    rights: &HashMap<EntitlementId, Entitlement>,
) -> Result<Vec<Seen>> {
    let group = |person: &Identity| -> Group {
        (
            person.content.department.clone(),
            person.content.title.clone(),
        )
    };
    let groups: BTreeSet<Group> = people.values().map(group).collect();
    let count = i64::try_from(groups.len().max(1)).unwrap_or(i64::MAX);
    let most = (PEERS_IN_ALL / count).clamp(FEWEST_PEERS, MOST_PEERS);
    let (others, wanted) = (people.keys().copied(), rights.keys().copied().collect());
    let holdings = Holdings::read(tx, now, groups.into_iter(), most, others, &wanted).await?;
    let today = now.day(&TimeZone::UTC);
    let seen = |pair: &Pair| Seen {
        peers: match people.get(&pair.0).map(group) {
            Some(group) if group != Group::default() => holdings.peers(*pair, &group, most),
            _ => Peers::default(),
        },
        unused_days: holdings.unused(*pair, today),
    };
    Ok(pairs.iter().map(seen).collect())
}

impl<'a> Ground<'a> {
    const fn basis(self) -> Basis<'a> {
        match self {
            Self::Learnt(learnt, _) => Basis::Decisions(learnt),
            Self::Peers(few) => Basis::Peers(few),
        }
    }
}

/// Approvals and denials on the pairs themselves, as far as they were learnt from.
async fn own(
    tx: &mut ReadTx,
    ground: Ground<'_>,
    pairs: &[Pair],
) -> Result<HashMap<Pair, (u32, u32)>> {
    let Ground::Learnt(learnt, until) = ground else {
        return Ok(HashMap::new());
    };
    let mut own: HashMap<Pair, (u32, u32)> = HashMap::new();
    // A pair may be asked about twice.
    let pairs: HashSet<Pair> = pairs.iter().copied().collect();
    let pairs: Vec<Pair> = pairs.into_iter().collect();
    for one in tx.decisions_on_pairs(&pairs, until).await? {
        if pair_hash(one.identity.raw(), one.entitlement.raw()) <= learnt.sampled_below {
            let tally = own.entry((one.identity, one.entitlement)).or_default();
            match one.verdict {
                Verdict::Approved => tally.0 += 1,
                Verdict::Denied => tally.1 += 1,
            }
        }
    }
    Ok(own)
}

/// What managers and applications are called.
struct Names {
    managers: HashMap<IdentityId, String>,
    applications: HashMap<ApplicationId, String>,
}

impl Names {
    async fn read(
        tx: &mut ReadTx,
        people: &HashMap<IdentityId, Identity>,
        rights: &HashMap<EntitlementId, Entitlement>,
    ) -> Result<Self> {
        let managers = people.values().filter_map(|person| person.content.manager);
        let managers: Vec<IdentityId> = managers.collect::<BTreeSet<_>>().into_iter().collect();
        let applications = rights.values().map(|what| what.content.application);
        let applications: Vec<ApplicationId> =
            applications.collect::<BTreeSet<_>>().into_iter().collect();
        let managers = tx.identity_names(&managers).await?.into_iter();
        let applications = tx.applications_with(&applications).await?.into_iter();
        Ok(Self {
            managers: managers.map(|one| (one.id, one.display_name)).collect(),
            applications: applications
                .map(|one| (one.id, one.content.display_name))
                .collect(),
        })
    }

    fn shown(&self, person: &Identity, what: &Entitlement) -> Vec<Trait> {
        let mut traits = super::subject::subject(person, what);
        for known in &mut traits {
            let name = match known.field.as_str() {
                field::MANAGER => person.content.manager.and_then(|id| self.managers.get(&id)),
                field::APPLICATION => self.applications.get(&what.content.application),
                _ => None,
            };
            if let Some(name) = name {
                name.clone_into(&mut known.shown);
            }
        }
        traits
    }
}
