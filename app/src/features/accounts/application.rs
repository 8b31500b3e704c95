//! The accounts in an application, those that belong to nobody first.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::ApplicationId;
use leptos::prelude::*;
use service::access::application_accounts;
use service::exports::ExportList;

use super::rows::{self, List};
use crate::features::applications::detail::{header, tabs};
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
    let Ok(id) = id.parse::<ApplicationId>() else {
        return app.nothing_here(&visit);
    };
    let (detail, found) =
        match application_accounts(&app.service, &visit.cx(), id, &params.query()).await {
            Ok(found) => found,
            Err(error) => return app.refuse(&visit, error),
        };
    let name = detail.application.content.display_name.clone();
    let page = Page::new(
        format!("Accounts in {name} · Applications"),
        routes::APPLICATIONS,
    )
    .called(name.clone());
    let of = id.to_string();
    let base = below(routes::APPLICATIONS, id, "accounts");
    let parents = [("Applications", routes::APPLICATIONS)];
    app.page(&visit, page.under(&parents), || {
        let list = rows::view(
            &visit,
            List::Application,
            &base,
            Some(FileOf::object(ExportList::Accounts, &of)),
            &params,
            found,
        );
        view! {
            {header(&detail)}
            {tabs(&detail, "accounts")}
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
    export_of::<ApplicationId>(&app, &visit, &params, (ExportList::Accounts, &id)).await
}
