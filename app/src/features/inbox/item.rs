//! An item on a page of its own, and the same in the reading pane of the queue: facts, what speaks for what, buttons,
//! who else agrees, and what happened.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::approval::{Happened, Vote};
use domain::id::RequestItemId;
use domain::request::{ItemState, RequestAct};
use http::StatusCode;
use leptos::prelude::*;
use service::requests::{self, EventView, ItemDetail};

use super::acts::{Way, acts, comment};
use super::facts::facts;
use super::proposal::proposal_view;
use super::said::Said;
use crate::features::requests::course::course;
use crate::features::requests::events::events;
use crate::features::requests::words::{asked, kind, state_pill};
use crate::format::{ago_view, time_view};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{Banner, Button, ButtonKind, Icon, PageHeader, Tone};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let id = match super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    show(&app, &visit, id, &Said::default(), StatusCode::OK).await
}

/// The page, also with a form that came back.
pub(super) async fn show(
    app: &App,
    visit: &Visit,
    id: RequestItemId,
    said: &Said,
    status: StatusCode,
) -> Response {
    match requests::item(&app.service, &visit.cx(), id).await {
        Ok(detail) => {
            let title = asked(&detail);
            let page = Page::new(title.clone(), routes::INBOX)
                .called(detail.thing.name.clone())
                .under(&[("Inbox", routes::INBOX)])
                .status(status);
            let key = app.form_key();
            app.page(visit, page, || {
                let pill = state_pill(detail.item.content.state);
                let line = line(visit, &detail);
                let ways = whole(&detail);
                let body = body(
                    visit,
                    &detail,
                    (said, &Way::default(), &key),
                    heading_of_page,
                );
                view! {
                    <PageHeader title=title status=pill actions=ways />
                    <div class="item-page" data-decide="">{line} {body}</div>
                }
                .into_any()
            })
        }
        Err(error) => app.refuse(visit, error),
    }
}

/// The way to the whole request.
fn whole(detail: &ItemDetail) -> AnyView {
    let href = format!("{}/{}", routes::REQUESTS, detail.item.content.request);
    view! { <Button label="The whole request" href=href icon=Icon::FileText kind=ButtonKind::Plain /> }
        .into_any()
}

/// What kind of thing it is, since when it waits and until when.
fn line(visit: &Visit, detail: &ItemDetail) -> AnyView {
    let content = &detail.item.content;
    let (icon, word) = kind(content.kind);
    let asked = ago_view(content.created, visit);
    let due = detail.steps.iter().filter(|step| step.decided.is_none());
    let due = due.filter_map(|step| step.due).min();
    let due = due.filter(|_| content.state == ItemState::Waiting);
    let due = due.map(|due| {
        let at = time_view(due, visit);
        let late = super::rows::is_late(due, visit.now);
        view! { <span data-late=late.then_some("")>" · decide by " {at}</span> }
    });
    let behalf = detail.stands_in_for.as_ref();
    let behalf = behalf.map(|one| format!(" · you stand in for {}", one.name));
    view! { <p class="item-line">{icon.view()} {word} " · asked " {asked} {due} {behalf}</p> }
        .into_any()
}

/// The pane of the queue: the same with a heading of its own.
pub(super) fn pane(visit: &Visit, detail: &ItemDetail, way: &Way, key: &str) -> AnyView {
    let title = asked(detail);
    let pill = state_pill(detail.item.content.state);
    let line = line(visit, detail);
    let full = whole(detail);
    let body = body(visit, detail, (&Said::default(), way, key), heading_of_pane);
    view! {
        <header class="pane-head">
            <h2 id="pane-title" tabindex="-1" autofocus=way.chosen dir="auto">{title}</h2>
            <span class="pane-ways">{pill} {full}</span>
            {line}
        </header>
        {body}
    }
    .into_any()
}

/// Headings follow that of the page, or that of the pane.
fn heading_of_page(text: &'static str) -> AnyView {
    view! { <h2>{text}</h2> }.into_any()
}

fn heading_of_pane(text: &'static str) -> AnyView {
    view! { <h3>{text}</h3> }.into_any()
}

fn body(
    visit: &Visit,
    detail: &ItemDetail,
    (said, way, key): (&Said, &Way, &str),
    heading: fn(&'static str) -> AnyView,
) -> AnyView {
    let over = over(visit, detail);
    let question = question(detail);
    let facts = facts(visit, detail);
    let decides = detail.acts.contains(&RequestAct::Approve);
    let proposal = proposal_view(detail.proposal.as_ref().filter(|_| decides));
    let acts = acts(detail, said, way, key);
    let course = course(visit, detail);
    let events = events(visit, detail);
    let action = format!("{}/{}", routes::INBOX, detail.item.id);
    let comment = comment(detail, action, said, key, "comment");
    view! {
        {over}
        {question}
        {facts}
        {proposal}
        {acts}
        <section class="item-part">
            {heading("Who agrees")}
            {course}
        </section>
        <section class="item-part">
            {heading("What happened")}
            {events}
            {comment}
        </section>
    }
    .into_any()
}

/// How it ended, where it did; and that the reader came too late, where they did.
fn over(visit: &Visit, detail: &ItemDetail) -> Option<AnyView> {
    let state = detail.item.content.state;
    if state == ItemState::Waiting {
        return None;
    }
    let last = detail.events.iter().rev().find(|event| ends(event));
    let sentence = last.map_or_else(|| state.label().to_owned(), ended);
    let at = detail.item.content.ended.map(|at| ago_view(at, visit));
    let mine = |event: &&EventView| {
        matches!(event.what, Happened::TooLate { .. })
            && event.by.as_ref().map(|one| one.id) == visit.me()
    };
    let late = detail.events.iter().any(|event| mine(&event));
    let late = late.then_some(" Yours came later and is recorded as late, without effect.");
    let tone = if late.is_some() {
        Tone::Warn
    } else {
        Tone::Plain
    };
    Some(
        view! { <Banner tone=tone title="This is over">{sentence} " " {at} "." {late}</Banner> }
            .into_any(),
    )
}

fn ends(event: &EventView) -> bool {
    matches!(
        event.what,
        Happened::Decided { .. }
            | Happened::ApprovedByCondition { .. }
            | Happened::TimedOut { .. }
            | Happened::Withdrawn { .. }
    )
}

fn ended(event: &EventView) -> String {
    let who = event
        .by
        .as_ref()
        .map_or("Bailiwick", |one| one.name.as_str());
    match &event.what {
        Happened::Decided {
            vote: Vote::Reject,
            note,
            ..
        } => format!("{who} rejected it (“{note}”)"),
        Happened::Decided { .. } => format!("{who} approved it"),
        Happened::ApprovedByCondition { .. } => {
            "It was approved by the condition of its flow".to_owned()
        }
        Happened::TimedOut { .. } => "Nobody decided in time".to_owned(),
        _ => format!("{who} took it back"),
    }
}

/// The question that waits for an answer.
fn question(detail: &ItemDetail) -> Option<AnyView> {
    let (asker, text) = detail.question.clone()?;
    let title = format!("{} asks", asker.name);
    Some(view! { <Banner title=title>{text}</Banner> }.into_any())
}
