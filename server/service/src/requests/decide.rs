//! Deciding: approve, approve less, reject; one item or several.

use domain::approval::{Happened, NotCounted, Outcome, StepNumber, Vote, judge};
use domain::audit::AuditAction;
use domain::field::FieldErrors;
use domain::id::{IdentityId, RequestItemId};
use domain::permission::Action;
use domain::request::{ItemState, Length};

use super::course::{By, Course, Standing, commit, standing};
use super::facts::{Role, role, voices};
use crate::{Cx, Error, Result, Service, boxed};

/// What an approver says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Yes or no.
    pub vote: Vote,
    /// Why; required to reject.
    pub note: String,
    /// With approval: for how many days at most, when that is less than was asked for; hours for an activation. Empty
    /// leaves it as it is.
    pub shorter: String,
}

/// What became of a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decided {
    /// It counts; where the item is now.
    Counted(ItemState),
    /// It was over before: recorded as late, without effect. How it ended, or waits for others.
    TooLate(ItemState),
}

/// Decides an item.
#[boxed]
pub async fn decide(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    verdict: &Verdict,
) -> Result<Decided> {
    let result = carry_out(service, cx, id, verdict).await;
    service.noted(cx, result).await
}

/// Decides several items the same way, each by itself; answers how it went with each.
#[boxed]
pub async fn decide_many(
    service: &Service,
    cx: &Cx,
    ids: &[RequestItemId],
    verdict: &Verdict,
) -> Vec<(RequestItemId, Result<Decided>)> {
    let mut all = Vec::with_capacity(ids.len());
    for id in ids {
        let once = cx.once.as_ref().map(|key| format!("{key} {id}"));
        let own = Cx { once, ..cx.clone() };
        let decided = match decide(service, &own, *id, verdict).await {
            // This very form decided it before: it is where that led.
            Err(Error::AlreadyDone(_)) => now(service, *id).await.map(Decided::Counted),
            other => other,
        };
        all.push((*id, decided));
    }
    all
}

/// Where an item is.
async fn now(service: &Service, id: RequestItemId) -> Result<ItemState> {
    let item = service.store.read().await?.request_item(id).await?;
    Ok(item.ok_or(Error::NotFound)?.content.state)
}

/// In which step somebody votes, and for whom: the first open one that waits for one of their voices, their own first.
/// Otherwise why none does.
fn place(
    standing: &Standing,
    me: IdentityId,
    role: &Role,
) -> std::result::Result<(StepNumber, Option<IdentityId>), NotCounted> {
    let parties = standing.item.content.parties();
    let mut hindrance = if standing.state.outcome == Outcome::Waiting {
        NotCounted::NotAsked
    } else {
        NotCounted::TooLate
    };
    for step in &standing.state.steps {
        for voice in &role.voices {
            if !step.approvers.contains(voice) {
                continue;
            }
            let behalf = (*voice != me).then_some(*voice);
            match judge(&standing.state, step.number, (me, behalf), parties) {
                Ok(()) => return Ok((step.number, behalf)),
                Err(NotCounted::NotAsked) => {}
                Err(other) => hindrance = other,
            }
        }
    }
    Err(hindrance)
}

async fn carry_out(
    service: &Service,
    cx: &Cx,
    id: RequestItemId,
    verdict: &Verdict,
) -> Result<Decided> {
    let mut tx = service.begin(cx).await?;
    let now = tx.recorded();
    let standing = standing(&mut tx, id).await?;
    let voices = voices(&mut tx, cx, now).await?;
    let role = role(&mut tx, cx, &standing, voices, now).await?;
    let permit = cx.decide(Action::DecideRequest, Some(id.into()), role.facts)?;
    let Some(me) = cx.me() else {
        return Err(Error::NotFound);
    };
    let mut errors = FieldErrors::new();
    let note = if verdict.vote == Vote::Reject {
        errors.required("note", "The reason", &verdict.note, 1000)
    } else {
        errors.line("note", "The note", &verdict.note, 1000)
    };
    let shorter = shorter(&standing, verdict, &mut errors);
    errors.or(())?;
    let found = place(&standing, me, &role);
    let mut course = Course::of(cx, permit, now, standing);
    let reason = (!note.is_empty()).then(|| note.clone());
    let (step, on_behalf_of) = match found {
        Ok(found) => found,
        // Who has decided it is not late.
        Err(NotCounted::TooLate | NotCounted::NotOpen) if spoke(&course, me) => {
            return Err(Error::Refused(sentence(NotCounted::Again).to_owned()));
        }
        Err(NotCounted::TooLate | NotCounted::NotOpen) => {
            let late = Happened::TooLate {
                vote: verdict.vote,
                note,
            };
            let who = By {
                by: Some(me),
                on_behalf_of: None,
            };
            let action = (AuditAction::RequestLate, reason.as_deref());
            course.happen(&mut tx, who, late, action).await?;
            let state = course.content().state;
            let log = course.done(&mut tx).await?;
            commit(service, cx, tx, id, log).await?;
            return Ok(Decided::TooLate(state));
        }
        Err(other) => return Err(Error::Refused(sentence(other).to_owned())),
    };
    let decided = Happened::Decided {
        step,
        vote: verdict.vote,
        shorter,
        note,
    };
    let action = match verdict.vote {
        Vote::Approve => AuditAction::RequestApproved,
        Vote::Reject => AuditAction::RequestRejected,
    };
    let who = By {
        by: Some(me),
        on_behalf_of,
    };
    course
        .happen(&mut tx, who, decided, (action, reason.as_deref()))
        .await?;
    course.proceed(&mut tx).await?;
    let state = course.content().state;
    let log = course.done(&mut tx).await?;
    commit(service, cx, tx, id, log).await?;
    Ok(Decided::Counted(state))
}

/// Whether somebody decided on an item before.
fn spoke(course: &Course<'_>, me: IdentityId) -> bool {
    let mut events = course.standing.events.iter();
    events.any(|event| event.by == Some(me) && matches!(event.what, Happened::Decided { .. }))
}

/// What to say to somebody whose vote does not count.
const fn sentence(hindrance: NotCounted) -> &'static str {
    match hindrance {
        NotCounted::TooLate => "This was decided before.",
        NotCounted::NotOpen => "This step does not wait for a decision now.",
        NotCounted::NotAsked => "Somebody else is asked to decide this.",
        NotCounted::Oneself => "Nobody decides on their own request, also not for somebody else.",
        NotCounted::Again => "You have decided this already.",
    }
}

/// The shorter time that was typed, when it is one.
fn shorter(standing: &Standing, verdict: &Verdict, errors: &mut FieldErrors) -> Option<Length> {
    let typed = verdict.shorter.trim();
    if typed.is_empty() || verdict.vote == Vote::Reject {
        return None;
    }
    let present = standing.state.length;
    let in_hours = matches!(present, Length::Hours(_));
    let unit = if in_hours { "hours" } else { "days" };
    let length = typed.parse::<u32>().ok().filter(|n| *n > 0).map(|n| {
        if in_hours {
            Length::Hours(n)
        } else {
            Length::Days(n)
        }
    });
    let less = length.filter(|length| *length != present && present.shorter(*length) == *length);
    if less.is_none() {
        errors.add(
            "shorter",
            format!(
                "Enter a number of {unit} that is less than what was asked for ({}).",
                present.text()
            ),
        );
    }
    less
}
