//! The list of approval flows; the standard one, which holds where no other does, is the last.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::approval::Flow;
use leptos::prelude::*;
use serde::Deserialize;
use service::flows::{self, FlowNames, Listed, covers_in_words, steps_in_words};

use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, Pill,
    SearchInput, Table, Toolbar,
};
use crate::visit::Visit;

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    q: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(search): Query<Search>,
) -> Response {
    match flows::list(&app.service, &visit.cx(), &search.q).await {
        Ok(listed) => app.page(&visit, Page::new("Approval flows", routes::FLOWS), || {
            content(&listed, &search.q)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(listed: &Listed, search: &str) -> AnyView {
    let add = listed.may_create.then(|| {
        view! { <Button label="New flow" href=routes::FLOWS_NEW icon=Icon::Plus kind=ButtonKind::Primary /> }
    });
    let detail =
        "Who must agree before somebody gets access, and what happens when nobody answers.";
    let body = if listed.flows.is_empty() {
        let text = format!("No flow has “{search}” in its name.");
        view! {
            <Empty kind=EmptyKind::NoMatch title="No flow found" text=text>
                <Button label="Show all" href=routes::FLOWS />
            </Empty>
        }
        .into_any()
    } else {
        let columns = ["Flow", "For", "Steps", "Longest", "By itself"];
        let columns = columns.into_iter().map(Column::new).collect();
        let rows = listed
            .flows
            .iter()
            .map(|flow| row(flow, &listed.names))
            .collect_view();
        view! { <Table caption="Approval flows" columns=columns>{rows}</Table> }.into_any()
    };
    let search = search.to_owned();
    view! {
        <PageHeader title="Approval flows" detail=detail actions=view! { {add} } />
        <Toolbar action=routes::FLOWS>
            <SearchInput label="Search flows by name" value=search placeholder="Name" />
        </Toolbar>
        {body}
    }
    .into_any()
}

fn row(flow: &Flow, names: &FlowNames) -> AnyView {
    let content = &flow.content;
    let name = match flow.id {
        Some(id) => {
            let href = format!("{}/{id}", routes::FLOWS);
            view! { <NameCell column="Flow" name=content.name.clone() icon=Icon::UserCheck href=href /> }
                .into_any()
        }
        None => {
            view! { <NameCell column="Flow" name=content.name.clone() detail="Built in; it cannot be changed" icon=Icon::UserCheck /> }
                .into_any()
        }
    };
    let covers = covers_in_words(&content.covers, names);
    let steps = steps_in_words(content, names);
    let longest = match content.longest_days {
        None => "Any time".to_owned(),
        Some(1) => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
    };
    let automatic = if content.automatic.is_empty() {
        view! { <span class="soft">"No"</span> }.into_any()
    } else {
        view! { <Pill text="Yes" /> }.into_any()
    };
    view! {
        <tr>
            {name}
            <Cell column="For"><span dir="auto">{covers}</span></Cell>
            <Cell column="Steps"><span dir="auto">{steps}</span></Cell>
            <Cell column="Longest">{longest}</Cell>
            <Cell column="By itself">{automatic}</Cell>
        </tr>
    }
    .into_any()
}
