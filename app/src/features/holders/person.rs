//! What sources see of one person.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::IdentityId;
use leptos::prelude::*;
use service::access::person_access;
use service::exports::ExportList;

use super::rows::{self, List};
use crate::features::jobs::{FileOf, export_of};
use crate::features::people::detail::{header, tabs};
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
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let (person, found) = match person_access(&app.service, &visit.cx(), id, &params.query()).await
    {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let page = Page::new(
        format!("Observed access of {name} · People"),
        routes::PEOPLE,
    )
    .called(name.clone());
    let of = id.to_string();
    let base = below(routes::PEOPLE, id, "observed");
    app.page(&visit, page.under(&[("People", routes::PEOPLE)]), || {
        let list = rows::view(
            &visit,
            List::Person,
            &base,
            Some(FileOf::object(ExportList::Access, &of)),
            &params,
            found,
        );
        view! {
            {header(&app, &visit, &person)}
            {tabs(&person, "observed")}
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
    export_of::<IdentityId>(&app, &visit, &params, (ExportList::Access, &id)).await
}
