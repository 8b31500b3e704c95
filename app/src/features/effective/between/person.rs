//! What a person gained and lost between two moments, with how they have, or had, it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::IdentityId;
use leptos::prelude::*;
use service::effective::{Between, person_between};
use service::people::Person;

use super::lines::Side;
use super::{Asked, nothing};
use crate::features::people::detail::{header, tabs};
use crate::format::number;
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
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let moments = asked.read(&visit);
    let (cx, from, to) = (visit.cx(), moments.from(), moments.to());
    let found = person_between(&app.service, &cx, id, from, to).await;
    let (person, between) = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let title = format!("Access changes of {name} · People");
    let of_person = format!("{}/{id}", routes::PEOPLE);
    let page = Page::new(title, routes::PEOPLE)
        .called("Access changes")
        .under(&[("People", routes::PEOPLE), (&name, &of_person)]);
    app.page(&visit, page, || {
        let control = moments.control(&visit, &below(routes::PEOPLE, id, "changes"));
        let content = content(&visit, &person, &moments, &between);
        view! {
            {header(&app, &visit, &person)}
            {tabs(&person, "changes")}
            {control}
            {content}
        }
        .into_any()
    })
}

fn content(visit: &Visit, person: &Person, moments: &Moments, between: &Between) -> AnyView {
    let name = &person.identity.content.display_name;
    let spoken = moments.spoken(&visit.zone());
    let count = |count: usize| number(count as u64);
    if between.gained.is_empty() && between.lost.is_empty() {
        let text = match between.kept {
            0 => format!("{name} had no access at either moment, {spoken}."),
            1 => format!("{name} kept the one entitlement they had, {spoken}."),
            kept => format!("{name} kept all {} entitlements, {spoken}.", count(kept)),
        };
        return nothing(&text);
    }
    let sentence = format!(
        "{name} gained {}, lost {} and kept {} {spoken}.",
        count(between.gained.len()),
        count(between.lost.len()),
        count(between.kept)
    );
    let (from, to) = moments.words();
    let gained = Side {
        title: "Gained",
        caption: "What the person has at the later moment and did not have before",
        lines: &between.gained,
        at: between.span.to.at,
        as_of: &to,
    };
    let lost = Side {
        title: "Lost",
        caption: "What the person had at the earlier moment and has no longer",
        lines: &between.lost,
        at: between.span.from.at,
        as_of: &from,
    };
    let id = person.identity.id;
    let (gained, lost) = (gained.card(visit, id), lost.card(visit, id));
    view! {
        <p class="changes-sentence" dir="auto">{sentence}</p>
        <Stack>{gained} {lost}</Stack>
    }
    .into_any()
}
