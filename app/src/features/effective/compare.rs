//! Two people beside each other: what only one of them has, what both have, and how. Who is compared stands in the address.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::{EntitlementId, IdentityId};
use domain::identity::IdentityStatus;
use domain::permission::Action;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::Error;
use service::effective::{AccessLine, Compared, NamedEntitlement, compare_with};
use service::people::{self, Person};

use super::offers;
use super::words::{how, linked, why_href};
use crate::access::Picker;
use crate::as_of::{Asked, NAME};
use crate::features::people::detail::{header, tabs};
use crate::format::number;
use crate::page::Page;
use crate::posted::Posted;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{Button, ButtonKind, Card, Empty, EmptyKind, Hidden, Icon};
use crate::visit::Visit;

/// Entitlements listed in a card; all are counted.
const MOST: usize = 500;

/// The address of the page.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct With {
    with: String,
    as_of: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(with): Query<With>,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let asked = Asked::read(&with.as_of, &visit.zone());
    let (cx, typed) = (visit.cx(), with.with.trim());
    let mut errors = FieldErrors::new();
    if !typed.is_empty() {
        match compare_with(&app.service, &cx, id, typed, asked.at()).await {
            Ok(found) => {
                let place = Place {
                    asked: &asked,
                    typed,
                    errors: &errors,
                };
                return show(&app, &visit, &found.one, &place, Some(&found));
            }
            Err(Error::Invalid(wrong)) => errors = wrong,
            Err(Error::Refused(problem)) => errors.add("with", problem),
            // One of the two: the page itself says below which.
            Err(Error::NotFound) => errors.add(
                "with",
                format!(
                    "Nobody here has the username or id “{typed}”, or they are not yours to see."
                ),
            ),
            Err(error) => return app.refuse(&visit, error),
        }
    }
    let place = Place {
        asked: &asked,
        typed,
        errors: &errors,
    };
    match people::read(&app.service, &cx, id).await {
        Ok(person) => show(&app, &visit, &person, &place, None),
        Err(error) => app.refuse(&visit, error),
    }
}

/// What was asked for, and what is wrong with it.
struct Place<'a> {
    asked: &'a Asked,
    typed: &'a str,
    errors: &'a FieldErrors,
}

fn show(
    app: &App,
    visit: &Visit,
    person: &Person,
    place: &Place<'_>,
    found: Option<&Compared>,
) -> Response {
    let id = person.identity.id;
    let name = &person.identity.content.display_name;
    let title = match found {
        Some(found) => format!("{name} and {}", found.other.identity.content.display_name),
        None => format!("Compare {name}"),
    };
    let of_person = format!("{}/{id}", routes::PEOPLE);
    let page = Page::new(format!("{title} · People"), routes::PEOPLE)
        .called("Compare")
        .under(&[("People", routes::PEOPLE), (name, &of_person)])
        .after(place.errors);
    app.page(visit, page, || {
        let base = below(routes::PEOPLE, id, "compare");
        let form = form(&base, place, found);
        let control = place.asked.control(visit, &base, &[("with", place.typed)]);
        let content = match found {
            Some(found) => beside(visit, found, place.asked),
            None => nobody_yet(person),
        };
        view! {
            {header(app, visit, person)}
            {tabs(person, "access")}
            {form}
            {control}
            {content}
        }
        .into_any()
    })
}

/// Who the other one is.
fn form(base: &str, place: &Place<'_>, found: Option<&Compared>) -> AnyView {
    // Where something can be given, that is the main act.
    let kind = match found.and_then(|found| found.offers.as_ref()) {
        Some(offers) if offers.any() => ButtonKind::Default,
        _ => ButtonKind::Primary,
    };
    let chosen = found.map(|found| found.other.identity.content.display_name.clone());
    let picker = Picker {
        name: "with",
        label: "Compare with",
        hint: "A username or id.",
        endpoint: routes::API_PICK_PEOPLE,
        chosen: chosen.unwrap_or_default(),
        required: true,
    };
    let posted = Posted::filled([("with", place.typed.to_owned())]);
    let picker = picker.view(&posted, place.errors);
    let as_of = place.asked.word();
    let hidden = (!as_of.is_empty()).then(|| view! { <Hidden name=NAME value=as_of /> });
    view! {
        <form method="get" class="compare-form" action=base.to_owned() aria-label="Somebody to compare with">
            {picker}
            {hidden}
            <Button label="Compare" kind=kind />
        </form>
    }
    .into_any()
}

fn nobody_yet(person: &Person) -> AnyView {
    let content = &person.identity.content;
    let name = &content.display_name;
    let may = person.may.contains(&Action::GiveAccess) && content.status != IdentityStatus::Ended;
    let give = if may {
        format!(" There you tick what {name} is to be given.")
    } else {
        String::new()
    };
    let text = format!(
        "Choose somebody above: a colleague with the same work, or whose work {name} takes over. What only one of them has stands beside what both have.{give}"
    );
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::Users title="Two people, side by side" text=text /> }
        .into_any()
}

