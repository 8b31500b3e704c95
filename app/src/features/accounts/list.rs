//! All accounts: whose they are, and which belong to nobody.

use axum::extract::{Query, State};
use axum::response::Response;
use leptos::prelude::*;
use service::access::{self, AccountsPage};
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
    match access::accounts(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => app.page(&visit, Page::new("Accounts", routes::ACCOUNTS), || {
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
    jobs::export(&app, &visit, &params, ExportList::Accounts).await
}

fn content(visit: &Visit, params: &Params, found: AccountsPage) -> AnyView {
    let total = found.page.total;
    let actions = export_button(params, ExportList::Accounts, routes::ACCOUNTS_EXPORT, total);
    let list = rows::view(visit, List::All, routes::ACCOUNTS, None, params, found);
    view! {
        <PageHeader title="Accounts" detail="Logins in the applications, as the sources see them." actions=actions />
        {list}
    }
    .into_any()
}
