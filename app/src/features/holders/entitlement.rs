//! Who holds an entitlement, as sources see it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::EntitlementId;
use leptos::prelude::*;
use service::access::holders;
use service::exports::ExportList;

use super::rows::{self, List};
use crate::features::entitlements::detail::{header, tabs};
use crate::features::jobs::{FileOf, export_of};
use crate::listing::{ListParams, Params};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(params): ListParams,
) -> Response {
    let Ok(id) = id.parse::<EntitlementId>() else {
        return app.nothing_here(&visit);
    };
    let (detail, found) = match holders(&app.service, &visit.cx(), id, &params.query()).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = detail.entitlement.content.display_name.clone();
    let page = Page::new(
        format!("Observed holders of {name} · Entitlements"),
        routes::ENTITLEMENTS,
    )
    .called(name.clone());
    let of = id.to_string();
    let base = below(routes::ENTITLEMENTS, id, "observed");
    let parents = [("Entitlements", routes::ENTITLEMENTS)];
    app.page(&visit, page.under(&parents), || {
        let list = rows::view(
            &visit,
            List::Entitlement,
            &base,
            Some(FileOf::object(ExportList::Access, &of)),
            &params,
            found,
        );
        view! {
            {header(&detail)}
            {tabs(&detail, "observed")}
            {list}
        }
        .into_any()
    })
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(params): Query<Params>,
) -> Response {
    export_of::<EntitlementId>(&app, &visit, &params, (ExportList::Access, &id)).await
}
