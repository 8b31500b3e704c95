//! How many people gained and lost what of an application between two moments.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::ApplicationId;
use leptos::prelude::*;
use service::Error;
use service::applications::{self, ApplicationDetail};
use service::effective::{Sums, application_between};

use super::sums::{by_entitlement, numbers, refused};
use super::{Asked, nothing};
use crate::features::applications::detail::{header, tabs};
use crate::moments::Moments;
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::Stack;
use crate::visit::Visit;

pub(in super::super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let Ok(id) = id.parse::<ApplicationId>() else {
        return app.nothing_here(&visit);
    };
    let moments = asked.read(&visit);
    let (detail, found) = match read(&app, &visit, id, &moments).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = detail.application.content.display_name.clone();
    let title = format!("Access changes of {name} · Applications");
    let of_it = format!("{}/{id}", routes::APPLICATIONS);
    let page = Page::new(title, routes::APPLICATIONS)
        .called("Access changes")
        .under(&[("Applications", routes::APPLICATIONS), (&name, &of_it)]);
    app.page(&visit, page, || {
        let control = moments.control(&visit, &below(routes::APPLICATIONS, id, "changes"));
        let content = match found {
            Ok(sums) => content(&visit, &name, &moments, &sums),
            Err(text) => refused(text),
        };
        view! {
            {header(&detail)}
            {tabs(&detail, "changes")}
            {control}
            {content}
        }
        .into_any()
    })
}

/// The sums, or why there are none; the application in either case.
async fn read(
    app: &App,
    visit: &Visit,
    id: ApplicationId,
    moments: &Moments,
) -> Result<(ApplicationDetail, Result<Sums, String>), Error> {
    let (cx, from, to) = (visit.cx(), moments.from(), moments.to());
    match application_between(&app.service, &cx, id, from, to).await {
        Ok((detail, sums)) => Ok((detail, Ok(sums))),
        Err(Error::Refused(text)) => {
            let detail = applications::read(&app.service, &cx, id).await?;
            Ok((detail, Err(text)))
        }
        Err(error) => Err(error),
    }
}

fn content(visit: &Visit, name: &str, moments: &Moments, sums: &Sums) -> AnyView {
    let spoken = moments.spoken(&visit.zone());
    if sums.entitlements.is_empty() {
        return nothing(&format!(
            "Nobody gained or lost anything of {name} {spoken}."
        ));
    }
    let (numbers, list) = (numbers(sums), by_entitlement(visit, moments, sums, false));
    view! { <Stack>{numbers} {list}</Stack> }.into_any()
}
