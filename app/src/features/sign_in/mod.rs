//! The way in and out: the first run, signing in, signing out, setting a password by link.
//!
//! The pages without navigation. Who may come in is decided by the service; the session is opened through the door.

mod enter;
mod next;
mod set_password;
mod welcome;

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;

use crate::navigation;
use crate::page::see_other;
use crate::pages::Pages;
use crate::routes;
use crate::state::App;
use crate::ui::{Card, Centre, PageHeader};
use crate::visit::Visit;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::HOME, home)
        .get(routes::WELCOME, welcome::page)
        .post(routes::WELCOME, welcome::create)
        .get(routes::SIGN_IN, enter::page)
        .post(routes::SIGN_IN, enter::sign_in)
        .post(routes::SIGN_OUT, enter::sign_out)
        .get(routes::SET_PASSWORD, set_password::page)
        .post(routes::SET_PASSWORD, set_password::set)
}

/// To what this person does next; before that to the way in.
async fn home(State(_): State<App>, visit: Visit) -> Response {
    if visit.user.is_some() {
        return see_other(navigation::home(&visit));
    }
    see_other(if visit.organisation.is_some() {
        routes::SIGN_IN
    } else {
        routes::WELCOME
    })
}

/// A page with one card in the middle.
fn card(title: &'static str, detail: String, content: AnyView) -> AnyView {
    view! {
        <Centre product="Bailiwick">
            <Card>
                <PageHeader title=title detail=detail />
                {content}
            </Card>
        </Centre>
    }
    .into_any()
}

/// The sign-in page with the name filled in, for somebody who has just chosen a password.
fn sign_in_as(username: &str) -> String {
    let query = serde_urlencoded::to_string([("username", username)]).unwrap_or_default();
    format!("{}?{query}", routes::SIGN_IN)
}

/// The title of a page whose form came back.
fn title(title: &str, failed: bool) -> String {
    if failed {
        format!("Error: {title}")
    } else {
        title.to_owned()
    }
}
