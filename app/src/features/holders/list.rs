//! Observed access of everybody: what is dormant, what a source sees, who has what in an application.

use axum::extract::{Query, State};
use axum::response::Response;
use leptos::prelude::*;
use service::access::{self, AccessPage};
use service::exports::ExportList;

use super::rows::{self, List};
use crate::features::jobs::{self, export_button};
use crate::listing::{ListParams, Params};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::PageHeader;
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    match access::observed(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => app.page(&visit, Page::new("Access", routes::ACCESS), || {
            content(&visit, &params, found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Access).await
}

fn content(visit: &Visit, params: &Params, found: AccessPage) -> AnyView {
    let total = found.page.total;
    let actions = export_button(params, ExportList::Access, routes::ACCESS_EXPORT, total);
    let list = rows::view(visit, List::All, routes::ACCESS, None, params, found);
    view! {
        <PageHeader title="Access" detail="What people hold, where a source tells when it was last used: the longest unused first, in steps of four weeks and within one by person." actions=actions />
        {list}
    }
    .into_any()
}
