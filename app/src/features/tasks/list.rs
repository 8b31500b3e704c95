//! All tasks, for those who see everybody's access; the newest first, by where they are.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::id::FulfilmentTaskId;
use domain::task::TaskState;
use leptos::prelude::*;
use service::tasks::{self, TaskRow, TasksPage};

use super::detail::{assignees, state_pill, what};
use crate::format::{ago_view, time_view};
use crate::page::Page;
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::{
    Button, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, Pager, Tab, Table, Tabs,
};
use crate::visit::Visit;

/// Rows of a page.
const ROWS: u32 = 50;

/// The state of the list in its address.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    state: String,
    before: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let state = TaskState::from_word(&asked.state);
    let before = asked.before.parse::<FulfilmentTaskId>().ok();
    match tasks::list(&app.service, &visit.cx(), state, before, ROWS).await {
        Ok(found) => app.page(&visit, Page::new("Tasks", routes::TASKS), || {
            content(&visit, &asked, found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, asked: &Asked, found: TasksPage) -> AnyView {
    let tab = |label: &str, word: &str| Tab {
        label: label.to_owned(),
        href: with_query(routes::TASKS, &[("state", word)]),
        count: String::new(),
        current: asked.state == word,
    };
    let mut tabs = vec![tab("All", "")];
    tabs.extend(
        TaskState::ALL
            .iter()
            .map(|state| tab(state.label(), state.word())),
    );
    let header = view! { <PageHeader title="Tasks" detail="What no connector does yet, done by people and verified by the next reading" /> };
    if found.rows.is_empty() {
        let empty = empty(asked);
        return view! { {header} <Tabs label="Where they are" items=tabs /> {empty} }.into_any();
    }
    let first = if asked.before.is_empty() {
        String::new()
    } else {
        with_query(routes::TASKS, &[("state", &asked.state)])
    };
    let next = found.next.map(|id| {
        with_query(
            routes::TASKS,
            &[("state", &asked.state), ("before", &id.to_string())],
        )
    });
    let range = match found.rows.len() {
        1 => "1 task".to_owned(),
        n => format!("{n} tasks"),
    };
    let pager = view! { <Pager range=range first=first next=next.unwrap_or_default() /> };
    let columns = ["Task", "For", "State", "Who should do it", "Due", "Made"];
    let columns = columns.into_iter().map(Column::new).collect::<Vec<_>>();
    let rows = found.rows.iter().map(|row| line(visit, row)).collect_view();
    view! {
        {header}
        <Tabs label="Where they are" items=tabs />
        <Table caption="Tasks" columns=columns footer=pager>{rows}</Table>
    }
    .into_any()
}

fn line(visit: &Visit, row: &TaskRow) -> AnyView {
    let content = &row.task.content;
    let href = format!("{}/{}", routes::TASKS, row.task.id);
    let state = state_pill(content.state);
    let (due, made) = (
        time_view(content.due, visit),
        ago_view(content.created, visit),
    );
    let (whom, who) = (row.person.clone(), assignees(row));
    view! {
        <tr>
            <NameCell column="Task" name=what(row) href=href detail=content.kind.label() icon=Icon::ListChecks />
            <Cell column="For">{whom}</Cell>
            <Cell column="State">{state}</Cell>
            <Cell column="Who should do it">{who}</Cell>
            <Cell column="Due">{due}</Cell>
            <Cell column="Made">{made}</Cell>
        </tr>
    }
    .into_any()
}

fn empty(asked: &Asked) -> AnyView {
    if asked.state.is_empty() && asked.before.is_empty() {
        return view! {
            <Empty kind=EmptyKind::Nothing title="No task yet" text="When access is given or ends and no connector carries that out, the owner of the application is asked to do it, and that is listed here.">""</Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NoMatch title="No task is there" text="No task is in this state.">
            <Button label="All tasks" href=routes::TASKS icon=Icon::Undo2 />
        </Empty>
    }
    .into_any()
}
