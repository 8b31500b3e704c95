//! What happened to a person, with before and after.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::IdentityId;
use leptos::prelude::*;
use service::people;

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
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let (person, found) = match people::timeline(&app.service, &visit.cx(), id, from.seq()).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let page =
        Page::new(format!("Timeline of {name} · People"), routes::PEOPLE).called(name.clone());
    app.page(&visit, page.under(&[("People", routes::PEOPLE)]), || {
        view! {
            {header(&app, &visit, &person)}
            {tabs(&person, "timeline")}
            {history::timeline(&visit, &found, fields::PEOPLE, &below(routes::PEOPLE, id, "timeline"))}
        }
        .into_any()
    })
}
