//! Setting a password through a one-time link. The link works without a session and only once.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::passwords::{self, LinkOwner};

use super::{card, sign_in_as, title};
use crate::page::done;
use crate::password;
use crate::posted::{Posted, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{Button, ButtonKind, Form, FormActions, Person};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
) -> Response {
    match passwords::link_owner(&app.service, &token).await {
        Ok(owner) => show(&app, &visit, &owner, &FieldErrors::new(), StatusCode::OK),
        Err(error) => refuse(&app, &visit, error),
    }
}

pub(super) async fn set(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
    posted: Posted,
) -> Response {
    let errors = match passwords::set_by_link(
        &app.service,
        &visit.cx(),
        &token,
        posted.get("password"),
        posted.get("again"),
    )
    .await
    {
        Ok(owner) => return done(&sign_in_as(&owner.username), "password-set"),
        Err(Error::Invalid(errors)) => errors,
        Err(error) => return refuse(&app, &visit, error),
    };
    match passwords::link_owner(&app.service, &token).await {
        Ok(owner) => show(
            &app,
            &visit,
            &owner,
            &errors,
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
        Err(error) => refuse(&app, &visit, error),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    owner: &LinkOwner,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let failed = !errors.is_empty();
    let LinkOwner {
        username,
        display_name,
        ..
    } = owner.clone();
    let organisation = visit
        .organisation
        .as_ref()
        .map(|organisation| organisation.name.clone())
        .unwrap_or_default();
    app.bare(visit, &title("Set your password", failed), status, || {
        let password = password::chosen("New password", errors, !failed);
        // A password manager has to know whose password it keeps.
        let name = view! {
            <input class="unseen" type="text" name="username" value=username.clone() autocomplete="username" readonly tabindex="-1" aria-hidden="true" />
        };
        let content = view! {
            <Person name=display_name detail=username />
            <Form problems=problems(errors) summary=summary(errors)>
                {name}
                {password}
                <FormActions>
                    <Button label="Set password" kind=ButtonKind::Primary wide=true />
                </FormActions>
            </Form>
        };
        card("Set your password", organisation, content.into_any())
    })
}

/// A link that leads to nobody has been used, replaced or has expired; which of these is nobody's business.
fn refuse(app: &App, visit: &Visit, error: Error) -> Response {
    if !matches!(error, Error::NotFound) {
        return app.refuse(visit, error);
    }
    app.bare(visit, "This link does not work any more", StatusCode::NOT_FOUND, || {
        let content = view! {
            <p class="soft">
                "A link to set a password works once, for a limited time, and stops working when a newer one is made."
            </p>
            <p class="soft">
                "If you have set your password with it, sign in. Otherwise ask your administrator for a new link."
            </p>
            <FormActions>
                <Button label="Go to sign-in" href=routes::SIGN_IN wide=true />
            </FormActions>
        };
        card("This link does not work any more", String::new(), content.into_any())
    })
}
