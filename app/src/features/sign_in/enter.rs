//! Signing in and out. A wrong name and a wrong password are answered alike.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::time::{Instant, MINUTE, SECOND};
use http::{HeaderValue, StatusCode, header};
use leptos::prelude::*;
use service::{Error, sessions};

use super::next::same_site;
use super::{card, title};
use crate::door::SessionDoor;
use crate::page::{done, see_other};
use crate::password;
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{Button, ButtonKind, Form, FormActions, Hidden, Problem, TextField};
use crate::visit::Visit;

/// How long to wait when too many people sign in at once, in seconds.
const BUSY_FOR: i64 = 5;

/// Why somebody is not signed in yet.
#[derive(Debug)]
struct Trouble {
    status: StatusCode,
    title: String,
    problems: Vec<Problem>,
    errors: FieldErrors,
    /// Seconds after which to try again; none when at once.
    wait: Option<i64>,
}

impl Trouble {
    /// Nothing was tried yet.
    fn none() -> Self {
        Self {
            status: StatusCode::OK,
            title: String::new(),
            problems: Vec::new(),
            errors: FieldErrors::new(),
            wait: None,
        }
    }

    fn new(status: StatusCode, title: &str, message: String, wait: Option<i64>) -> Self {
        // No field can be corrected while one has to wait.
        let field = if wait.is_none() { "password" } else { "" };
        let problem = Problem {
            field: field.to_owned(),
            message,
        };
        Self {
            status,
            title: title.to_owned(),
            problems: vec![problem],
            wait,
            ..Self::none()
        }
    }

    /// What the form says about an error; what no form can help with is passed on.
    fn of(visit: &Visit, error: Error) -> Result<Self, Error> {
        match error {
            Error::Invalid(errors) => Ok(Self {
                status: StatusCode::UNPROCESSABLE_ENTITY,
                title: summary(&errors),
                problems: problems(&errors),
                errors,
                wait: None,
            }),
            Error::WrongPassword => {
                let message = "Username or password is wrong.".to_owned();
                Ok(Self::new(
                    StatusCode::UNPROCESSABLE_ENTITY,
                    "You are not signed in",
                    message,
                    None,
                ))
            }
            Error::Throttled { until } => {
                let seconds = until.since(visit.now).max(0) / SECOND + 1;
                Ok(Self::new(
                    StatusCode::TOO_MANY_REQUESTS,
                    "Too many attempts",
                    wait(visit, until, seconds),
                    Some(seconds),
                ))
            }
            Error::Busy => {
                let message =
                    "Many people are signing in at this moment. Try again in a few seconds."
                        .to_owned();
                Ok(Self::new(
                    StatusCode::SERVICE_UNAVAILABLE,
                    "Very busy just now",
                    message,
                    Some(BUSY_FOR),
                ))
            }
            other => Err(other),
        }
    }
}

/// When to try again: the time for a page that stays open, the span for the eye.
fn wait(visit: &Visit, until: Instant, seconds: i64) -> String {
    let at = until
        .plus(SECOND)
        .zoned(&visit.zone())
        .strftime("%H:%M:%S %Z")
        .to_string();
    let span = match seconds {
        ..=1 => "1 second".to_owned(),
        2..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds * SECOND + MINUTE - 1) / MINUTE),
    };
    format!(
        "Signing in with this name or from this network is paused. Try again in {span}, at {at}."
    )
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    let asked = Posted::filled_owned(
        serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default(),
    );
    if visit.user.is_some() {
        return see_other(same_site(asked.get("next")).unwrap_or(routes::HOME));
    }
    if visit.organisation.is_none() {
        return see_other(routes::WELCOME);
    }
    show(&app, &visit, &asked, Trouble::none())
}

pub(super) async fn sign_in(
    State(app): State<App>,
    visit: Visit,
    SessionDoor(door): SessionDoor,
    posted: Posted,
) -> Response {
    let opening = match sessions::verify(
        &app.service,
        &visit.cx(),
        posted.get("username"),
        posted.get("password"),
    )
    .await
    {
        Ok(opening) => opening,
        Err(error) => {
            return match Trouble::of(&visit, error) {
                Ok(trouble) => show(&app, &visit, &posted, trouble),
                Err(error) => app.refuse(&visit, error),
            };
        }
    };
    match door.open(&opening).await {
        Ok(()) => see_other(same_site(posted.get("next")).unwrap_or(routes::HOME)),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Ends the session, also one that has ended already.
pub(super) async fn sign_out(
    State(app): State<App>,
    visit: Visit,
    SessionDoor(door): SessionDoor,
) -> Response {
    match door.close(&visit.origin).await {
        Ok(()) => done(routes::SIGN_IN, "signed-out"),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(app: &App, visit: &Visit, posted: &Posted, trouble: Trouble) -> Response {
    let Trouble {
        status,
        title: heading,
        problems,
        errors,
        wait,
    } = trouble;
    let failed = !problems.is_empty();
    let organisation = visit
        .organisation
        .as_ref()
        .map(|organisation| organisation.name.clone())
        .unwrap_or_default();
    let username = posted.text("username");
    let mut response = app.bare(visit, &title("Sign in", failed), status, || {
        let next = same_site(posted.get("next")).map(|next| view! { <Hidden name="next" value=next.to_owned() /> });
        // The summary takes the focus when there is one; otherwise the first field that is still empty.
        let (at_name, at_password) = (!failed && username.is_empty(), !failed && !username.is_empty());
        let password = password::known("password", "Password", &errors, at_password);
        let content = view! {
            <Form action=routes::SIGN_IN guard=false problems=problems summary=heading>
                {next}
                <TextField
                    name="username"
                    label="Username"
                    value=username
                    error=error(&errors, "username")
                    required=true
                    autocomplete="username"
                    autofocus=at_name
                />
                {password}
                <FormActions>
                    <Button label="Sign in" kind=ButtonKind::Primary wide=true />
                </FormActions>
            </Form>
            <p class="hint">"Forgot your password? An administrator can make you a link to set a new one."</p>
        };
        card("Sign in", organisation, content.into_any())
    });
    if let Some(value) = wait.and_then(|seconds| HeaderValue::from_str(&seconds.to_string()).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}
