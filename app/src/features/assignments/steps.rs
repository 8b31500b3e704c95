//! Changing the last day of an assignment, suspending, restoring and ending it: a page that says what the person loses and
//! what they keep, and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::assignment::{AssignmentState, AssignmentStep};
use domain::field::FieldErrors;
use domain::id::AssignmentId;
use http::StatusCode;
use leptos::prelude::*;
use service::assignments::{self, AssignmentDetail};
use service::{Cx, Error};

use super::open::{Note, access, framed, permitted};
use super::words::{last_day, listed, zone};
use crate::format::{day, number};
use crate::page::done;
use crate::posted::{Posted, error};
use crate::state::App;
use crate::ui::{Confirm, InputKind, TextArea, TextField};
use crate::visit::Visit;

/// What is done to an assignment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Extend,
    Step(AssignmentStep),
}

impl Act {
    const ALL: [Self; 4] = [
        Self::Extend,
        Self::Step(AssignmentStep::Suspend),
        Self::Step(AssignmentStep::Restore),
        Self::Step(AssignmentStep::End),
    ];

    /// The last part of its path.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Extend => "extend",
            Self::Step(AssignmentStep::Suspend) => "suspend",
            Self::Step(AssignmentStep::Restore) => "restore",
            Self::Step(AssignmentStep::End) => "end",
        }
    }

    /// Its verb.
    pub(super) const fn verb(self) -> &'static str {
        match self {
            Self::Extend => "Change the last day",
            Self::Step(AssignmentStep::Suspend) => "Suspend",
            Self::Step(AssignmentStep::Restore) => "Restore",
            Self::Step(AssignmentStep::End) => "End",
        }
    }

    /// What ends it, in a sentence about what stays.
    const fn doing(self) -> Option<&'static str> {
        match self {
            Self::Extend | Self::Step(AssignmentStep::Restore) => None,
            Self::Step(AssignmentStep::Suspend) => Some("Suspending"),
            Self::Step(AssignmentStep::End) => Some("Ending"),
        }
    }

    const fn flash(self) -> &'static str {
        match self {
            Self::Extend => "access-extended",
            Self::Step(AssignmentStep::Suspend) => "suspended",
            Self::Step(AssignmentStep::Restore) => "access-restored",
            Self::Step(AssignmentStep::End) => "ended",
        }
    }

    const fn effect(self) -> &'static str {
        match self {
            Self::Extend => {
                "It ends by itself when its last day is over. Without a last day it lasts until somebody ends it."
            }
            Self::Step(AssignmentStep::Suspend) => {
                "It gives nothing until somebody restores it. The record stays."
            }
            Self::Step(AssignmentStep::Restore) => "It gives again what it gave.",
            Self::Step(AssignmentStep::End) => {
                "It ends now. To have it again, somebody must give it anew. The record stays for the log."
            }
        }
    }

    fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.word() == word)
    }
}

