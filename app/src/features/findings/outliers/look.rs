//! Asking for a new look for outliers.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;
use service::findings::{self, Looked};

use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Form, Icon};
use crate::visit::Visit;

pub(in crate::features::findings) async fn ask(
    State(app): State<App>,
    visit: Visit,
    posted: Posted,
) -> Response {
    match findings::look_again(&app.service, &visit.cx_once(posted.once())).await {
        Ok(_) => done(routes::OUTLIERS, "looking"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The button that asks for it, for those who may; while one is under way it says so.
pub(in crate::features::findings) fn form(looked: Looked, idem: String) -> Option<AnyView> {
    let (label, disabled) = match (looked.looking, looked.found) {
        (true, _) => (
            "Looking…",
            "A look waits or runs already. What it finds is shown once it is through.",
        ),
        (false, None) => ("Look now", ""),
        (false, Some(_)) => ("Look again now", ""),
    };
    looked.may_look.then(|| {
        view! {
            <Form action=routes::OUTLIERS_LOOK idem=idem guard=false>
                <Button label=label icon=Icon::RefreshCw disabled=disabled />
            </Form>
        }
        .into_any()
    })
}
