//! Suspending, resuming and ending an entitlement: a page that says what will happen and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::EntitlementId;
use domain::lifecycle::Step;
use http::StatusCode;
use service::Error;
use service::entitlements::{self, EntitlementDetail};

use super::form::editable;
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
    let (Some(step), Ok(parsed)) = (step::from_word(&word), id.parse::<EntitlementId>()) else {
        return app.nothing_here(&visit);
    };
    match entitlements::step(
        &app.service,
        &visit.cx_once(posted.once()),
        parsed,
        step,
        posted.get("reason"),
    )
    .await
    {
        Ok(()) => done(
            &format!("{}/{parsed}", routes::ENTITLEMENTS),
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
    if let Err(impossible) = detail.entitlement.content.status.step(step) {
        return app.refuse(visit, impossible.into());
    }
    let question = Question {
        list: routes::ENTITLEMENTS,
        label: "Entitlements",
        noun: "entitlement",
        back: format!("{}/{}", routes::ENTITLEMENTS, detail.entitlement.id),
        name: detail.entitlement.content.display_name.clone(),
        effect: effect(&detail, step),
    };
    step::confirm(app, visit, question, step, posted, errors, status)
}

fn effect(detail: &EntitlementDetail, step: Step) -> String {
    let application = &detail.application.content.display_name;
    let held = match detail.holders.len() {
        0 => "Nobody holds it now.".to_owned(),
        1 => "The one person who holds it keeps it.".to_owned(),
        n => format!("The {n} people who hold it keep it."),
    };
    match step {
        Step::Suspend => format!(
            "It is not granted to anybody new until somebody resumes it. {held} It belongs to {application}."
        ),
        Step::Resume => format!("It can be granted again. It belongs to {application}."),
        Step::End => format!(
            "It never comes back: it is not granted to anybody new, and the record stays for the log. {held} It belongs to {application}."
        ),
    }
}
