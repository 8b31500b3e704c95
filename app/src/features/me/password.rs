//! Changing my own password. All other sessions end with it.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use http::StatusCode;
use leptos::prelude::*;
use service::{Error, passwords};

use super::{head, me};
use crate::page::done;
use crate::password;
use crate::posted::{Posted, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{Button, ButtonKind, Form, FormActions, FormSection, Problem};
use crate::visit::Visit;

/// The fields in the order of the page.
const FIELDS: [&str; 3] = ["old", "password", "again"];

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    show(&app, &visit, &posted, &FieldErrors::new(), StatusCode::OK)
}

pub(super) async fn change(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = me(&visit) {
        return app.refuse(&visit, error);
    }
    let cx = visit.cx_once(posted.once());
    let (old, new, again) = (
        posted.get("old"),
        posted.get("password"),
        posted.get("again"),
    );
    match passwords::change(&app.service, &cx, old, new, again, &visit.session).await {
        Ok(()) => done(routes::ME_ACCOUNT, "password-changed"),
        Err(Error::AlreadyDone(_)) => done(routes::ME_ACCOUNT, "already"),
        Err(Error::Invalid(errors)) => show(
            &app,
            &visit,
            &posted,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let user = match me(visit) {
        Ok(user) => user,
        Err(error) => return app.refuse(visit, error),
    };
    app.page(visit, super::page("Password").text().status(status), || {
        let old = password::known("old", "Present password", errors, false);
        let new = password::chosen("New password", errors, false);
        let username = user.username.clone();
        // A password manager has to know whose password it keeps.
        let name = view! {
            <input class="unseen" type="text" name="username" value=username autocomplete="username" readonly tabindex="-1" aria-hidden="true" />
        };
        view! {
            {head(user, routes::ME_PASSWORD)}
            <Form idem=posted.once() problems=in_order(errors) summary=summary(errors)>
                <FormSection title="Change your password" hint="You stay signed in here; all your other sessions end.">
                    {name}
                    {old}
                    {new}
                </FormSection>
                <FormActions>
                    <Button label="Change password" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::ME_ACCOUNT kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

/// The problems from the top of the page to its end, whatever was looked at first.
fn in_order(errors: &FieldErrors) -> Vec<Problem> {
    let mut problems = problems(errors);
    problems.sort_by_key(|problem| FIELDS.iter().position(|field| *field == problem.field));
    problems
}
