//! Effective access as files, with the moment of the page and what narrows it.

use std::str::FromStr;

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{EntitlementId, IdentityId, RoleId};
use domain::page::COUNT_CAP;
use domain::search::{Search, Term};
use leptos::prelude::*;
use service::Error;
use service::exports::{self, ExportAsk, ExportList};

use super::narrow::Narrow;
use crate::as_of::Asked;
use crate::download;
use crate::page::see_other;
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::{Button, Icon};
use crate::visit::Visit;

/// What narrows a page, as the search of a file.
fn search(asked: &Asked, how: &str, words: &str) -> String {
    let words = words.split_whitespace();
    let mut terms: Vec<Term> = words.map(|word| Term::Word(word.to_owned())).collect();
    for (key, value) in [("how", how), ("as_of", &asked.word())] {
        if !value.is_empty() {
            terms.push(Term::is(key, value));
        }
    }
    Search { terms }.to_string()
}

/// The page that offers to make a long file.
fn offer(of: &str, search: &str) -> String {
    let path = format!("{}/{}/{of}", routes::EXPORTS, ExportList::Effective.word());
    with_query(&path, &[("q", search)])
}

/// The button above a list of `total` rows on the page at `base`.
pub(in crate::features) fn button(
    base: &str,
    of: &str,
    (asked, how, words): (&Asked, &str, &str),
    total: u64,
) -> AnyView {
    if total > COUNT_CAP {
        let href = offer(of, &search(asked, how, words));
        return view! { <Button label="Export" href=href icon=Icon::Download /> }.into_any();
    }
    let as_of = asked.word();
    let parts = [("as_of", as_of.as_str()), ("how", how), ("q", words.trim())];
    let href = with_query(&format!("{base}.csv"), &parts);
    view! { <Button label="Export" href=href icon=Icon::Download download=true /> }.into_any()
}

async fn file<Id: FromStr>(app: &App, visit: &Visit, of: &str, narrow: &Narrow) -> Response {
    if of.parse::<Id>().is_err() {
        return app.nothing_here(visit);
    }
    let asked = Asked::read(&narrow.as_of, &visit.zone());
    let how = narrow.how().map_or("", service::effective::How::word);
    let search = search(&asked, how, &narrow.q);
    let ask = ExportAsk {
        list: ExportList::Effective.word().to_owned(),
        of: of.to_owned(),
        search: search.clone(),
        zone: visit.zone().iana_name().unwrap_or("UTC").to_owned(),
        ..ExportAsk::default()
    };
    match exports::file(&app.service, &visit.cx(), &ask).await {
        Ok(bytes) => download::csv(visit, &format!("{}-{of}", ask.list), bytes),
        Err(Error::TooMany { .. }) => see_other(&offer(of, &search)),
        Err(error) => app.refuse(visit, error),
    }
}

/// What a person has.
pub(super) async fn person(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(narrow): Query<Narrow>,
) -> Response {
    file::<IdentityId>(&app, &visit, &id, &narrow).await
}

/// Who has an entitlement.
pub(super) async fn entitlement(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(narrow): Query<Narrow>,
) -> Response {
    file::<EntitlementId>(&app, &visit, &id, &narrow).await
}

/// Who holds a role.
pub(super) async fn role(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(narrow): Query<Narrow>,
) -> Response {
    file::<RoleId>(&app, &visit, &id, &narrow).await
}
