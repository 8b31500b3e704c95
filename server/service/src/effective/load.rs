//! What effective access is resolved from, of some people at one moment.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use domain::access::ObservedAccess;
use domain::assignment::AssignmentState;
use domain::exclusion::Exclusion;
use domain::id::{EntitlementId, IdentityId};
use domain::identity::{Identity, IdentityContent, IdentityStatus};
use domain::resolution::{self, Access, Cut, Given, RoleGraph, Subject};
use domain::role::Grantable;
use jiff::tz::TimeZone;
use storage::ReadTx;
use storage::assignments::Assignment;

use super::AsOf;
use crate::Result;

/// Where a given thing comes from.
#[derive(Debug, Clone)]
pub(crate) enum Via {
    /// It was assigned.
    Assigned(Assignment),
    /// A source found it, and nothing ever gave it: the baseline.
    Found(ObservedAccess),
}

/// A person with everything that decides about their access.
#[derive(Debug, Clone)]
pub(crate) struct Whole {
    pub(crate) identity: Identity,
    pub(crate) subject: Subject,
    /// What was given, and by the same index where it comes from.
    pub(crate) given: Vec<Given>,
    pub(crate) via: Vec<Via>,
    /// Assignments that give nothing now: suspended, or eligible.
    pub(crate) resting: Vec<Assignment>,
    pub(crate) exclusions: Vec<Exclusion>,
    /// What sources see, whatever gives it.
    pub(crate) observed: Vec<ObservedAccess>,
}

/// Some people at one moment.
#[derive(Debug)]
pub(crate) struct People {
    pub(crate) graph: Arc<RoleGraph>,
    pub(crate) moment: AsOf,
    pub(crate) by_id: BTreeMap<IdentityId, Whole>,
}

impl Whole {
    fn exclusions(&self) -> Vec<resolution::Exclusion> {
        let all = self.exclusions.iter();
        all.map(|one| resolution::Exclusion {
            what: one.content.what,
            from: one.content.valid_from,
            until: one.content.valid_until,
        })
        .collect()
    }

    /// The same without one assignment: what is left when it ends.
    pub(crate) fn without(&self, id: domain::id::AssignmentId) -> Self {
        let kept = |via: &Via| !matches!(via, Via::Assigned(one) if one.id == id);
        let (mut given, mut left) = (Vec::new(), Vec::new());
        for (one, via) in self.given.iter().zip(&self.via) {
            if kept(via) {
                given.push(*one);
                left.push(via.clone());
            }
        }
        Self {
            given,
            via: left,
            ..self.clone()
        }
    }

    /// What the person has, with every way.
    pub(crate) fn resolve(&self, graph: &RoleGraph, moment: AsOf) -> Vec<Access> {
        resolution::resolve(
            graph,
            self.subject,
            &self.given,
            &self.exclusions(),
            moment.at,
        )
    }

    /// Only what the person has.
    pub(crate) fn entitlements(&self, graph: &RoleGraph, moment: AsOf) -> BTreeSet<EntitlementId> {
        resolution::entitlements(
            graph,
            self.subject,
            &self.given,
            &self.exclusions(),
            moment.at,
        )
    }

    /// What really ends an access.
    pub(crate) fn cut(
        &self,
        graph: &RoleGraph,
        moment: AsOf,
        entitlement: EntitlementId,
    ) -> Option<Cut> {
        let exclusions = self.exclusions();
        resolution::cut(
            graph,
            self.subject,
            &self.given,
            &exclusions,
            moment.at,
            entitlement,
        )
    }
}

/// Reads people as they were at a moment; unknown ids are left out.
pub(crate) async fn load(tx: &mut ReadTx, ids: &[IdentityId], moment: AsOf) -> Result<People> {
    let graph = graph(tx, moment).await?;
    load_in(tx, graph, ids, moment).await
}

/// The roles of a moment.
pub(crate) async fn graph(tx: &mut ReadTx, moment: AsOf) -> Result<Arc<RoleGraph>> {
    Ok(if moment.present {
        tx.role_graph().await?
    } else {
        tx.role_graph_as_of(moment.known).await?
    })
}

/// The same with the roles of the moment, for whoever reads many people a part at a time: those of the past are not kept.
pub(crate) async fn load_in(
    tx: &mut ReadTx,
    graph: Arc<RoleGraph>,
    ids: &[IdentityId],
    moment: AsOf,
) -> Result<People> {
    load_from(tx, (graph, None), ids, moment).await
}

