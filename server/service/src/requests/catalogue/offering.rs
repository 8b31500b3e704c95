//! What is offered to one person: conditions are asked once a flow, never once a thing.

use std::collections::{BTreeMap, BTreeSet};

use domain::approval::{Approver, Flow, FlowContent};
use domain::id::{ApplicationId, IdentityId, RoleId};
use domain::identity::Identity;
use domain::lifecycle::{Level, Lifecycle};
use domain::role::Grantable;
use policy::Condition;
use storage::ReadTx;
use storage::entitlements::{Covered, Segment};

use crate::Result;
use crate::rules::{facts_of, vocabulary_of};

/// Flows that are read; they are written by people, some dozens.
const MOST_FLOWS: i64 = 1_000;

/// The active flows, and which of them are open to a person.
#[derive(Debug)]
pub(crate) struct Offering {
    flows: Vec<(Flow, bool)>,
    standard: Flow,
}

impl Offering {
    /// Reads the flows and asks their conditions about a person.
    pub(crate) async fn of(tx: &mut ReadTx, person: &Identity) -> Result<Self> {
        let mut flows = tx.flows(MOST_FLOWS).await?;
        flows.retain(|flow| flow.content.status == Lifecycle::Active);
        let mut asked = Vec::with_capacity(flows.len());
        if flows.iter().any(|flow| !is_open(&flow.content)) {
            let vocabulary = vocabulary_of(tx).await?;
            let facts = facts_of(tx, &[person], true).await?;
            for flow in flows {
                let condition = Condition::parse(flow.content.asked_by.trim(), &vocabulary);
                // What cannot be decided is no.
                let holds = |condition: Condition| {
                    facts
                        .first()
                        .is_some_and(|facts| condition.holds(facts).unwrap_or(false))
                };
                let open = is_open(&flow.content) || condition.is_ok_and(holds);
                asked.push((flow, open));
            }
        } else {
            asked.extend(flows.into_iter().map(|flow| (flow, true)));
        }
        Ok(Self {
            flows: asked,
            standard: Flow::standard(),
        })
    }

    /// The flow that something goes through, and whether it is open to the person.
    pub(crate) fn flow(
        &self,
        what: Grantable,
        application: Option<ApplicationId>,
        risk: Option<Level>,
    ) -> (&Flow, bool) {
        let mut best: Option<(u8, &Flow, bool)> = None;
        for (flow, open) in &self.flows {
            if let Some(fit) = flow.content.covers.fit(what, application, risk)
                && best.is_none_or(|(other, _, _)| other < fit)
            {
                best = Some((fit, flow, *open));
            }
        }
        best.map_or((&self.standard, true), |(_, flow, open)| (flow, open))
    }

    /// The roles that can be asked for, as far as flows say so.
    pub(crate) fn roles(&self) -> Vec<RoleId> {
        let named = self
            .flows
            .iter()
            .flat_map(|(flow, _)| &flow.content.covers.roles);
        let named: BTreeSet<RoleId> = named.copied().collect();
        let open = |role: &RoleId| self.flow(Grantable::Role(*role), None, None).1;
        named.into_iter().filter(open).collect()
    }

    /// Which entitlements are offered to others only.
    pub(crate) fn segment(&self) -> Segment {
        let (mut entitlements, mut applications, mut risks) =
            (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        let mut rest = None;
        for (flow, open) in &self.flows {
            let covers = &flow.content.covers;
            for id in &covers.entitlements {
                entitlements.entry(*id).or_insert(*open);
            }
            for id in &covers.applications {
                applications.entry(*id).or_insert(*open);
            }
            for risk in &covers.risks {
                risks.entry(*risk).or_insert(*open);
            }
            if covers.everything {
                rest.get_or_insert(*open);
            }
        }
        let closed = Covered {
            entitlements: shut(&entitlements),
            applications: shut(&applications),
            risks: shut(&risks),
            rest: rest == Some(false),
        };
        let named = Covered {
            entitlements: entitlements.into_keys().collect(),
            applications: applications.into_keys().collect(),
            risks: risks.into_keys().collect(),
            rest: rest.is_some(),
        };
        Segment { named, closed }
    }
}

fn is_open(flow: &FlowContent) -> bool {
    flow.asked_by.trim().is_empty()
}

fn shut<K: Ord + Copy>(all: &BTreeMap<K, bool>) -> BTreeSet<K> {
    all.iter()
        .filter(|(_, open)| !**open)
        .map(|(key, _)| *key)
        .collect()
}

/// The steps of a flow in a few words: `manager → owner`.
pub(crate) fn steps_in_words(flow: &FlowContent) -> String {
    let stages = flow.stages.iter().map(|stage| {
        let steps: Vec<&str> = stage.iter().map(|step| word(&step.approver)).collect();
        steps.join(" and ")
    });
    stages.collect::<Vec<_>>().join(" → ")
}

/// Who must agree, in a word or three.
pub(crate) fn word(approver: &Approver) -> &'static str {
    match approver {
        Approver::Manager => "manager",
        Approver::ManagersManager => "manager’s manager",
        Approver::Owner => "owner",
        Approver::ApplicationOwner => "application owner",
        Approver::People { .. } => "named people",
        Approver::Role { .. } => "holders of a role",
        Approver::Administrators => "administrators",
    }
}

/// Peers and people of the same manager: those whose access one may take as a pattern.
pub(crate) async fn team(tx: &mut ReadTx, person: &Identity, most: i64) -> Result<Vec<IdentityId>> {
    let content = &person.content;
    let mut team = BTreeSet::new();
    if !content.department.is_empty() || !content.title.is_empty() {
        team.extend(tx.peers(&content.department, &content.title, most).await?);
    }
    if let Some(manager) = content.manager {
        team.extend(tx.reports_of(&[manager], 0, most).await?);
    }
    team.remove(&person.id);
    Ok(team.into_iter().collect())
}
