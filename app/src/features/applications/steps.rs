//! Suspending, resuming and ending an application: a page that says what will happen and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::ApplicationId;
use domain::lifecycle::Step;
use http::StatusCode;
use service::Error;
use service::applications::{self, ApplicationDetail};

use super::form::editable;
use crate::format::capped;
use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::step::{self, Question};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
) -> Response {
    let Some(step) = step::from_word(&word) else {
        return app.nothing_here(&visit);
    };
    let posted = Posted::filled([("idem", app.form_key())]);
    ask(
        &app,
        &visit,
        &id,
        step,
        &posted,
        &FieldErrors::new(),
        StatusCode::OK,
    )
    .await
}

pub(super) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let (Some(step), Ok(parsed)) = (step::from_word(&word), id.parse::<ApplicationId>()) else {
        return app.nothing_here(&visit);
    };
    match applications::step(
        &app.service,
        &visit.cx_once(posted.once()),
        parsed,
        step,
        posted.get("reason"),
    )
    .await
    {
        Ok(()) => done(
            &format!("{}/{parsed}", routes::APPLICATIONS),
            step::flash(step),
        ),
        Err(Error::Invalid(errors)) => {
            ask(
                &app,
                &visit,
                &id,
                step,
                &posted,
                &errors,
                StatusCode::UNPROCESSABLE_ENTITY,
            )
            .await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn ask(
    app: &App,
    visit: &Visit,
    id: &str,
    step: Step,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let detail = match editable(app, visit, id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(visit, error),
    };
    if let Err(impossible) = detail.application.content.status.step(step) {
        return app.refuse(visit, impossible.into());
    }
    let question = Question {
        list: routes::APPLICATIONS,
        label: "Applications",
        noun: "application",
        back: format!("{}/{}", routes::APPLICATIONS, detail.application.id),
        name: detail.application.content.display_name.clone(),
        effect: effect(&detail, step),
    };
    step::confirm(app, visit, question, step, posted, errors, status)
}

fn effect(detail: &ApplicationDetail, step: Step) -> String {
    let its = match detail.entitlements {
        0 => "It has no entitlements.".to_owned(),
        1 => "Its 1 entitlement keeps its own status.".to_owned(),
        n => format!("Its {} entitlements keep their own status.", capped(n)),
    };
    match step {
        Step::Suspend => format!(
            "Nothing new is granted in it until somebody resumes it. What people have stays. {its}"
        ),
        Step::Resume => format!("It can be granted from again. {its}"),
        Step::End => format!(
            "It never comes back: nothing new is granted in it, and the record stays for the log. {its}"
        ),
    }
}
