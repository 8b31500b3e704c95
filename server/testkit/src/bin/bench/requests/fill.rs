//! What is asked for, and who decides: made through the use cases, but for the flows.

use std::sync::Arc;

use anyhow::{Context as _, Result};
use domain::application::ApplicationDraft;
use domain::approval::{Approver, Covers, FlowContent, Step};
use domain::audit::AuditAction;
use domain::context::Clock as _;
use domain::entitlement::EntitlementDraft;
use domain::id::{EntitlementId, IdentityId, RequestItemId};
use domain::permission::{Actor, Rights};
use service::clock::SystemClock;
use service::requests::{self, Ask, Line};
use service::{Cx, applications, entitlements, people};
use testkit::{SeededEntropy, an_event};

use crate::data::Data;

/// Who decides on everything.
pub(super) const APPROVER: &str = "approver";
/// What is approved by itself.
pub(super) const AT_ONCE: &str = "desk/at-once";
const CONTESTED: &str = "desk/contested";
/// Different things that are asked for; each person asks for all of them.
const THINGS: usize = 50;

/// What was made.
pub(super) struct Filled {
    pub(super) approver: IdentityId,
    /// Those who ask for what is approved by itself.
    pub(super) automatic: Vec<IdentityId>,
    pub(super) deciders: Vec<IdentityId>,
    /// What the deciders decide.
    pub(super) contested: RequestItemId,
}

pub(super) fn acting(id: IdentityId) -> Actor {
    Actor::Person {
        id,
        rights: Rights::NONE,
    }
}

pub(super) fn ask<'a>(beneficiary: IdentityId, whats: impl IntoIterator<Item = &'a str>) -> Ask {
    let line = |what: &str| Line {
        what: what.to_owned(),
        days: "30".to_owned(),
        reason: String::new(),
    };
    Ask {
        beneficiary,
        lines: whats.into_iter().map(line).collect(),
        reason: "Made for a measurement".to_owned(),
    }
}

pub(super) async fn fill(
    data: &Data,
    waiting: usize,
    automatic: usize,
    deciders: usize,
) -> Result<Filled> {
    let operator = Cx::of(Actor::CommandLine);
    data.add_with_password(APPROVER).await?;
    let approver = people::by_username(data.service(), &operator, APPROVER)
        .await?
        .context("the approver was added")?;
    let draft = ApplicationDraft {
        name: "desk".to_owned(),
        display_name: "Desk".to_owned(),
        ..ApplicationDraft::default()
    };
    applications::create(data.service(), &operator, &draft).await?;
    let names: Vec<String> = (0..THINGS).map(|n| format!("thing-{n}")).collect();
    let mut things = Vec::new();
    for name in &names {
        things.push(entitlement(data, name).await?);
    }
    let at_once = entitlement(data, "at-once").await?;
    let contested = entitlement(data, "contested").await?;
    let mut someone = Vec::new();
    for number in 0..=waiting.div_ceil(THINGS) + automatic + deciders {
        someone.push(data.add(&data.person(number)).await?);
    }
    let mut rest = someone.into_iter();
    let deciders: Vec<IdentityId> = rest.by_ref().take(deciders).collect();
    flow(data, "Waiting", things, vec![approver], "").await?;
    flow(data, "At once", vec![at_once], vec![approver], "true").await?;
    flow(data, "Contested", vec![contested], deciders.clone(), "").await?;
    let whats: Vec<String> = names.iter().map(|name| format!("desk/{name}")).collect();
    for _ in 0..waiting.div_ceil(THINGS) {
        let person = rest.next().context("there are enough people")?;
        let ask = ask(person, whats.iter().map(String::as_str));
        requests::submit(data.service(), &Cx::of(acting(person)), &ask).await?;
    }
    let person = rest.next().context("there are enough people")?;
    let cx = Cx::of(acting(person));
    let request = requests::submit(data.service(), &cx, &ask(person, [CONTESTED])).await?;
    let found = requests::read(data.service(), &cx, request).await?;
    Ok(Filled {
        approver,
        automatic: rest.collect(),
        deciders,
        contested: found.items[0].item.id,
    })
}

async fn entitlement(data: &Data, name: &str) -> Result<EntitlementId> {
    let draft = EntitlementDraft {
        application: "desk".to_owned(),
        name: name.to_owned(),
        display_name: format!("The {name}"),
        description: "Made for a measurement.".to_owned(),
        kind: "permission".to_owned(),
        risk: "low".to_owned(),
        requestable: true,
        ..EntitlementDraft::default()
    };
    let operator = Cx::of(Actor::CommandLine);
    Ok(entitlements::create(data.service(), &operator, &draft).await?)
}

async fn flow(
    data: &Data,
    name: &str,
    entitlements: Vec<EntitlementId>,
    people: Vec<IdentityId>,
    automatic: &str,
) -> Result<()> {
    let content = FlowContent {
        name: name.to_owned(),
        covers: Covers {
            entitlements,
            ..Covers::default()
        },
        automatic: automatic.to_owned(),
        stages: vec![vec![Step::by(Approver::People { people })]],
        ..FlowContent::standard()
    };
    let store = data.service().store();
    let mut tx = store
        .write(SystemClock.now(), Arc::new(SeededEntropy::new(4)))
        .await?;
    let (_, target) = tx.insert_flow(&content).await?;
    tx.commit(an_event(AuditAction::FlowCreated, [target]), Vec::new())
        .await?;
    Ok(())
}
