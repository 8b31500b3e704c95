//! Suspending, resuming and ending a role: a page that shows what it would do and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::RoleId;
use domain::lifecycle::Step;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::plan::{Applied, Asked, Plan};
use service::roles::{self, RoleDetail};

use super::detail::Tab;
use super::form::editable;
use crate::page::{Page, done};
use crate::plan::{number_field, other_plan, plan_tables, sentence};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::step;
use crate::ui::{Confirm, Crumb, Hidden, TextArea};
use crate::visit::Visit;

/// What the page says besides what it would do.
struct Said {
    step: Step,
    asked: Asked,
    key: String,
    errors: FieldErrors,
    status: StatusCode,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
) -> Response {
    let Some(step) = step::from_word(&word) else {
        return app.nothing_here(&visit);
    };
    let said = Said {
        step,
        asked: Asked::default(),
        key: app.form_key(),
        errors: FieldErrors::new(),
        status: StatusCode::OK,
    };
    ask(&app, &visit, &id, said).await
}

pub(super) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let (Some(step), Ok(parsed)) = (step::from_word(&word), id.parse::<RoleId>()) else {
        return app.nothing_here(&visit);
    };
    let cx = visit.cx_once(posted.once());
    let asked = Asked {
        reason: posted.text("reason"),
        hash: posted.text("hash"),
        confirm: posted.text("confirm"),
    };
    let mut said = Said {
        step,
        asked: asked.clone(),
        key: posted.once().to_owned(),
        errors: FieldErrors::new(),
        status: StatusCode::OK,
    };
    match roles::step(&app.service, &cx, parsed, step, &asked).await {
        Ok(Applied::Done) => done(&Tab::Overview.path(parsed), step::flash(step)),
        Ok(Applied::Same) => done(&Tab::Overview.path(parsed), "same"),
        Ok(Applied::Different(plan)) => {
            said.status = StatusCode::CONFLICT;
            said.key = app.form_key();
            match editable(&app, &visit, &id).await {
                Ok(detail) => said.show(&app, &visit, &detail, &plan),
                Err(error) => app.refuse(&visit, error),
            }
        }
        Err(Error::Invalid(errors)) => {
            said.status = StatusCode::UNPROCESSABLE_ENTITY;
            said.errors = errors;
            ask(&app, &visit, &id, said).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

/// Plans the step and shows what it would do.
async fn ask(app: &App, visit: &Visit, id: &str, said: Said) -> Response {
    let detail = match editable(app, visit, id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(visit, error),
    };
    match roles::plan_step(&app.service, &visit.cx(), detail.role.id, said.step).await {
        Ok(plan) => said.show(app, visit, &detail, &plan),
        Err(error) => app.refuse(visit, error),
    }
}

impl Said {
    fn show(self, app: &App, visit: &Visit, detail: &RoleDetail, plan: &Plan) -> Response {
        let Self {
            step,
            asked,
            key,
            errors,
            status,
        } = self;
        let name = detail.role.content.display_name.clone();
        let back = Tab::Overview.path(detail.role.id);
        let verb = step::verb(step);
        let title = format!("{verb} {name}");
        let page = Page {
            crumbs: vec![Crumb::here(verb)],
            ..Page::new(title.clone(), routes::ROLES)
        };
        let page = page
            .under(&[("Roles", routes::ROLES), (&name, &back)])
            .status(status);
        app.page(visit, page, || {
            let other = (status == StatusCode::CONFLICT).then(other_plan);
            let (sentence, hash) = (sentence(plan), plan.hash.clone());
            let problem = error(&errors, "reason");
            let confirm = number_field(plan, asked.confirm.clone(), &errors);
            let (reason, plan) = (asked.reason.clone(), plan_tables(visit, plan));
            view! {
                {other}
                <Confirm title=format!("{title}?") verb=format!("{verb} role") danger=step == Step::End idem=key cancel=back>
                    <p>{effect(step)}</p>
                    <p><b>{sentence}</b></p>
                    <Hidden name="hash" value=hash />
                    <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
                    {confirm}
                </Confirm>
                {plan}
            }
            .into_any()
        })
    }
}

const fn effect(step: Step) -> &'static str {
    match step {
        Step::Suspend => {
            "It gives nothing to anybody until somebody resumes it, also not through roles that include it. Who holds it keeps it."
        }
        Step::Resume => "It gives what is in it again to everybody who holds it.",
        Step::End => {
            "It never comes back: it gives nothing to anybody, and cannot be given any more. The record stays for the log."
        }
    }
}
