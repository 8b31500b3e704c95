//! What happened to an application, with before and after.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::ApplicationId;
use leptos::prelude::*;
use service::applications;

use super::detail::{header, tabs};
use crate::fields;
use crate::history::{self, Below};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<Below>,
) -> Response {
    let Ok(id) = id.parse::<ApplicationId>() else {
        return app.nothing_here(&visit);
    };
    let (detail, found) =
        match applications::timeline(&app.service, &visit.cx(), id, from.seq()).await {
            Ok(found) => found,
            Err(error) => return app.refuse(&visit, error),
        };
    let name = detail.application.content.display_name.clone();
    let page = Page::new(
        format!("Timeline of {name} · Applications"),
        routes::APPLICATIONS,
    )
    .called(name.clone());
    app.page(&visit, page.under(&[("Applications", routes::APPLICATIONS)]), || {
        view! {
            {header(&detail)}
            {tabs(&detail, "timeline")}
            {history::timeline(&visit, &found, fields::APPLICATIONS, &below(routes::APPLICATIONS, id, "timeline"))}
        }
        .into_any()
    })
}
