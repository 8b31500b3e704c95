//! The delegations of a person, as their page shows them.

use domain::delegation::{Delegation, DelegationState};
use domain::id::IdentityId;
use domain::permission::Action;
use domain::time::Instant;
use storage::identities::IdentityName;

use super::facts;
use crate::{Cx, Error, Result, Service, boxed};

/// Delegations that are shown; older ones are in the log.
const MOST: i64 = 200;

/// A delegation with its names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownDelegation {
    /// The delegation.
    pub delegation: Delegation,
    /// Who is stood in for.
    pub delegator: IdentityName,
    /// Who stands in.
    pub delegate: IdentityName,
}

/// The delegations of a person.
#[derive(Debug, Clone)]
pub struct Delegations {
    /// Those from this person, the newest first.
    pub given: Vec<ShownDelegation>,
    /// Those to this person, the newest first.
    pub received: Vec<ShownDelegation>,
    /// Whether the reader may add and end those of this person.
    pub may_change: bool,
    /// The moment.
    pub now: Instant,
}

impl ShownDelegation {
    /// Where it is at a moment, in a word: `Begins`, `In force`, `Over` or `Ended`.
    pub fn when(&self, now: Instant) -> &'static str {
        let content = &self.delegation.content;
        if content.state == DelegationState::Ended {
            "Ended"
        } else if content.valid_until <= now {
            "Over"
        } else if content.valid_from > now {
            "Begins"
        } else {
            "In force"
        }
    }

    /// Whether it can still be ended.
    pub fn can_end(&self, now: Instant) -> bool {
        let content = &self.delegation.content;
        content.state == DelegationState::Active && content.valid_until > now
    }
}

/// The delegations of whoever asks.
#[boxed]
pub async fn own(service: &Service, cx: &Cx) -> Result<Delegations> {
    let me = cx.me().ok_or(Error::NotFound)?;
    of_person(service, cx, me).await
}

/// The delegations from and to a person.
#[boxed]
pub async fn of_person(service: &Service, cx: &Cx, person: IdentityId) -> Result<Delegations> {
    let result = carry_out(service, cx, person).await;
    service.noted(cx, result).await
}

async fn carry_out(service: &Service, cx: &Cx, person: IdentityId) -> Result<Delegations> {
    let now = service.now();
    let mut tx = service.store.read().await?;
    let facts = facts(&mut tx, cx, person, now).await?;
    cx.decide(Action::ReadPerson, Some(person.into()), facts)?;
    let all = tx.delegations_of(person, MOST).await?;
    let people: Vec<IdentityId> = all
        .iter()
        .flat_map(|one| [one.content.delegator, one.content.delegate])
        .collect();
    let known = tx.identity_names(&people).await?;
    let named = |id: IdentityId| known.iter().find(|one| one.id == id).cloned();
    let (mut given, mut received) = (Vec::new(), Vec::new());
    for delegation in all {
        let content = &delegation.content;
        let (Some(delegator), Some(delegate)) = (named(content.delegator), named(content.delegate))
        else {
            continue;
        };
        let list = if content.delegator == person {
            &mut given
        } else {
            &mut received
        };
        list.push(ShownDelegation {
            delegation,
            delegator,
            delegate,
        });
    }
    Ok(Delegations {
        given,
        received,
        may_change: cx
            .decide(Action::Delegate, Some(person.into()), facts)
            .is_ok(),
        now,
    })
}
