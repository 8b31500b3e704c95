//! What happened to an entitlement, with before and after.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::EntitlementId;
use leptos::prelude::*;
use service::entitlements;

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
    let Ok(id) = id.parse::<EntitlementId>() else {
        return app.nothing_here(&visit);
    };
    let (detail, found) =
        match entitlements::timeline(&app.service, &visit.cx(), id, from.seq()).await {
            Ok(found) => found,
            Err(error) => return app.refuse(&visit, error),
        };
    let name = detail.entitlement.content.display_name.clone();
    let page = Page::new(
        format!("Timeline of {name} · Entitlements"),
        routes::ENTITLEMENTS,
    )
    .called(name.clone());
    app.page(&visit, page.under(&[("Entitlements", routes::ENTITLEMENTS)]), || {
        view! {
            {header(&detail)}
            {tabs(&detail, "timeline")}
            {history::timeline(&visit, &found, fields::ENTITLEMENTS, &below(routes::ENTITLEMENTS, id, "timeline"))}
        }
        .into_any()
    })
}
