//! Ending a flow: says what follows, and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::ApprovalFlowId;
use leptos::prelude::*;
use service::flows::{self, FlowDetail};
use service::{Error, Service};

use super::form::editable;
use crate::page::{Page, done};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::ui::{Confirm, Crumb, TextArea};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    match editable(&app, &visit, &id).await {
        Ok(detail) => {
            let posted = Posted::filled([("idem", app.form_key())]);
            show(&app, &visit, &detail, &posted, &FieldErrors::new())
        }
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let detail = match editable(&app, &visit, &id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    match end(&app.service, &visit, &id, &posted).await {
        Ok(()) => done(routes::FLOWS, "ended"),
        Err(Error::Invalid(errors)) => show(&app, &visit, &detail, &posted, &errors),
        Err(error) => app.refuse(&visit, error),
    }
}

async fn end(service: &Service, visit: &Visit, id: &str, posted: &Posted) -> Result<(), Error> {
    let id: ApprovalFlowId = id.parse().map_err(|_| Error::NotFound)?;
    let cx = visit.cx_once(posted.once());
    flows::end(service, &cx, id, posted.get("reason")).await
}

fn show(
    app: &App,
    visit: &Visit,
    detail: &FlowDetail,
    posted: &Posted,
    errors: &FieldErrors,
) -> Response {
    let name = detail.flow.content.name.clone();
    let back = match detail.flow.id {
        Some(id) => format!("{}/{id}", routes::FLOWS),
        None => routes::FLOWS.to_owned(),
    };
    let page = Page {
        crumbs: vec![
            Crumb::link("Approval flows", routes::FLOWS),
            Crumb::link(&name, &back),
            Crumb::here("End"),
        ],
        ..Page::new(format!("End {name}"), routes::FLOWS)
            .text()
            .after(errors)
    };
    app.page(visit, page, || {
        let (reason, problem) = (posted.text("reason"), error(errors, "reason"));
        view! {
            <Confirm title=format!("End the flow {name}?") verb="End the flow" danger=true idem=posted.once() cancel=back>
                <p>"What it covers goes through another flow from now on, or through the standard one. A role that no other flow names cannot be asked for any more. Requests that are under way are decided by it to their end. It cannot be made active again."</p>
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
            </Confirm>
        }
        .into_any()
    })
}