/// What was typed, and what is wrong with it.
struct Typed {
    until: Option<String>,
    reason: String,
    key: String,
    errors: FieldErrors,
    note: Note,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
) -> Response {
    let Some(act) = Act::from_word(&word) else {
        return app.nothing_here(&visit);
    };
    let typed = Typed {
        until: None,
        reason: String::new(),
        key: app.form_key(),
        errors: FieldErrors::new(),
        note: Note::None,
    };
    match open(&app, &visit, &id, act).await {
        Ok(detail) => show(&app, &visit, &detail, act, &typed),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let (Some(act), Ok(parsed)) = (Act::from_word(&word), id.parse::<AssignmentId>()) else {
        return app.nothing_here(&visit);
    };
    // Read first: who it is about is known afterwards, too, when the form was carried out before.
    let before = match assignments::read(&app.service, &visit.cx(), parsed).await {
        Ok(before) => before,
        Err(error) => return app.refuse(&visit, error),
    };
    let back = access(before.person.id);
    let mut typed = Typed {
        until: Some(posted.text("until")),
        reason: posted.text("reason"),
        key: posted.once().to_owned(),
        errors: FieldErrors::new(),
        note: Note::None,
    };
    let cx = visit.cx_once(posted.once());
    match carry_out(&app, &cx, parsed, act, &posted).await {
        Ok(()) => return done(&back, act.flash()),
        Err(Error::AlreadyDone(_)) => return done(&back, "already"),
        Err(Error::Invalid(errors)) => typed.errors = errors,
        Err(Error::Refused(text)) => typed.note = Note::Refused(text),
        Err(Error::Conflict) => {
            typed.note = Note::Faster;
            typed.key = app.form_key();
        }
        Err(error) => return app.refuse(&visit, error),
    }
    match open(&app, &visit, &id, act).await {
        Ok(detail) => show(&app, &visit, &detail, act, &typed),
        Err(error) => app.refuse(&visit, error),
    }
}

async fn carry_out(
    app: &App,
    cx: &Cx,
    id: AssignmentId,
    act: Act,
    posted: &Posted,
) -> Result<(), Error> {
    let (version, reason) = (posted.version(), posted.get("reason"));
    match act {
        Act::Extend => {
            let until = posted.get("until");
            assignments::extend(&app.service, cx, id, version, until, reason).await
        }
        Act::Step(step) => assignments::step(&app.service, cx, id, version, step, reason).await,
    }
}

/// The assignment, if the visitor may change it and this can be done to it now.
async fn open(app: &App, visit: &Visit, id: &str, act: Act) -> Result<AssignmentDetail, Error> {
    let id: AssignmentId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = assignments::read(&app.service, &visit.cx(), id).await?;
    if !detail.may_change {
        permitted(app, visit, detail.person.id).await?;
    }
    let state = detail.assignment.content.state;
    match act {
        Act::Step(step) => {
            state.step(step)?;
        }
        Act::Extend if state == AssignmentState::Ended => {
            let text = "This has ended. Give the access anew.".to_owned();
            return Err(Error::Refused(text));
        }
        Act::Extend => {}
    }
    Ok(detail)
}

fn show(app: &App, visit: &Visit, detail: &AssignmentDetail, act: Act, typed: &Typed) -> Response {
    let (id, content) = (detail.person.id, &detail.person.content);
    let (name, what) = (&content.display_name, &detail.what);
    let title = match act {
        Act::Extend => format!("Change how long {name} has {what}"),
        Act::Step(_) => format!("{} {what} for {name}?", act.verb()),
    };
    let status = if typed.errors.is_empty() {
        typed.note.status()
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let verb = match act {
        Act::Extend => act.verb().to_owned(),
        Act::Step(_) => format!("{} access", act.verb()),
    };
    let about = (title.as_str(), act.verb());
    framed(app, visit, (id, content), about, status, || {
        let (note, cancel) = (typed.note.view(), access(id));
        let (span, effects) = (span(visit, detail), effects(detail, act));
        let fields = fields(visit, detail, act, typed);
        let version = detail.assignment.recorded_from.micros().to_string();
        let danger = act == Act::Step(AssignmentStep::End);
        view! {
            {note}
            <Confirm title=title.clone() verb=verb danger=danger idem=typed.key.clone() version=version cancel=cancel>
                <p>{span}</p>
                <p>{act.effect()}</p>
                {effects}
                {fields}
            </Confirm>
        }
        .into_any()
    })
}

/// Since when it is given, and its last day.
fn span(visit: &Visit, detail: &AssignmentDetail) -> String {
    let (content, zone) = (&detail.assignment.content, zone(visit));
    let first = day(content.valid_from.day(&zone));
    let begins = if content.valid_from > visit.now {
        format!("It begins on {first}")
    } else {
        format!("It was given on {first}")
    };
    match content.valid_until {
        Some(until) => {
            let last = day(until.last_day(&zone));
            format!("{begins}, and its last day is {last}.")
        }
        None => format!("{begins}, and it has no last day."),
    }
}

/// What the person loses, and what something else gives them as well.
fn effects(detail: &AssignmentDetail, act: Act) -> Option<AnyView> {
    let doing = act.doing()?;
    let name = &detail.person.content.display_name;
    let (loses, keeps) = (&detail.loses, &detail.keeps);
    let loses = match loses.len() {
        0 if keeps.is_empty() => format!("It gives nothing now, so {name} loses nothing."),
        0 => format!("{name} loses nothing."),
        1 => format!("{name} loses {}.", listed(loses)),
        n => format!(
            "{name} loses {} entitlements: {}.",
            number(n as u64),
            listed(loses)
        ),
    };
    let keeps = (!keeps.is_empty()).then(|| {
        let them = if keeps.len() == 1 { "it" } else { "them" };
        let text = format!(
            "{doing} this keeps {} because something else gives {them} too.",
            listed(keeps)
        );
        view! { <p>{text}</p> }
    });
    Some(view! { <p><b>{loses}</b></p> {keeps} }.into_any())
}

fn fields(visit: &Visit, detail: &AssignmentDetail, act: Act, typed: &Typed) -> AnyView {
    let until = (act == Act::Extend).then(|| {
        let zone = zone(visit);
        let recorded = || last_day(detail.assignment.content.valid_until, &zone);
        let value = typed.until.clone().unwrap_or_else(recorded);
        let hint = match zone.iana_name() {
            Some(place) => format!("It ends when this day is over ({place}). Empty: without an end."),
            None => "It ends when this day is over. Empty: without an end.".to_owned(),
        };
        let problem = error(&typed.errors, "until");
        view! { <TextField name="until" label="Last day" kind=InputKind::Date value=value hint=hint error=problem /> }
    });
    let problem = error(&typed.errors, "reason");
    let reason = typed.reason.clone();
    view! {
        {until}
        <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
    }
    .into_any()
}
