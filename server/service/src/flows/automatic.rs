//! Whether what is asked for is approved by itself: by the condition of its flow, and by nothing else.

use domain::approval::Flow;
use domain::id::IdentityId;
use domain::lifecycle::Level;
use domain::request::Length;
use domain::role::Grantable;
use domain::time::{DAY, Instant};
use policy::{RequestCondition, RequestFacts};
use storage::ReadTx;

use crate::effective::peers_with;
use crate::rules::{facts_of, vocabulary_of};
use crate::{Error, Result, boxed};

/// The condition of a flow, when it holds for a person and what they ask for. What cannot be decided does not approve.
#[boxed]
pub(crate) async fn automatic(
    tx: &mut ReadTx,
    flow: &Flow,
    person: IdentityId,
    (what, length): (Grantable, Length),
    now: Instant,
) -> Result<Option<String>> {
    let text = flow.content.automatic.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let Ok(condition) = RequestCondition::parse(text, &vocabulary_of(tx).await?) else {
        return Ok(None);
    };
    let identity = tx.identity(person).await?.ok_or(Error::NotFound)?;
    let with_manager = condition.reads().contains("manager");
    let facts = facts_of(tx, &[&identity], with_manager).await?;
    let mut request = request_facts(tx, what, length).await?;
    // Only looked up when it is asked for: it reads what many people have.
    if text.contains("peers")
        && let Some((with, peers)) = peers_with(tx, person, what, now).await?
        && peers > 0
    {
        request.peers = u8::try_from(with * 100 / peers).unwrap_or(100);
        request.peers_known = true;
    }
    let holds = facts
        .first()
        .is_some_and(|facts| condition.holds(facts, &request).unwrap_or(false));
    Ok(holds.then(|| text.to_owned()))
}

async fn request_facts(tx: &mut ReadTx, what: Grantable, length: Length) -> Result<RequestFacts> {
    let mut request = RequestFacts {
        days: days(length),
        ..RequestFacts::default()
    };
    match what {
        Grantable::Role(id) => {
            request.role = tx.role(id).await?.ok_or(Error::NotFound)?.content.name;
        }
        Grantable::Entitlement(id) => {
            let found = tx.entitlement(id).await?.ok_or(Error::NotFound)?.content;
            let application = tx.application(found.application).await?;
            request.application = application.map_or_else(String::new, |one| one.content.name);
            request.entitlement = found.name;
            found
                .risk
                .map_or("", Level::word)
                .clone_into(&mut request.risk);
            request.privileged = found.risk.is_some_and(|risk| risk >= Level::High);
        }
    }
    Ok(request)
}

/// Days that have begun: some hours are a day.
fn days(length: Length) -> u32 {
    length.micros().map_or(0, |micros| {
        let days = micros.saturating_add(DAY - 1) / DAY;
        u32::try_from(days).unwrap_or(u32::MAX).max(1)
    })
}