/// The same with what roles ever held, too.
pub(crate) async fn load_from(
    tx: &mut ReadTx,
    (graph, ever): (Arc<RoleGraph>, Option<&RoleGraph>),
    ids: &[IdentityId],
    moment: AsOf,
) -> Result<People> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    let mut by_id: BTreeMap<IdentityId, Whole> = BTreeMap::new();
    for identity in identities(tx, ids, moment).await? {
        let whole = Whole {
            subject: subject(&identity, &zone),
            identity,
            given: Vec::new(),
            via: Vec::new(),
            resting: Vec::new(),
            exclusions: Vec::new(),
            observed: Vec::new(),
        };
        by_id.insert(whole.identity.id, whole);
    }
    for assignment in tx.assignments_as_of(ids, moment.known).await? {
        let Some(whole) = by_id.get_mut(&assignment.content.identity) else {
            continue;
        };
        if assignment.content.state != AssignmentState::Active {
            whole.resting.push(assignment);
            continue;
        }
        whole.given.push(Given {
            what: assignment.content.what,
            from: assignment.content.valid_from,
            until: assignment.content.valid_until,
        });
        whole.via.push(Via::Assigned(assignment));
    }
    for exclusion in tx.exclusions_as_of(ids, moment.known).await? {
        if let Some(whole) = by_id.get_mut(&exclusion.content.identity) {
            whole.exclusions.push(exclusion);
        }
    }
    for seen in tx.observed_of_people(ids, moment.known).await? {
        if let Some(whole) = by_id.get_mut(&seen.key.identity) {
            whole.observed.push(seen);
        }
    }
    baseline(tx, (&graph, ever), &mut by_id, moment).await?;
    Ok(People {
        graph,
        moment,
        by_id,
    })
}

async fn identities(tx: &mut ReadTx, ids: &[IdentityId], moment: AsOf) -> Result<Vec<Identity>> {
    if moment.present {
        return Ok(tx.identities_with(ids).await?);
    }
    Ok(tx.identities_as_of(ids, moment.known).await?)
}

pub(super) fn subject(identity: &Identity, zone: &TimeZone) -> Subject {
    presence(&identity.content, zone)
}

/// Whether, and until when, somebody of whom this is recorded can use anything.
pub(crate) fn presence(content: &IdentityContent, zone: &TimeZone) -> Subject {
    Subject {
        present: matches!(
            content.status,
            IdentityStatus::Active | IdentityStatus::OnLeave
        ),
        ends: content.end_date.map(|day| day.end(zone)),
    }
}

/// Adds what sources found and nothing ever gave. What an assignment gave once is not baseline when that ended: it is left
/// over, and goes when the application's account of it does.
async fn baseline(
    tx: &mut ReadTx,
    (graph, past): (&RoleGraph, Option<&RoleGraph>),
    by_id: &mut BTreeMap<IdentityId, Whole>,
    moment: AsOf,
) -> Result<()> {
    let unexplained: Vec<IdentityId> = by_id
        .values()
        .filter(|whole| {
            let has = whole.entitlements(graph, moment);
            let mut seen = whole.observed.iter();
            seen.any(|seen| !has.contains(&seen.key.entitlement))
        })
        .map(|whole| whole.identity.id)
        .collect();
    if unexplained.is_empty() {
        return Ok(());
    }
    let mut ever: HashMap<IdentityId, BTreeSet<Grantable>> = HashMap::new();
    for (identity, what) in tx.ever_assigned(&unexplained, moment.known).await? {
        ever.entry(identity).or_default().insert(what);
    }
    let with_roles = ever.values().flatten().any(|what| what.role().is_some());
    let read = if with_roles && past.is_none() {
        tx.role_graph_ever(moment.known).await?
    } else {
        RoleGraph::default()
    };
    let past = past.unwrap_or(&read);
    for id in unexplained {
        let Some(whole) = by_id.get_mut(&id) else {
            continue;
        };
        let given: BTreeSet<EntitlementId> = ever
            .remove(&id)
            .unwrap_or_default()
            .into_iter()
            .flat_map(|what| match what {
                Grantable::Entitlement(id) => vec![id],
                Grantable::Role(role) => past.reach(role).to_vec(),
            })
            .collect();
        for seen in &whole.observed {
            let entitlement = seen.key.entitlement;
            if given.contains(&entitlement) {
                continue;
            }
            whole.given.push(Given {
                what: Grantable::Entitlement(entitlement),
                from: seen
                    .granted
                    .map_or(seen.first_seen, |day| day.start(&TimeZone::UTC))
                    .min(seen.first_seen),
                until: None,
            });
            whole.via.push(Via::Found(*seen));
        }
    }
    Ok(())
}
