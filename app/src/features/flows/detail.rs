//! A flow's page: the flow in words, where a request would go, and its versions; and the frame that its tabs share.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::ApprovalFlowId;
use domain::lifecycle::Lifecycle;
use frontend::copy::CopyButton;
use leptos::prelude::*;
use service::flows::{self, FlowDetail, FlowVersion, covers_in_words, in_words, steps_in_words};

use super::preview::{Asked, Wanted};
use crate::access::{description_card, status_pill};
use crate::format::{number, time_view};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Absent, Button, ButtonKind, Card, Cell, Column, Icon, IconTile, Id, PageHeader, Stack, Table,
    Tabs,
};
use crate::visit::Visit;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(wanted): Query<Wanted>,
) -> Response {
    let Ok(id) = id.parse::<ApprovalFlowId>() else {
        return app.nothing_here(&visit);
    };
    let detail = match flows::read(&app.service, &visit.cx(), id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    match Asked::read(&app, &visit, wanted).await {
        Ok(asked) => framed(&app, &visit, &detail, id, false, || {
            overview(&visit, &detail, id, &asked)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

/// A page of a flow: its head and its tabs around what `body` makes.
pub(super) fn framed(
    app: &App,
    visit: &Visit,
    detail: &FlowDetail,
    id: ApprovalFlowId,
    timeline: bool,
    body: impl FnOnce() -> AnyView,
) -> Response {
    let name = detail.flow.content.name.clone();
    let title = if timeline {
        format!("Timeline of {name} · Approval flows")
    } else {
        format!("{name} · Approval flows")
    };
    let page = Page::new(title, routes::FLOWS)
        .called(name)
        .under(&[("Approval flows", routes::FLOWS)]);
    app.page(visit, page, || {
        let header = header(detail, id);
        let tab = |label: &str, href: String, current| crate::ui::Tab {
            label: label.to_owned(),
            href,
            count: String::new(),
            current,
        };
        let items = vec![
            tab("Overview", format!("{}/{id}", routes::FLOWS), !timeline),
            tab("Timeline", below(routes::FLOWS, id, "timeline"), timeline),
        ];
        let body = body();
        view! { {header} <Tabs label="About this flow" items=items /> {body} }.into_any()
    })
}

fn header(detail: &FlowDetail, id: ApprovalFlowId) -> AnyView {
    let content = &detail.flow.content;
    let acts = detail.may_edit.then(|| {
        let (edit, end) = (
            below(routes::FLOWS, id, "edit"),
            below(routes::FLOWS, id, "end"),
        );
        view! {
            <Button label="End…" href=end icon=Icon::Ban />
            <Button label="Edit" href=edit icon=Icon::Pencil kind=ButtonKind::Primary />
        }
    });
    let status = (content.status != Lifecycle::Active).then(|| status_pill(content.status));
    let line = steps_in_words(content, &detail.names);
    let copy =
        view! { <CopyButton value=id.to_string() label="Copy id">{Icon::Copy.view()}</CopyButton> };
    view! {
        <PageHeader
            title=content.name.clone()
            detail=line
            lead=view! { <IconTile icon=Icon::UserCheck large=true /> }
            status=view! { {status} }
            id=view! { <Id value=id.to_string()>{copy}</Id> }
            actions=view! { {acts} }
        />
    }
    .into_any()
}

fn overview(visit: &Visit, detail: &FlowDetail, id: ApprovalFlowId, asked: &Asked) -> AnyView {
    let content = &detail.flow.content;
    let words = in_words(content, &detail.names);
    let words = words
        .into_iter()
        .map(|one| view! { <p dir="auto">{one}</p> })
        .collect_view();
    let condition = |title: &'static str, text: &str| {
        let text = text.to_owned();
        (!text.is_empty()).then(|| {
            view! { <Card title=title><pre class="rule-text" dir="auto"><code>{text}</code></pre></Card> }
        })
    };
    let asked_by = condition("Who may ask", &content.asked_by);
    let automatic = condition("What is approved by itself", &content.automatic);
    let description = (!content.description.is_empty())
        .then(|| description_card("What it is for", &content.description, ""));
    let preview = (content.status == Lifecycle::Active)
        .then(|| asked.view(format!("{}/{id}", routes::FLOWS), id));
    let versions = versions(visit, detail);
    view! {
        <Stack>
            <Card title="The flow in words"><div class="prose">{words}</div></Card>
            {preview}
            {asked_by}
            {automatic}
            {description}
            {versions}
        </Stack>
    }
    .into_any()
}

fn versions(visit: &Visit, detail: &FlowDetail) -> AnyView {
    let columns = ["Recorded", "By", "For", "Steps", "Why"];
    let columns = columns.into_iter().map(Column::new).collect();
    let rows = detail
        .versions
        .iter()
        .map(|version| row(visit, detail, version))
        .collect_view();
    let count = number(detail.versions.len() as u64);
    view! {
        <Card title="Versions" count=count flush=true>
            <Table caption="Versions of the flow, the newest first" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

fn row(visit: &Visit, detail: &FlowDetail, version: &FlowVersion) -> AnyView {
    let content = &version.flow.content;
    let at = time_view(version.flow.recorded_from, visit);
    let by = version.entry.as_ref().map(|entry| entry.actor_name.clone());
    let by = by.map_or_else(|| view! { <Absent /> }.into_any(), IntoAny::into_any);
    let why = version
        .entry
        .as_ref()
        .and_then(|entry| entry.reason.clone());
    let why = why.map_or_else(|| view! { <Absent /> }.into_any(), IntoAny::into_any);
    let covers = covers_in_words(&content.covers, &detail.names);
    let steps = steps_in_words(content, &detail.names);
    view! {
        <tr>
            <Cell column="Recorded">{at}</Cell>
            <Cell column="By">{by}</Cell>
            <Cell column="For"><span dir="auto">{covers}</span></Cell>
            <Cell column="Steps"><span dir="auto">{steps}</span></Cell>
            <Cell column="Why">{why}</Cell>
        </tr>
    }
    .into_any()
}
