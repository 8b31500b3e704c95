//! What is wrong in the files of a run, line by line: a card on its page, all of it on a page of its own and as a file.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::source::PROBLEMS_KEPT;
use leptos::prelude::*;
use serde::Deserialize;
use service::imports::{self, ProblemsPage, RunProblemRow, RunView};

use crate::download;
use crate::format::number;
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Button, Card, Cell, Column, Empty, EmptyKind, Icon, PageHeader, Pager, Table,
};
use crate::visit::Visit;

/// Problems shown on the page of the run.
const SHOWN: usize = 10;

/// Where the list goes on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct After {
    after: String,
}

/// The first problems, and the way to all of them.
pub(super) fn card(view: &RunView, found: &ProblemsPage) -> Option<AnyView> {
    if found.total == 0 {
        return None;
    }
    let all = below(routes::RUNS, view.run.id, "problems");
    let file = below(routes::RUNS, view.run.id, "problems.csv");
    let shown = &found.rows[..found.rows.len().min(SHOWN)];
    let table = table(shown);
    let actions = view! {
        <Button label="Download" href=file icon=Icon::Download download=true />
        <Button label="See them all" href=all icon=Icon::ListChecks />
    };
    Some(
        view! { <Card title="Problems" count=number(view.problems) actions=actions flush=true>{table}</Card> }
            .into_any(),
    )
}

fn table(problems: &[RunProblemRow]) -> AnyView {
    let columns = vec![
        Column::new("File"),
        Column::new("Line").numeric(),
        Column::new("Column"),
        Column::new("What is wrong, and what to do"),
    ];
    let rows = problems
        .iter()
        .map(|row| {
            let problem = &row.problem;
            let line = if problem.line == 0 {
                view! { <Absent /> }.into_any()
            } else {
                number(problem.line).into_any()
            };
            let column = if problem.column.is_empty() {
                view! { <Absent /> }.into_any()
            } else {
                view! { <code>{problem.column.clone()}</code> }.into_any()
            };
            let (file, message) = (problem.kind.label(), problem.message.clone());
            view! {
                <tr>
                    <Cell column="File">{file}</Cell>
                    <Cell column="Line" numeric=true>{line}</Cell>
                    <Cell column="Column">{column}</Cell>
                    <Cell column="Problem" wrap=true>{message}</Cell>
                </tr>
            }
            .into_any()
        })
        .collect_view();
    view! { <Table caption="Problems" columns=columns framed=false>{rows}</Table> }.into_any()
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(from): Query<After>,
) -> Response {
    let after = from.after.parse().ok();
    let (view, found) = match load(&app, &visit, &id, after).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = view.source.content.name.clone();
    let run = super::path(view.run.id);
    let source = format!("{}/{}", routes::SOURCES, view.source.id);
    let page =
        Page::new(format!("Problems of an import · {name}"), routes::SOURCES).called("Problems");
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
    after: Option<i64>,
) -> service::Result<(RunView, ProblemsPage)> {
    let id = super::id(id)?;
    let view = imports::run(&app.service, &visit.cx(), id).await?;
    let found = imports::problems(&app.service, &visit.cx(), id, after).await?;
    Ok((view, found))
}

fn content(view: &RunView, after: Option<i64>, found: &ProblemsPage) -> AnyView {
    let base = below(routes::RUNS, view.run.id, "problems");
    let file = below(routes::RUNS, view.run.id, "problems.csv");
    let detail = if view.problems > PROBLEMS_KEPT {
        format!(
            "{} in all; the first {} are kept one by one.",
            number(view.problems),
            number(PROBLEMS_KEPT)
        )
    } else {
        "Rows that could not be taken, and rows that were taken with something left out.".to_owned()
    };
    let actions = view! { <Button label="Download" href=file icon=Icon::Download download=true /> };
    if found.rows.is_empty() {
        return view! {
            <PageHeader title="Problems" detail=detail />
            <Empty kind=EmptyKind::Nothing icon=Icon::CircleCheck title="No problem" text="Every row of every file was understood." />
        }
        .into_any();
    }
    let first = found.rows.first().map_or(1, |problem| problem.ordinal);
    let last = found.rows.last().map_or(1, |problem| problem.ordinal);
    let range = format!(
        "{}–{} of {}",
        number(u64::try_from(first).unwrap_or(1)),
        number(u64::try_from(last).unwrap_or(1)),
        number(found.total)
    );
    let next = found
        .after
        .map(|after| format!("{base}?after={after}"))
        .unwrap_or_default();
    let to_first = after.map(|_| base.clone()).unwrap_or_default();
    let table = table(&found.rows);
    view! {
        <PageHeader title="Problems" detail=detail actions=actions />
        <Card flush=true>
            {table}
            <Pager range=range next=next first=to_first />
        </Card>
    }
    .into_any()
}

pub(super) async fn file(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let id = match super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    match imports::problems_csv(&app.service, &visit.cx(), id).await {
        Ok(file) => download::csv(&visit, &format!("problems-{id}"), file),
        Err(error) => app.refuse(&visit, error),
    }
}
