//! Ending a source: says what stays, and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::SourceId;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::sources;

use crate::page::{Page, done};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::ui::{Confirm, TextArea};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    show(
        &app,
        &visit,
        &id,
        &posted,
        &FieldErrors::new(),
        StatusCode::OK,
    )
    .await
}

pub(super) async fn end(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(source) = id.parse::<SourceId>() else {
        return app.nothing_here(&visit);
    };
    let cx = visit.cx_once(posted.once());
    match sources::end(&app.service, &cx, source, posted.get("reason")).await {
        Ok(()) => done(&format!("{}/{source}", routes::SOURCES), "ended"),
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            show(&app, &visit, &id, &posted, &errors, status).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    posted: &Posted,
    errors: &FieldErrors,
    status: StatusCode,
) -> Response {
    let Ok(id) = id.parse::<SourceId>() else {
        return app.nothing_here(visit);
    };
    if let Err(error) = sources::may_manage(&app.service, &visit.cx()).await {
        return app.refuse(visit, error);
    }
    let found = match sources::read(&app.service, &visit.cx(), id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(visit, error),
    };
    let name = found.source.content.name;
    let back = format!("{}/{id}", routes::SOURCES);
    let title = format!("End {name}");
    let page = Page::new(title.clone(), routes::SOURCES).called("End");
    let page = page
        .under(&[("Sources", routes::SOURCES), (&name, &back)])
        .text()
        .status(status);
    app.page(visit, page, || {
        let reason = view! {
            <TextArea name="reason" label="Reason" value=posted.text("reason") error=error(errors, "reason") required=true maxlength=500 rows=2 hint="Stays in the log." />
        };
        view! {
            <Confirm title=format!("{title}?") verb="End source" danger=true idem=posted.once() cancel=back>
                <p>"Nothing is imported from it any more, and its folder is no longer watched. The people, accounts and access that it brought stay as they are."</p>
                {reason}
            </Confirm>
        }
        .into_any()
    })
}
