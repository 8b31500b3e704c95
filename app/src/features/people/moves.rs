//! Suspending, resuming and ending a person, with a confirmation page.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::Action;
use http::StatusCode;
use leptos::prelude::*;
use service::people::{self, Act, End, Person};
use service::{Cx, Error};

use crate::page::{Page, done};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::ui::{Confirm, InputKind, TextArea, TextField};
use crate::visit::Visit;

/// What an act means for somebody.
pub(super) const fn effect(act: Act) -> &'static str {
    match act {
        Act::Suspend => {
            "They are signed out at once and cannot sign in until somebody resumes them. Their record and access stay."
        }
        Act::Resume => "They can sign in again.",
        Act::End => {
            "They are signed out, their rights in this console end, and they never come back: the record stays for the log. With a last day in the future, all of this happens when that day is over."
        }
    }
}

/// The message when it is done.
const fn flash(act: Act) -> &'static str {
    match act {
        Act::Suspend => "suspended",
        Act::Resume => "resumed",
        Act::End => "ended",
    }
}

async fn carry_out(
    app: &App,
    cx: &Cx,
    id: IdentityId,
    act: Act,
    posted: &Posted,
) -> Result<(), Error> {
    match act {
        Act::Suspend => people::suspend(&app.service, cx, id, posted.get("reason")).await,
        Act::Resume => people::resume(&app.service, cx, id, posted.get("reason")).await,
        Act::End => {
            let mut errors = FieldErrors::new();
            let last_day = errors.date("last_day", "The last day", posted.get("last_day"));
            errors.or(())?;
            let end = End {
                reason: posted.text("reason"),
                last_day,
            };
            people::end(&app.service, cx, id, &end).await
        }
    }
}

macro_rules! handlers {
    ($($page:ident $post:ident $act:expr;)*) => {
        $(pub(super) async fn $page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
            ask(&app, &visit, &id, $act).await
        }
        pub(super) async fn $post(State(app): State<App>, visit: Visit, Path(id): Path<String>, posted: Posted) -> Response {
            answer(&app, &visit, &id, $act, &posted).await
        })*
    };
}

handlers! {
    suspend_page suspend Act::Suspend;
    resume_page resume Act::Resume;
    end_page end Act::End;
}

async fn ask(app: &App, visit: &Visit, id: &str, act: Act) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    match movable(app, visit, id).await {
        Ok(person) => confirm(
            app,
            visit,
            &person,
            act,
            &posted,
            &FieldErrors::new(),
            StatusCode::OK,
        ),
        Err(error) => app.refuse(visit, error),
    }
}

async fn answer(app: &App, visit: &Visit, id: &str, act: Act, posted: &Posted) -> Response {
    let Ok(parsed) = id.parse::<IdentityId>() else {
        return app.nothing_here(visit);
    };
    match carry_out(app, &visit.cx_once(posted.once()), parsed, act, posted).await {
        Ok(()) => {
            let later = act == Act::End
                && people::read(&app.service, &visit.cx(), parsed)
                    .await
                    .is_ok_and(|p| {
                        p.identity.content.status != domain::identity::IdentityStatus::Ended
                    });
            done(
                &format!("{}/{parsed}", routes::PEOPLE),
                if later { "scheduled" } else { flash(act) },
            )
        }
        Err(Error::Invalid(errors)) => match movable(app, visit, id).await {
            Ok(person) => confirm(
                app,
                visit,
                &person,
                act,
                posted,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
            ),
            Err(error) => app.refuse(visit, error),
        },
        Err(error) => app.refuse(visit, error),
    }
}

/// The person, if the visitor may move them; a refusal says what is missing.
async fn movable(app: &App, visit: &Visit, id: &str) -> Result<Person, Error> {
    let id: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
    let person = people::read(&app.service, &visit.cx(), id).await?;
    people::may(&app.service, &visit.cx(), id, Action::MovePerson).await?;
    Ok(person)
}

fn confirm(
    app: &App,
    visit: &Visit,
    person: &Person,
    act: Act,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let name = person.identity.content.display_name.clone();
    let back = format!("{}/{}", routes::PEOPLE, person.identity.id);
    let title = format!("{} {name}?", act.verb());
    let page = Page::new(format!("{} {name}", act.verb()), routes::PEOPLE).called(act.verb());
    let page = page
        .under(&[("People", routes::PEOPLE), (&name, &back)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let fields = fields(act, posted, errors);
        view! {
            <Confirm title=title verb=format!("{} {name}", act.verb()) danger=act == Act::End idem=posted.once() cancel=back>
                <p>{effect(act)}</p>
                {fields}
            </Confirm>
        }
        .into_any()
    })
}

pub(super) fn fields(act: Act, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let last_day = (act == Act::End).then(|| {
        view! {
            <TextField name="last_day" label="Last day" kind=InputKind::Date value=posted.text("last_day") error=error(errors, "last_day") hint="Empty ends at once." />
        }
    });
    view! {
        {last_day}
        <TextArea name="reason" label="Reason" value=posted.text("reason") error=error(errors, "reason") required=true maxlength=500 rows=2 hint="Stays in the log." />
    }
    .into_any()
}
