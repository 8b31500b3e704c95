//! Whether something can be asked for by somebody, with the sentence that says why not.

use domain::approval::Flow;
use domain::assignment::AssignmentState;
use domain::id::IdentityId;
use domain::identity::{Identity, IdentityStatus};
use domain::request::{ItemState, Length};
use domain::role::Grantable;
use domain::time::Instant;
use storage::ReadTx;

use crate::assignments::name;
use crate::effective::{AsOf, load};
use crate::{Error, Result, flows};

/// Waiting items of a person that are looked through.
const WAITING: i64 = 1_000;

/// Refuses when a person can be given nothing.
pub(super) fn present(person: &Identity) -> Result<()> {
    match person.content.status {
        IdentityStatus::Active | IdentityStatus::OnLeave => Ok(()),
        IdentityStatus::Suspended | IdentityStatus::Ended => Err(Error::Refused(format!(
            "{} is suspended or has left and can be given nothing.",
            person.content.display_name
        ))),
    }
}

/// The flow that something goes through, or why this person cannot have it asked for.
pub(super) async fn offered(
    tx: &mut ReadTx,
    person: IdentityId,
    what: Grantable,
) -> Result<std::result::Result<Flow, String>> {
    let called = name(tx, what).await?;
    if !flows::requestable(tx, what).await? {
        return Ok(Err(format!(
            "{called} cannot be asked for. Its owner can say how it is given."
        )));
    }
    let flow = flows::flow_for(tx, what).await?;
    if !flows::may_ask(tx, &flow, person).await? {
        return Ok(Err(format!(
            "{called} is offered to other people only. Its owner can say to whom."
        )));
    }
    Ok(Ok(flow))
}

/// What stands against asking for something new, in a sentence.
pub(super) async fn hindrance(
    tx: &mut ReadTx,
    person: IdentityId,
    what: Grantable,
    now: Instant,
) -> Result<Option<String>> {
    match pending(tx, person, what).await? {
        None => there(tx, person, what, now).await,
        some => Ok(some),
    }
}

/// That it was asked for and waits.
async fn pending(tx: &mut ReadTx, person: IdentityId, what: Grantable) -> Result<Option<String>> {
    let waiting = tx.items_for(person, true, WAITING).await?;
    if waiting
        .iter()
        .any(|item| item.content.what == what && item.content.state == ItemState::Waiting)
    {
        let called = name(tx, what).await?;
        return Ok(Some(format!(
            "{called} was asked for already and waits for a decision."
        )));
    }
    Ok(None)
}

/// That the person has it, or is excluded from it.
pub(super) async fn there(
    tx: &mut ReadTx,
    person: IdentityId,
    what: Grantable,
    now: Instant,
) -> Result<Option<String>> {
    let called = name(tx, what).await?;
    let moment = AsOf::now(now.plus(1));
    let people = load(tx, &[person], moment).await?;
    let Some(whole) = people.by_id.get(&person) else {
        return Ok(None);
    };
    let eligible = whole
        .resting
        .iter()
        .any(|one| one.content.what == what && one.content.state == AssignmentState::Eligible);
    if eligible {
        return Ok(Some(format!(
            "{called} is there already: activate it under My access when it is needed."
        )));
    }
    let has = match what {
        Grantable::Entitlement(id) => whole.entitlements(&people.graph, moment).contains(&id),
        Grantable::Role(_) => whole
            .given
            .iter()
            .any(|given| given.what == what && given.until.is_none_or(|until| until > now)),
    };
    if has {
        return Ok(Some(format!(
            "{called} is there already. Ask for more time under My access when it ends too early."
        )));
    }
    let excluded = whole.exclusions.iter().find(|one| {
        one.content.what == what && one.content.valid_until.is_none_or(|until| until > now)
    });
    Ok(excluded.map(|one| {
        let reason = one.content.reason.trim().trim_end_matches('.').to_owned();
        format!("{called} is excluded for this person (“{reason}”). The exclusion must end first.")
    }))
}

/// The typed number of days as a length that the flow allows, or what is wrong with it.
pub(super) fn days(typed: &str, flow: &Flow, called: &str) -> std::result::Result<Length, String> {
    let typed = typed.trim();
    let longest = flow.content.longest_days;
    if typed.is_empty() {
        return match longest {
            None => Ok(Length::Unlimited),
            Some(most) => Err(format!(
                "{called} is given for at most {most} days. Enter how many days you need it."
            )),
        };
    }
    let most = longest.unwrap_or(3_660);
    match typed.parse::<u32>() {
        Ok(days) if (1..=most).contains(&days) => Ok(Length::Days(days)),
        _ => Err(format!(
            "{called}: “{typed}” is no number of days from 1 to {most}."
        )),
    }
}

/// The typed number of hours, at most so many.
pub(super) fn hours(typed: &str, most: u32) -> std::result::Result<Length, String> {
    match typed.trim().parse::<u32>() {
        Ok(hours) if (1..=most).contains(&hours) => Ok(Length::Hours(hours)),
        _ => Err(format!("Enter a number of hours from 1 to {most}.")),
    }
}
