//! How many people gained and lost what in the whole organisation between two moments.

use axum::extract::{Query, State};
use axum::response::Response;
use leptos::prelude::*;
use service::Error;
use service::effective::{Sums, organisation_between};

use super::sums::{by_application, by_entitlement, numbers, refused};
use super::{Asked, nothing};
use crate::moments::Moments;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{PageHeader, Stack};
use crate::visit::Visit;

pub(in super::super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let moments = asked.read(&visit);
    let (cx, from, to) = (visit.cx(), moments.from(), moments.to());
    let found = match organisation_between(&app.service, &cx, from, to).await {
        Ok(sums) => Ok(sums),
        Err(Error::Refused(text)) => Err(text),
        Err(error) => return app.refuse(&visit, error),
    };
    let page = Page::new("Access changes", routes::OVERVIEW);
    let page = page.under(&[("Overview", routes::OVERVIEW)]);
    app.page(&visit, page, || {
        let control = moments.control(&visit, routes::CHANGES);
        let content = match found {
            Ok(sums) => content(&visit, &moments, &sums),
            Err(text) => refused(text),
        };
        view! {
            <PageHeader title="Access changes" detail="Who gained and who lost what, counted" />
            {control}
            {content}
        }
        .into_any()
    })
}

fn content(visit: &Visit, moments: &Moments, sums: &Sums) -> AnyView {
    let spoken = moments.spoken(&visit.zone());
    if sums.entitlements.is_empty() {
        return nothing(&format!("Nobody gained or lost anything {spoken}."));
    }
    let numbers = numbers(sums);
    let applications = by_application(visit, moments, sums);
    let entitlements = by_entitlement(visit, moments, sums, true);
    view! { <Stack>{numbers} {applications} {entitlements}</Stack> }.into_any()
}
