//! What a person has at a moment, by application: how, since, until, by whom and why, last used, and how many peers have it.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use leptos::prelude::*;
use service::effective::{PersonAccess, access_of};
use service::people::Person;

use super::narrow::Narrow;
use super::{given, lines};
use crate::as_of::{Asked, spoken};
use crate::features::assignments::begin_acts;
use crate::features::people::detail::{header, tabs};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{Button, Empty, EmptyKind, Icon};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(narrow): Query<Narrow>,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let asked = Asked::read(&narrow.as_of, &visit.zone());
    let (person, access) = match access_of(&app.service, &visit.cx(), id, asked.at()).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let page = Page::new(format!("Access of {name} · People"), routes::PEOPLE).called(name);
    app.page(&visit, page.under(&[("People", routes::PEOPLE)]), || {
        let base = below(routes::PEOPLE, id, "access");
        let kept = [("how", narrow.how.as_str()), ("q", &narrow.q)];
        let control = asked.control(&visit, &base, &kept);
        let begin = begin_acts(&person, access.moment);
        let shown = shown(&visit, &person, &asked, &narrow, &access);
        let around = given::cards(&visit, &person, &access);
        view! {
            {header(&app, &visit, &person)}
            {tabs(&person, "access")}
            {begin}
            {control}
            {shown}
            {around}
        }
        .into_any()
    })
}

/// What they have, or why there is nothing to see.
fn shown(
    visit: &Visit,
    person: &Person,
    asked: &Asked,
    narrow: &Narrow,
    access: &PersonAccess,
) -> AnyView {
    let base = below(routes::PEOPLE, person.identity.id, "access");
    if access.lines.is_empty() {
        return nothing(visit, person, asked, access.recorded);
    }
    let found = narrow.of(&access.lines);
    let top = narrow.top(&base, asked, &found);
    if found.all.is_empty() {
        let all = narrow.url(&base, asked, &[("how", ""), ("q", "")]);
        return view! {
            {top}
            <Empty kind=EmptyKind::NoMatch title="Nothing matches" text="They have nothing that fits both the words and the way that is chosen.">
                <Button label="Show everything" href=all icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    let list = lines::card(visit, person, asked, narrow, access, &found);
    view! { {top} {list} }.into_any()
}

/// Nothing at all: said for the present, for a moment that was, and for one that will be.
fn nothing(visit: &Visit, person: &Person, asked: &Asked, recorded: bool) -> AnyView {
    let content = &person.identity.content;
    let name = &content.display_name;
    let (title, text) = if let Some(at) = asked.at() {
        let text = if !recorded {
            format!("{name} was not recorded here then, and so had no access.")
        } else if at > visit.now {
            format!("As things stand now, {name} will have no access then.")
        } else {
            format!("Nothing that was recorded then gave {name} any access.")
        };
        (format!("Nothing on {}", spoken(at, &visit.zone())), text)
    } else {
        let (title, text) = match content.status {
            IdentityStatus::Suspended => (
                "No access now",
                format!(
                    "{name} is suspended. What was given gives nothing until somebody resumes them."
                ),
            ),
            IdentityStatus::Ended => (
                "No access any more",
                format!("{name} has left, and so has no access at all."),
            ),
            IdentityStatus::Active | IdentityStatus::OnLeave => (
                "No access yet",
                format!(
                    "Nothing gives {name} access: no role or entitlement was given, no rule gives them anything, and no source found anything."
                ),
            ),
        };
        (title.to_owned(), text)
    };
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::KeySquare title=title text=text /> }
        .into_any()
}
