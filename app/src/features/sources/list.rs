//! The list of sources: what came last from each, and whether somebody has to look.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;
use service::sources::{self, SourceSummary, SourcesPage};

use super::words::watched;
use crate::access::status_pill;
use crate::features::imports::runs::{state_pill, sum};
use crate::format::{ago_view, number};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Button, ButtonKind, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, Pill,
    Table, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match sources::list(&app.service, &visit.cx()).await {
        Ok(found) => app.page(&visit, Page::new("Sources", routes::SOURCES), || {
            content(&visit, found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, found: SourcesPage) -> AnyView {
    let add = |kind| {
        found.may_manage.then(|| {
            view! { <Button label="Add source" href=routes::SOURCES_NEW icon=Icon::Plus kind=kind /> }
        })
    };
    let detail = "Where people, accounts and access come from, and what came last.";
    if found.sources.is_empty() {
        let add = add(ButtonKind::Primary);
        return view! {
            <PageHeader title="Sources" detail=detail />
            <Empty kind=EmptyKind::Nothing icon=Icon::Database title="No source yet" text="A source is where data comes from, such as the personnel system or a directory. Add one, then drop its files into it.">
                {add}
            </Empty>
        }
        .into_any();
    }
    let actions = add(ButtonKind::Primary);
    let columns = vec![
        Column::new("Source"),
        Column::new("Last import"),
        Column::new("Rows").numeric(),
        Column::new("Changes").numeric(),
        Column::new("Rejected").numeric(),
        Column::new("To decide").numeric(),
        Column::new("Folder"),
        Column::new("Status"),
    ];
    let rows = found
        .sources
        .into_iter()
        .map(|summary| row(visit, summary))
        .collect_view();
    view! {
        <PageHeader title="Sources" detail=detail actions=view! { {actions} } />
        <Table caption="Sources" columns=columns>{rows}</Table>
    }
    .into_any()
}

fn row(visit: &Visit, summary: SourceSummary) -> AnyView {
    let SourceSummary {
        source,
        last,
        waiting,
        ..
    } = summary;
    let id = source.id;
    let totals = last.as_ref().map(|run| sum(&run.totals));
    let count = |value: Option<u64>| {
        value.map_or_else(
            || view! { <Absent /> }.into_any(),
            |value| number(value).into_any(),
        )
    };
    let when = last.as_ref().map_or_else(
        || view! { <span class="soft">"Never"</span> }.into_any(),
        |run| {
            let (pill, at) = (
                state_pill(run.state),
                ago_view(run.finished.unwrap_or(run.created), visit),
            );
            view! { <a class="run-link" href=format!("{}/{}", routes::RUNS, run.id)>{pill} {at}</a> }
                .into_any()
        },
    );
    let rejected = match totals.map(|totals| totals.rejected) {
        Some(rejected) if rejected > 0 => {
            view! { <Pill text=number(rejected) tone=Tone::Warn /> }.into_any()
        }
        other => count(other),
    };
    let to_decide = if waiting > 0 {
        let href = below(routes::SOURCES, id, "waiting");
        view! { <a href=href><Pill text=number(waiting) tone=Tone::Warn /></a> }.into_any()
    } else {
        count(Some(0))
    };
    let folder = match watched(&source) {
        every if every.is_empty() => view! { <Absent /> }.into_any(),
        every => format!("Looked at {every}").into_any(),
    };
    let (rows, changes) = (
        count(totals.map(|totals| totals.rows)),
        count(totals.map(|totals| totals.added + totals.changed + totals.ended)),
    );
    let status = status_pill(source.content.status);
    let detail = source
        .content
        .description
        .lines()
        .next()
        .unwrap_or_default()
        .to_owned();
    view! {
        <tr>
            <NameCell column="Source" name=source.content.name detail=detail icon=Icon::Database href=format!("{}/{id}", routes::SOURCES) />
            <Cell column="Last import">{when}</Cell>
            <Cell column="Rows" numeric=true>{rows}</Cell>
            <Cell column="Changes" numeric=true>{changes}</Cell>
            <Cell column="Rejected" numeric=true>{rejected}</Cell>
            <Cell column="To decide" numeric=true>{to_decide}</Cell>
            <Cell column="Folder">{folder}</Cell>
            <Cell column="Status">{status}</Cell>
        </tr>
    }
    .into_any()
}
