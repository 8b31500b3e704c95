//! Which flow something goes through, whether it can be asked for at all, and by whom.

use domain::approval::Flow;
use domain::id::{ApplicationId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::role::Grantable;
use policy::Condition;
use storage::ReadTx;

use crate::rules::{facts_of, vocabulary_of};
use crate::{Error, Result};

/// Flows that are read to choose one; they are written by people, some dozens.
pub(super) const MOST_FLOWS: i64 = 1_000;

/// The application and the risk of something; a role has neither.
pub(super) async fn place_of(
    tx: &mut ReadTx,
    what: Grantable,
) -> Result<(Option<ApplicationId>, Option<Level>)> {
    let Grantable::Entitlement(id) = what else {
        return Ok((None, None));
    };
    let found = tx.entitlement(id).await?.ok_or(Error::NotFound)?;
    Ok((Some(found.content.application), found.content.risk))
}

/// The flow that something goes through: the active one that covers it most specifically, or the standard one.
pub(crate) async fn flow_for(tx: &mut ReadTx, what: Grantable) -> Result<Flow> {
    let (application, risk) = place_of(tx, what).await?;
    let mut best: Option<(u8, Flow)> = None;
    for flow in active(tx).await? {
        if let Some(fit) = flow.content.covers.fit(what, application, risk)
            && best.as_ref().is_none_or(|(other, _)| *other < fit)
        {
            best = Some((fit, flow));
        }
    }
    Ok(best.map_or_else(Flow::standard, |(_, flow)| flow))
}

/// The active flows by name.
pub(super) async fn active(tx: &mut ReadTx) -> Result<Vec<Flow>> {
    let mut flows = tx.flows(MOST_FLOWS).await?;
    flows.retain(|flow| flow.content.status == Lifecycle::Active);
    Ok(flows)
}

/// Whether a person may see and ask for what goes through a flow. What cannot be decided is no.
pub(crate) async fn may_ask(tx: &mut ReadTx, flow: &Flow, person: IdentityId) -> Result<bool> {
    let text = flow.content.asked_by.trim();
    if text.is_empty() {
        return Ok(true);
    }
    let Ok(condition) = Condition::parse(text, &vocabulary_of(tx).await?) else {
        return Ok(false);
    };
    let Some(person) = tx.identity(person).await? else {
        return Ok(false);
    };
    let facts = facts_of(tx, &[&person], condition.reads().contains("manager")).await?;
    Ok(facts
        .first()
        .is_some_and(|facts| condition.holds(facts).unwrap_or(false)))
}

/// Whether something can be asked for: an entitlement that is marked so, active like its application; an active role that
/// an active flow names.
pub(crate) async fn requestable(tx: &mut ReadTx, what: Grantable) -> Result<bool> {
    match what {
        Grantable::Entitlement(id) => {
            let Some(found) = tx.entitlement(id).await? else {
                return Ok(false);
            };
            let offered = found.content.requestable && found.content.status == Lifecycle::Active;
            if !offered {
                return Ok(false);
            }
            let application = tx.application(found.content.application).await?;
            Ok(application.is_some_and(|found| found.content.status == Lifecycle::Active))
        }
        Grantable::Role(id) => {
            let role = tx.role(id).await?;
            if role.is_none_or(|role| role.content.status != Lifecycle::Active) {
                return Ok(false);
            }
            let flows = active(tx).await?;
            Ok(flows
                .iter()
                .any(|flow| flow.content.covers.roles.contains(&id)))
        }
    }
}
