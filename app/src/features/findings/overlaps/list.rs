//! The pairs of roles that overlap, those that give the same first.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::overlap::{LEAST_OF_A_HUNDRED, LEAST_SHARED};
use domain::role::Role;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::findings::{self, OverlapsPage, Pair};

use super::{few, kind_pill};
use crate::format::{capped, number};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Column, Empty, EmptyKind, Icon, PageHeader, Pager, Table};
use crate::visit::Visit;

const TITLE: &str = "Overlapping roles";

/// Which of the pairs.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::features::findings) struct Place {
    before: String,
}

pub(in crate::features::findings) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(place): Query<Place>,
) -> Response {
    let before = place.before.parse().unwrap_or(0);
    let found = match findings::overlapping(&app.service, &visit.cx(), before).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let page = Page::new(TITLE, routes::FINDINGS)
        .called(TITLE)
        .under(&[("Findings", routes::FINDINGS)]);
    app.page(&visit, page, || content(&found))
}

fn content(found: &OverlapsPage) -> AnyView {
    let detail = format!(
        "Active roles that give the same, that contain another without including it, or that share at least {LEAST_SHARED} things and {LEAST_OF_A_HUNDRED}\u{a0}% of all that either gives."
    );
    let header = view! { <PageHeader title=TITLE detail=detail /> };
    if found.rows.is_empty() {
        return view! {
            {header}
            <Empty kind=EmptyKind::Nothing icon=Icon::CircleCheck title="No roles overlap" text="Each active role gives something of its own." />
        }
        .into_any();
    }
    let columns = [
        "Role",
        "How",
        "Other role",
        "Both give",
        "Only the first",
        "Only the second",
        "Compare",
    ];
    let columns = columns.into_iter().map(Column::new).collect();
    let rows = leaf(html! { @for pair in &found.rows { (row(pair)) } });
    let pager = pager(found);
    view! {
        {header}
        <Table caption=TITLE columns=columns footer=pager>{rows}</Table>
    }
    .into_any()
}

fn href(role: &Role) -> String {
    format!("{}/{}", routes::ROLES, role.id)
}

fn row(pair: &Pair) -> Markup {
    let (one, other) = (&pair.one, &pair.other);
    let kind = pair.overlap.map(|overlap| kind_pill(overlap.kind));
    let second = html! { a href=(href(other)) { (other.content.display_name) } };
    let compare = routes::two_roles(one.id, other.id);
    let label = format!(
        "Compare {} and {}",
        one.content.display_name, other.content.display_name
    );
    html! {
        tr {
            (name_cell("Role", &one.content.display_name, href(one), one.content.name.clone(), Some(Icon::Layers), true))
            (value_cell("How", "", kind.into_any()))
            (value_cell("Other role", "wrap", leaf(second)))
            (value_cell("Both give", "wrap", few(&pair.shared).into_any()))
            (value_cell("Only the first", "wrap", few(&pair.only_one).into_any()))
            (value_cell("Only the second", "wrap", few(&pair.only_other).into_any()))
            (value_cell("Compare", "wrap", leaf(html! { a href=(compare) aria-label=(label) { "Compare" } })))
        }
    }
}

fn pager(found: &OverlapsPage) -> AnyView {
    let (first, rows, total) = (found.before + 1, found.rows.len(), found.total as u64);
    let to = |before: usize| {
        let before = before.to_string();
        let before = if before == "0" { "" } else { before.as_str() };
        routes::with_query(routes::OVERLAPPING_ROLES, &[("before", before)])
    };
    let after = found.before + rows;
    let range = format!(
        "{}–{} of {}",
        number(first as u64),
        number(after as u64),
        capped(total)
    );
    let previous = if found.before == 0 {
        String::new()
    } else {
        to(found.before.saturating_sub(findings::PAIRS))
    };
    let next = if after < found.total {
        to(after)
    } else {
        String::new()
    };
    view! { <Pager range=range previous=previous next=next /> }.into_any()
}
