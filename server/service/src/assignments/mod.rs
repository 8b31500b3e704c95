//! Assignments: give access to a person, change how long it lasts, suspend, restore, end. And exclusions, for access that a
//! rule or a role gives.

mod changes;
mod due;
mod exclude;
mod give;
mod list;
mod many;
mod names;
mod read;
mod step;

pub(crate) use changes::ChangeAssignments;
pub use changes::{
    ChangeAct, ChangeMany, ChangedItem, ChangedMany, Fate, Names, PlannedChange, PlannedChanges,
    Verdict, Which, change_many, plan_changes,
};
pub use due::end_due;
pub use exclude::{ExclusionDraft, end_exclusion, exclude};
pub use give::{GiveDraft, give};
pub(crate) use give::{Hindrance, hindrance};
pub use list::{AssignmentsPage, giver, list, state_word};
pub(crate) use list::{EXPORT_COLUMNS, export_rows};
pub(crate) use many::GiveToMany;
pub use many::{
    Agreed, Forecast, GaveMany, GiveMany, GivenItem, PlannedGifts, Remark, give_many,
    may_give_some, plan_many,
};
pub(crate) use names::{entitlement_name, role_name, technical_names};
pub(crate) use read::name;
pub use read::{AssignmentDetail, ExclusionDetail, exclusion, read};
pub(crate) use step::{by_hand, stepped};
pub use step::{extend, step};

pub use storage::assignments::{AssignmentRow, ListedBy};

use domain::audit::{Event, Target};
use domain::field::FieldErrors;
use domain::id::{IdentityId, ObjectRef};
use domain::role::Grantable;
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use storage::ReadTx;

use crate::roles::resolve_part;
use crate::{Error, Result};

/// Something that can be given, by what was typed; a problem at `what` otherwise.
pub(crate) async fn what(
    tx: &mut ReadTx,
    typed: &str,
    errors: &mut FieldErrors,
) -> Result<Option<Grantable>> {
    let typed = typed.trim();
    if typed.is_empty() {
        errors.add(
            "what",
            "What is missing. Write APPLICATION/ENTITLEMENT, or role: and the technical name of a role.",
        );
        return Ok(None);
    }
    match resolve_part(tx, typed).await? {
        Ok(what) => Ok(Some(what)),
        Err(problem) => {
            errors.add("what", problem);
            Ok(None)
        }
    }
}

/// From the beginning of a day to the end of another, as typed, in the organisation's zone.
async fn validity(
    tx: &mut ReadTx,
    (from, until): (&str, &str),
    now: Instant,
    errors: &mut FieldErrors,
) -> Result<(Instant, Option<Instant>)> {
    let zone = match tx.organisation().await? {
        Some(organisation) => organisation.time_zone(),
        None => TimeZone::UTC,
    };
    let mut day = |field: &'static str, text: &str| {
        let text = text.trim();
        if text.is_empty() {
            return None;
        }
        let day = text.parse::<Date>().ok();
        if day.is_none() {
            errors.add(
                field,
                format!("“{text}” is no day. Write it like 2026-12-31."),
            );
        }
        day
    };
    let (first, last) = (day("from", from), day("until", until));
    let from = first.map_or(now, |day| day.start(&zone)).max(now);
    let until = last.map(|day| day.end(&zone));
    if let Some(until) = until {
        if until <= now {
            errors.add("until", "This day is over. Choose today or a later day.");
        } else if until <= from {
            errors.add(
                "until",
                "The last day is before the first day. Choose a later day.",
            );
        }
    }
    Ok((from, until))
}

/// Adds to an event that it is about a person and what they get, so that it stands in the timelines of both.
pub(crate) fn touch(event: &mut Event, person: IdentityId, what: Grantable) {
    let what: ObjectRef = match what {
        Grantable::Entitlement(id) => id.into(),
        Grantable::Role(id) => id.into(),
    };
    for object in [person.into(), what] {
        event.targets.push(Target {
            object,
            content: None,
        });
    }
}

/// Whether something is a right in the console.
pub(crate) async fn of_the_console(tx: &mut ReadTx, what: Grantable) -> Result<bool> {
    let Grantable::Entitlement(id) = what else {
        return Ok(false);
    };
    let Some(entitlement) = tx.entitlement(id).await? else {
        return Ok(false);
    };
    let application = tx.application(entitlement.content.application).await?;
    Ok(application.is_some_and(|application| application.content.built_in))
}

/// Refuses what is a right in the console: those are given and ended on their own page.
pub(crate) async fn not_of_the_console(tx: &mut ReadTx, what: Grantable) -> Result<()> {
    if of_the_console(tx, what).await? {
        return Err(Error::Refused(
            "This is a right in the console. It is given and ended under Console rights of the person.".to_owned(),
        ));
    }
    Ok(())
}
