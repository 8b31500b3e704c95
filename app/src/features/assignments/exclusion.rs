//! Ending an exclusion: what gives the access gives it again.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::exclusion::ExclusionState;
use domain::field::FieldErrors;
use domain::id::ExclusionId;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::assignments::{self, ExclusionDetail};

use super::open::{Note, access, framed, permitted};
use crate::page::done;
use crate::posted::{Posted, error};
use crate::state::App;
use crate::ui::{Confirm, TextArea};
use crate::visit::Visit;

/// What was typed, and what is wrong with it.
struct Typed {
    reason: String,
    key: String,
    errors: FieldErrors,
    note: Note,
}

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let typed = Typed {
        reason: String::new(),
        key: app.form_key(),
        errors: FieldErrors::new(),
        note: Note::None,
    };
    ask(&app, &visit, &id, &typed).await
}

pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(parsed) = id.parse::<ExclusionId>() else {
        return app.nothing_here(&visit);
    };
    // Read first: who it is about is known afterwards, too, when the form was carried out before.
    let before = match assignments::exclusion(&app.service, &visit.cx(), parsed).await {
        Ok(before) => before,
        Err(error) => return app.refuse(&visit, error),
    };
    let back = access(before.person.id);
    let mut typed = Typed {
        reason: posted.text("reason"),
        key: posted.once().to_owned(),
        errors: FieldErrors::new(),
        note: Note::None,
    };
    let (cx, version) = (visit.cx_once(posted.once()), posted.version());
    let reason = posted.get("reason");
    match assignments::end_exclusion(&app.service, &cx, parsed, version, reason).await {
        Ok(()) => return done(&back, "exclusion-ended"),
        Err(Error::AlreadyDone(_)) => return done(&back, "already"),
        Err(Error::Invalid(errors)) => typed.errors = errors,
        Err(Error::Refused(text)) => typed.note = Note::Refused(text),
        Err(Error::Conflict) => {
            typed.note = Note::Faster;
            typed.key = app.form_key();
        }
        Err(error) => return app.refuse(&visit, error),
    }
    ask(&app, &visit, &id, &typed).await
}

async fn ask(app: &App, visit: &Visit, id: &str, typed: &Typed) -> Response {
    match open(app, visit, id).await {
        Ok(detail) => show(app, visit, &detail, typed),
        Err(error) => app.refuse(visit, error),
    }
}

/// The exclusion, if the visitor may end it and it has not ended.
async fn open(app: &App, visit: &Visit, id: &str) -> Result<ExclusionDetail, Error> {
    let id: ExclusionId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = assignments::exclusion(&app.service, &visit.cx(), id).await?;
    if !detail.may_change {
        permitted(app, visit, detail.person.id).await?;
    }
    if detail.exclusion.content.state == ExclusionState::Ended {
        let text = "This exclusion has ended already.".to_owned();
        return Err(Error::Refused(text));
    }
    Ok(detail)
}

fn show(app: &App, visit: &Visit, detail: &ExclusionDetail, typed: &Typed) -> Response {
    let (id, content) = (detail.person.id, &detail.person.content);
    let (name, what) = (&content.display_name, &detail.what);
    let title = format!("End the exclusion of {name} from {what}");
    let status = if typed.errors.is_empty() {
        typed.note.status()
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let about = (title.as_str(), "End the exclusion");
    framed(app, visit, (id, content), about, status, || {
        let (note, cancel) = (typed.note.view(), access(id));
        let effect = format!(
            "From now on {name} gets {what} again from whatever gives it: a role, a rule, or what was given to them."
        );
        let excluded = format!("Excluded because: {}", detail.exclusion.content.reason);
        let version = detail.exclusion.recorded_from.micros().to_string();
        let (reason, problem) = (typed.reason.clone(), error(&typed.errors, "reason"));
        view! {
            {note}
            <Confirm title=format!("{title}?") verb="End exclusion" idem=typed.key.clone() version=version cancel=cancel>
                <p>{effect}</p>
                <p class="soft" dir="auto">{excluded}</p>
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
            </Confirm>
        }
        .into_any()
    })
}
