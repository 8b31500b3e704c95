//! The versions of a role: when each was recorded, how much was in it, two of them side by side, and the way back.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::RoleId;
use domain::permission::ConsoleRight::{Administer, Audit, ManageIdentities};
use domain::time::Instant;
use leptos::prelude::*;
use maud::{Markup, html};
use service::roles::{self, RoleDetail, Version};

use super::detail::{Tab, framed, may_edit};
use crate::access::person_href;
use crate::format::{exact, number};
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::table::cell::value_cell;
use crate::ui::{Absent, Button, Card, Column, Icon, Pill, Table, Time};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<RoleId>() else {
        return app.nothing_here(&visit);
    };
    match roles::versions(&app.service, &visit.cx(), id).await {
        Ok((detail, all)) => framed(&app, &visit, &detail, Tab::Versions, "", || {
            content(&visit, &detail, &all)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The form that prepares a version's contents to be recorded again.
pub(super) fn back_to(id: RoleId, at: Instant) -> String {
    let path = below(routes::ROLES, id, "contents/edit");
    with_query(&path, &[("from", &at.to_string())])
}

fn content(visit: &Visit, detail: &RoleDetail, all: &[Version]) -> AnyView {
    let id = detail.role.id;
    let several = all.len() > 1;
    let may = may_edit(detail);
    let mut columns = vec![
        Column::new("Recorded"),
        Column::new("Until"),
        Column::new("By"),
        Column::new("Why"),
        Column::new("Contains").numeric(),
    ];
    if several {
        columns.extend(["Older", "Newer"].map(Column::new));
        if may {
            columns.push(Column::new("Way back").hidden());
        }
    }
    let rows = all.iter().enumerate().map(|(place, version)| {
        html! {
            tr {
                (when(visit, version))
                (value_cell("Until", "", until(visit, version)))
                (value_cell("By", "", author(visit, version)))
                (value_cell("Why", "", why(version)))
                (value_cell("Contains", "num", number(version.parts as u64).into_any()))
                @if several {
                    (radio(visit, "one", "Older", version, place == 1))
                    (radio(visit, "other", "Newer", version, place == 0))
                    @if may { (way_back(visit, id, version)) }
                }
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let table =
        view! { <Table caption="Versions of the role" columns=columns framed=false>{rows}</Table> };
    let count = number(all.len() as u64);
    let card = view! { <Card title="Versions" count=count flush=true>{table}</Card> };
    if !several {
        return card.into_any();
    }
    let compare = below(routes::ROLES, id, "compare");
    view! {
        <form method="get" class="role-versions" action=compare>
            {card}
            <Button label="Compare the two" icon=Icon::Columns3 />
        </form>
    }
    .into_any()
}

fn when(visit: &Visit, version: &Version) -> Markup {
    let at = within(exactly(visit, version.recorded_from));
    html! { th scope="row" data-label="Recorded" { (at) } }
}

fn until(visit: &Visit, version: &Version) -> AnyView {
    match version.recorded_to {
        Some(to) => exactly(visit, to),
        None => view! { <Pill text="Now" /> }.into_any(),
    }
}

/// Who made it, with a link for those who may follow it.
fn author(visit: &Visit, version: &Version) -> AnyView {
    let Some(author) = &version.author else {
        return view! { <Absent /> }.into_any();
    };
    let person = author.object.and_then(domain::id::ObjectRef::identity);
    let href = match person {
        Some(id) => person_href(visit, id),
        None if sees_runs(visit) => author.object.and_then(routes::object).unwrap_or_default(),
        None => String::new(),
    };
    let name = match person {
        None if author.object.is_some() => format!("Import from {}", author.name),
        _ => author.name.clone(),
    };
    match href {
        href if href.is_empty() => name.into_any(),
        href => leaf(html! { a href=(href) dir="auto" { (name) } }),
    }
}

/// Whether the visitor sees what sources brought.
fn sees_runs(visit: &Visit) -> bool {
    visit
        .rights()
        .has_any(&[Administer, ManageIdentities, Audit])
}

/// The author's reason; without one what was done.
fn why(version: &Version) -> AnyView {
    match &version.reason {
        Some(reason) => leaf(html! { span dir="auto" { (reason) } }),
        None if version.done.is_empty() => view! { <Absent /> }.into_any(),
        None => {
            let done = upper(&version.done);
            view! { <span class="soft">{done}</span> }.into_any()
        }
    }
}

/// With a capital, as a sentence begins.
fn upper(text: &str) -> String {
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .map(|letter| letter.to_uppercase().collect())
        .unwrap_or_default();
    first + letters.as_str()
}

/// To the second and with the zone: two versions may lie close together.
fn exactly(visit: &Visit, at: Instant) -> AnyView {
    view! { <Time at=at.to_string() text=exact(at, &visit.zone()) /> }.into_any()
}

fn radio(
    visit: &Visit,
    name: &'static str,
    label: &'static str,
    version: &Version,
    checked: bool,
) -> Markup {
    let at = version.recorded_from;
    let spoken = exact(at, &visit.zone());
    html! {
        td.role-pick data-label=(label) {
            label {
                span.unseen { (label) ": version of " (spoken) }
                input type="radio" name=(name) value=(at) checked[checked] autocomplete="off";
            }
        }
    }
}

fn way_back(visit: &Visit, id: RoleId, version: &Version) -> Markup {
    let at = version.recorded_from;
    let spoken = exact(at, &visit.zone());
    html! {
        td.role-back data-label="" {
            @if version.recorded_to.is_some() {
                a href=(back_to(id, at)) { "Roll back to this" span.unseen { ": version of " (spoken) } }
            }
        }
    }
}