/// The three cards.
fn beside(visit: &Visit, found: &Compared, asked: &Asked) -> AnyView {
    let of = |person: &Person| {
        (
            person.identity.id,
            person.identity.content.display_name.clone(),
        )
    };
    let (one, other) = (of(&found.one), of(&found.other));
    if found.only_one.is_empty() && found.both.is_empty() && found.only_other.is_empty() {
        let text = format!(
            "Neither {} nor {} has any access at this moment.",
            one.1, other.1
        );
        return view! { <Empty kind=EmptyKind::Nothing icon=Icon::KeySquare title="Nothing to compare" text=text /> }.into_any();
    }
    let as_of = asked.word();
    let row = |whose: &[(&(IdentityId, String), &AccessLine)], named: &NamedEntitlement| {
        let alone = whose.len() == 1;
        let ways = whose.iter().map(|((id, name), line)| {
            let label = if alone { "" } else { name.as_str() };
            way(visit, (*id, label), named.id, line, &as_of)
        });
        let href = linked(visit, format!("{}/{}", routes::ENTITLEMENTS, named.id));
        html! {
            span.compare-name { (super::words::link(&named.display_name, &href)) }
            @for way in ways { (way) }
        }
    };
    let plain = |content: Markup| html! { li { (content) } };
    let only = |who: &(IdentityId, String), lines: &[service::effective::Line]| {
        let rows = lines.iter().map(|line| {
            let row = row(&[(who, &line.line)], &line.entitlement);
            (line.entitlement.clone(), plain(row))
        });
        card(
            visit,
            format!("Only {}", who.1),
            (None, rows.collect(), None),
        )
    };
    let first = only(&one, &found.only_one);
    let both = found.both.iter().map(|shared| {
        let row = row(
            &[(&one, &shared.one), (&other, &shared.other)],
            &shared.entitlement,
        );
        (shared.entitlement.clone(), plain(row))
    });
    let both = card(visit, "Both".to_owned(), (None, both.collect(), None));
    let last = match &found.offers {
        None => only(&other, &found.only_other),
        Some(offers) => {
            let rows = found.only_other.iter().map(|line| {
                let named = &line.entitlement;
                let (pick, note) = offers::of_line(offers, named.id, &named.display_name);
                let content = html! {
                    (row(&[(&other, &line.line)], named))
                    @if let Some(note) = note { span.compare-how dir="auto" { (note) } }
                };
                (named.clone(), offers::row(pick, &content))
            });
            let around = (
                offers::roles(visit, &other.1, offers),
                offers::way_on(found),
            );
            let title = format!("Only {}", other.1);
            card(visit, title, (around.0, rows.collect(), around.1))
        }
    };
    view! { <div class="compare">{first} {both} {last}</div> }.into_any()
}

/// How somebody has it, with the way to why.
fn way(
    visit: &Visit,
    (id, label): (IdentityId, &str),
    what: EntitlementId,
    line: &AccessLine,
    as_of: &str,
) -> Markup {
    let words = line.ways.first().map(how).unwrap_or_default();
    let more = match line.ways.len() {
        0 | 1 => String::new(),
        ways => format!(" +{}", ways - 1),
    };
    let why = why_href(visit, id, what, as_of);
    html! {
        span.compare-how {
            @if !label.is_empty() { span dir="auto" { (label) } ": " }
            @if why.is_empty() { (words) } @else { a href=(why) { (words) } }
            (more)
        }
    }
}

/// What stands in a card: the rows, and what is above and below them.
type Body = (
    Option<Markup>,
    Vec<(NamedEntitlement, Markup)>,
    Option<Markup>,
);

/// A card with rows under the names of their applications.
fn card(visit: &Visit, title: String, (above, rows, below): Body) -> AnyView {
    let count = number(rows.len() as u64);
    if rows.is_empty() {
        return view! { <Card title=title count=count><p class="soft">"Nothing"</p></Card> }
            .into_any();
    }
    let more = rows.len().saturating_sub(MOST);
    let shown = &rows[..rows.len().min(MOST)];
    let same = |one: &(NamedEntitlement, Markup), other: &(NamedEntitlement, Markup)| {
        one.0.application == other.0.application
    };
    let groups = shown.chunk_by(same).map(|group| {
        let named = &group[0].0;
        let href = linked(
            visit,
            format!("{}/{}", routes::APPLICATIONS, named.application),
        );
        html! {
            section.compare-group {
                h3 { (super::words::link(&named.application_display, &href)) " " span.card-count { (number(group.len() as u64)) } }
                ul { @for (_, row) in group { (row) } }
            }
        }
    });
    let body = leaf(html! {
        @if let Some(above) = above { (above) }
        @for group in groups { (group) }
        @if more > 0 { p.table-note { "and " (number(more as u64)) " more" } }
        @if let Some(below) = below { (below) }
    });
    view! { <Card title=title count=count flush=true>{body}</Card> }.into_any()
}
