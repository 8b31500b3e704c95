//! What a run did, row by row, as its manifest has it; and the proof that a row is in it.

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::id::ObjectRef;
use http::header;
use leptos::prelude::*;
use serde::Deserialize;
use service::imports::{self, RowsPage, RunRow, RunView};

use super::sample::change_pill;
use crate::format::number;
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Button, ButtonKind, Card, Cell, Column, Empty, EmptyKind, Icon, PageHeader, Pager,
    Table,
};
use crate::visit::Visit;

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<After>,
) -> Response {
    let after: Option<u64> = from.after.parse().ok();
    let (view, found) = match load(&app, &visit, &id, after).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = view.source.content.name.clone();
    let run = super::path(view.run.id);
    let source = format!("{}/{}", routes::SOURCES, view.source.id);
    let page = Page::new(format!("Rows of an import · {name}"), routes::SOURCES).called("Rows");
    let parents = [
        ("Sources", routes::SOURCES),
        (name.as_str(), source.as_str()),
        ("Import", run.as_str()),
    ];
    app.page(&visit, page.under(&parents), || {
        content(&view, after, &found)
    })
}

async fn load(
    app: &App,
    visit: &Visit,
    id: &str,
    after: Option<u64>,
) -> service::Result<(RunView, RowsPage)> {
    let id = super::id(id)?;
    let view = imports::run(&app.service, &visit.cx(), id).await?;
    let found = imports::rows(&app.service, &visit.cx(), id, after).await?;
    Ok((view, found))
}

/// The proof of a row, as a file for whoever checks it elsewhere.
pub(super) async fn proof(
    State(app): State<App>,
    visit: Visit,
    Path((id, leaf)): Path<(String, String)>,
) -> Response {
    let (Ok(run), Ok(leaf)) = (super::id(&id), leaf.parse()) else {
        return app.nothing_here(&visit);
    };
    let proof = match imports::prove_row(&app.service, &visit.cx(), run, leaf).await {
        Ok(proof) => proof,
        Err(error) => return app.refuse(&visit, error),
    };
    match serde_json::to_vec_pretty(&proof) {
        Ok(file) => {
            let name = format!("attachment; filename=\"{run}-row-{leaf}.json\"");
            let headers = [
                (header::CONTENT_TYPE, "application/json".to_owned()),
                (header::CONTENT_DISPOSITION, name),
                (header::CACHE_CONTROL, "no-store".to_owned()),
            ];
            (headers, file).into_response()
        }
        Err(error) => {
            tracing::error!(%error, "a proof could not be written");
            app.broken(&visit)
        }
    }
}

fn content(view: &RunView, after: Option<u64>, found: &RowsPage) -> AnyView {
    let base = below(routes::RUNS, view.run.id, "rows");
    let detail = "Records of the manifest, whose root stands in the audit log.";
    let header = view! { <PageHeader title="Rows of the import" detail=detail /> };
    if found.rows.is_empty() {
        return view! {
            {header}
            <Empty kind=EmptyKind::Nothing title="No row was touched" text="The files say what was known already, or nothing was applied yet." />
        }
        .into_any();
    }
    let columns = vec![
        Column::new("Record").numeric(),
        Column::new("Change"),
        Column::new("File"),
        Column::new("Line").numeric(),
        Column::new("What"),
        Column::new("Proof"),
    ];
    let over = view.run.root.is_some();
    let rows = found
        .rows
        .iter()
        .map(|row| line(&base, found, row, over))
        .collect_view();
    let first = found.rows.first().map_or(0, |row| row.leaf);
    let last = found.rows.last().map_or(0, |row| row.leaf);
    let place = |leaf: u64| number(leaf + 1);
    let range = format!(
        "{}–{} of {}",
        place(first),
        place(last),
        number(found.total)
    );
    let next = found
        .after
        .map(|after| format!("{base}?after={after}"))
        .unwrap_or_default();
    let to_first = after.map(|_| base.clone()).unwrap_or_default();
    view! {
        {header}
        <Card flush=true>
            <Table caption="Rows of the import" columns=columns framed=false>{rows}</Table>
            <Pager range=range next=next first=to_first />
        </Card>
    }
    .into_any()
}

fn line(base: &str, found: &RowsPage, row: &RunRow, over: bool) -> AnyView {
    let what = row
        .parts
        .iter()
        .enumerate()
        .map(|(at, object)| {
            let between = (at > 0).then_some(" · ");
            let object = named(found, *object);
            view! { {between} {object} }
        })
        .collect_view();
    let pill = change_pill(row.change);
    let in_file = row.line.map_or_else(
        || view! { <Absent /> }.into_any(),
        |line| number(line).into_any(),
    );
    let proof = if over {
        let href = format!("{base}/{}", row.leaf);
        let label = format!("Proof of record {}", number(row.leaf + 1));
        view! { <Button label=label href=href icon=Icon::Download kind=ButtonKind::Plain icon_only=true download=true /> }.into_any()
    } else {
        view! { <Absent /> }.into_any()
    };
    let (leaf, file) = (number(row.leaf + 1), row.kind.label());
    view! {
        <tr>
            <Cell column="Record" numeric=true>{leaf}</Cell>
            <Cell column="Change">{pill}</Cell>
            <Cell column="File">{file}</Cell>
            <Cell column="Line" numeric=true>{in_file}</Cell>
            <Cell column="What" wrap=true>{what}</Cell>
            <Cell column="Proof">{proof}</Cell>
        </tr>
    }
    .into_any()
}

/// An object by name, as a link where it has a page.
fn named(found: &RowsPage, object: ObjectRef) -> AnyView {
    let name = found
        .names
        .get(&object.to_string())
        .cloned()
        .unwrap_or_else(|| object.to_string());
    match routes::object(object) {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    }
}
