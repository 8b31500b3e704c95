//! One thing of the catalogue: what it contains, who of the team has it, and who would have to agree, by name.

use domain::id::IdentityId;
use domain::request::Parties;
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;

use super::super::detail::Named;
use super::beneficiary;
use super::describe::{Offered, Situation, describe, named, names};
use super::offering::{Offering, word};
use crate::effective::{NamedEntitlement, names_of, peers_with};
use crate::{Cx, Error, Result, Service, boxed, flows};

/// Entitlements of a role that are shown at most.
const MOST_PARTS: usize = 200;

/// A step that a request would go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPreview {
    /// Its stage, from 0; steps of a stage go on at the same time.
    pub stage: usize,
    /// Whom the flow names, in a word or three.
    pub who: &'static str,
    /// Who that would be today.
    pub people: Vec<Named>,
    /// Why they.
    pub because: String,
    /// Within how many hours.
    pub due_hours: u32,
}

/// One thing that can be asked for.
#[derive(Debug, Clone)]
pub struct OfferedDetail {
    /// For whom.
    pub person: Named,
    /// The thing.
    pub offered: Offered,
    /// What a role contains, by application and name.
    pub contains: Vec<NamedEntitlement>,
    /// Who would have to agree.
    pub steps: Vec<StepPreview>,
    /// Of the peers of the person so many of so many have it.
    pub peers: Option<(usize, usize)>,
    /// When set, it is only activated when needed, for at most so many hours.
    pub activation_hours: Option<u32>,
    /// When set, the actor can take it at once for so many hours.
    pub emergency_hours: Option<u32>,
    /// Lines of the actor's cart.
    pub cart: u64,
}

/// A thing that a person may ask for; [`Error::NotFound`] when it is not offered to them.
#[boxed]
pub async fn offered(
    service: &Service,
    cx: &Cx,
    person: Option<IdentityId>,
    what: Grantable,
) -> Result<OfferedDetail> {
    let result = carry_out(service, cx, person, what).await;
    service.noted(cx, result).await
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    person: Option<IdentityId>,
    what: Grantable,
) -> Result<OfferedDetail> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let tx = &mut tx;
    let person = beneficiary(tx, cx, person, now).await?;
    let offering = Offering::of(tx, &person).await?;
    let situation = Situation::of(tx, cx, &person, now).await?;
    let mut found = describe(tx, (&offering, &situation), &[what]).await?;
    let offered = found.pop().ok_or(Error::NotFound)?;
    let application = offered.application.as_ref().map(|(id, _)| *id);
    let (flow, _) = offering.flow(what, application, offered.risk);
    let contains = match what {
        Grantable::Entitlement(_) => Vec::new(),
        Grantable::Role(role) => parts(tx, role).await?,
    };
    let parties = Parties {
        requester: cx.me().unwrap_or(person.id),
        beneficiary: person.id,
    };
    let steps = steps(tx, &flow.content, (parties, what), now).await?;
    let oneself = cx.me() == Some(person.id);
    Ok(OfferedDetail {
        peers: peers_with(tx, person.id, what, now).await?,
        activation_hours: flow.content.activation_hours,
        emergency_hours: flow.content.emergency_hours.filter(|_| oneself),
        cart: match cx.me() {
            Some(me) => tx.cart_count(me).await?,
            None => 0,
        },
        person: Named {
            id: person.id,
            name: person.content.display_name,
        },
        offered,
        contains,
        steps,
    })
}

async fn parts(tx: &mut ReadTx, role: domain::id::RoleId) -> Result<Vec<NamedEntitlement>> {
    let all = tx.role_graph().await?.reach(role).to_vec();
    let mut parts: Vec<NamedEntitlement> = names_of(tx, &all).await?.into_values().collect();
    parts.sort_by_cached_key(NamedEntitlement::order);
    parts.truncate(MOST_PARTS);
    Ok(parts)
}

/// Who would have to agree if it was asked for now.
async fn steps(
    tx: &mut ReadTx,
    flow: &domain::approval::FlowContent,
    (parties, what): (Parties, Grantable),
    now: Instant,
) -> Result<Vec<StepPreview>> {
    let mut steps = Vec::new();
    for (_, stage, step) in flow.steps() {
        let found = flows::approvers(tx, step, parties, what, now).await?;
        let names = names(tx, found.people.iter().copied()).await?;
        steps.push(StepPreview {
            stage,
            who: word(&step.approver),
            people: found.people.iter().map(|id| named(&names, *id)).collect(),
            because: found.because,
            due_hours: step.due_hours,
        });
    }
    Ok(steps)
}
