//! Observed access of everybody: what is dormant, what a source sees, who has what in an application.

use axum::extract::{Query, State};
use axum::response::Response;
use leptos::prelude::*;
use service::access::{self, AccessPage};

use super::rows::{self, List};
use crate::download;
use crate::listing::{ListParams, Params};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{Button, Icon, PageHeader};
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
    match access::export_observed(&app.service, &visit.cx(), &params.query()).await {
        Ok(file) => download::csv(&visit, "access", file),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, params: &Params, found: AccessPage) -> AnyView {
    let actions = view! { <Button label="Export" href=params.at_path(routes::ACCESS_EXPORT) icon=Icon::Download download=true /> };
    let list = rows::view(
        visit,
        List::All,
        routes::ACCESS,
        routes::ACCESS_EXPORT,
        params,
        found,
    );
    view! {
        <PageHeader title="Access" detail="What people hold, where a source tells when it was last used: the longest unused first." actions=actions />
        {list}
    }
    .into_any()
}
