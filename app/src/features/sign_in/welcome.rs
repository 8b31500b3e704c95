//! The first run: the organisation and its first administrator. There only until that is done.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::welcome::{self, Welcome};

use super::{card, sign_in_as, title};
use crate::page::done;
use crate::password;
use crate::posted::{Posted, error, problems, summary};
use crate::state::App;
use crate::ui::{Button, ButtonKind, Form, FormActions, FormSection, InputKind, Select, TextField};
use crate::visit::Visit;
use crate::zones;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match welcome::is_open(&app.service).await {
        Ok(true) => show(
            &app,
            &visit,
            &Posted::filled([("zone", "UTC".to_owned())]),
            &FieldErrors::new(),
            StatusCode::OK,
        ),
        Ok(false) => app.nothing_here(&visit),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let wanted = Welcome {
        organisation: posted.text("organisation"),
        zone: posted.text("zone"),
        display_name: posted.text("display_name"),
        username: posted.text("username"),
        email: posted.text("email"),
        password: posted.text("password"),
        again: posted.text("again"),
    };
    match welcome::create_first(&app.service, &visit.cx(), &wanted).await {
        Ok(_) => done(&sign_in_as(wanted.username.trim()), "welcome"),
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
    app.bare(visit, &title("Welcome", !errors.is_empty()), status, || {
        let organisation = organisation(visit, posted, errors);
        let administrator = administrator(posted, errors);
        let content = view! {
            <Form problems=problems(errors) summary=summary(errors)>
                {organisation}
                {administrator}
                <FormActions>
                    <Button label="Set up Bailiwick" kind=ButtonKind::Primary wide=true />
                </FormActions>
            </Form>
        };
        let detail = "Name your organisation and make its first administrator. It takes a minute.";
        card(
            "Welcome to Bailiwick",
            detail.to_owned(),
            content.into_any(),
        )
    })
}

fn organisation(visit: &Visit, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let zones = zones::choices(visit.now, posted.get("zone"));
    let name = view! {
        <TextField
            name="organisation"
            label="Name"
            value=posted.text("organisation")
            error=error(errors, "organisation")
            required=true
            maxlength=100
            autocomplete="organization"
            autofocus=errors.is_empty()
        />
    };
    let zone = view! {
        <Select
            name="zone"
            label="Time zone"
            value=posted.text("zone")
            options=zones
            error=error(errors, "zone")
            required=true
            hint="A last day is over at midnight here. Everybody can choose a zone of their own for reading."
        />
    };
    view! { <FormSection title="Your organisation">{name} {zone}</FormSection> }.into_any()
}

fn administrator(posted: &Posted, errors: &FieldErrors) -> AnyView {
    let name = view! {
        <TextField
            name="display_name"
            label="Your name"
            value=posted.text("display_name")
            error=error(errors, "display_name")
            required=true
            maxlength=200
            autocomplete="name"
        />
    };
    let username = view! {
        <TextField
            name="username"
            label="Username"
            value=posted.text("username")
            error=error(errors, "username")
            required=true
            maxlength=100
            autocomplete="username"
            hint="The name to sign in with, without spaces."
        />
    };
    let email = view! {
        <TextField
            name="email"
            label="E-mail"
            kind=InputKind::Email
            value=posted.text("email")
            error=error(errors, "email")
            maxlength=254
            autocomplete="email"
        />
    };
    let password = password::chosen("Password", errors, false);
    view! { <FormSection title="The first administrator">{name} {username} {email} {password}</FormSection> }.into_any()
}
