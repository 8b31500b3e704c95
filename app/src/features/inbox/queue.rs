//! The queue: what waits, due first, beside a pane in which it is decided. On a phone the address of an item shows the
//! pane alone, and the queue is a link away.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::id::{FulfilmentTaskId, RequestItemId};
use frontend::bulk::BulkSelect;
use leptos::prelude::*;
use service::requests::{self, InboxPage, ItemDetail, Waiting};
use service::reviews::{self, OpenPile};
use service::tasks::{self, TaskRow};

use super::acts::Way;
use super::item::pane;
use super::rows::{href, key, piles, rows};
use crate::features::tasks::detail as task;
use crate::format::number;
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{BulkBar, Button, ButtonKind, Empty, EmptyKind, Icon, PageHeader, Pager};
use crate::visit::Visit;

/// Rows of a page.
const ROWS: u32 = 50;

/// The state of the queue in its address.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    item: String,
    after: String,
}

/// What the pane shows.
enum Open {
    Item(Box<ItemDetail>),
    Task(Box<TaskRow>),
    /// It is not there, or not for the visitor.
    Gone,
    Nothing,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let after = (!asked.after.is_empty()).then_some(asked.after.as_str());
    let found = match requests::inbox(&app.service, &visit.cx(), after, ROWS).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    // Reviews stand above the first page of the queue.
    let reviews = if asked.after.is_empty() {
        match reviews::open_piles(&app.service, &visit.cx()).await {
            Ok(found) => found,
            Err(error) => return app.refuse(&visit, error),
        }
    } else {
        Vec::new()
    };
    let current = if asked.item.is_empty() {
        found
            .rows
            .first()
            .map(|row| key(&row.waiting))
            .unwrap_or_default()
    } else {
        asked.item.clone()
    };
    let open = match open(&app, &visit, &current).await {
        Ok(open) => open,
        Err(error) => return app.refuse(&visit, error),
    };
    let form_key = app.form_key();
    app.page(&visit, Page::new("Inbox", routes::INBOX), || {
        content(
            &visit,
            &asked,
            (&found, &reviews),
            (&current, &open),
            &form_key,
        )
    })
}

async fn open(app: &App, visit: &Visit, current: &str) -> service::Result<Open> {
    let found = if let Ok(id) = current.parse::<RequestItemId>() {
        requests::item(&app.service, &visit.cx(), id)
            .await
            .map(|found| Open::Item(Box::new(found)))
    } else if let Ok(id) = current.parse::<FulfilmentTaskId>() {
        tasks::read(&app.service, &visit.cx(), id)
            .await
            .map(|found| Open::Task(Box::new(found.object)))
    } else {
        return Ok(Open::Nothing);
    };
    match found {
        // Somebody else may have taken it over meanwhile; the queue is still theirs to see.
        Err(service::Error::NotFound | service::Error::Denied { .. }) => Ok(Open::Gone),
        other => other,
    }
}

/// `7 things wait for you, what is due first on top.`
fn counted(found: &InboxPage) -> String {
    match (found.total, found.capped) {
        (0, _) => "Nothing waits for you".to_owned(),
        (1, _) => "One thing waits for you".to_owned(),
        (n, true) => format!(
            "More than {} things wait for you, what is due first on top",
            number(n)
        ),
        (n, false) => format!(
            "{} things wait for you, what is due first on top",
            number(n)
        ),
    }
}

fn content(
    visit: &Visit,
    asked: &Asked,
    (found, reviews): (&InboxPage, &[OpenPile]),
    (current, open): (&str, &Open),
    form_key: &str,
) -> AnyView {
    let ways = ways(visit);
    let header = view! { <PageHeader title="Inbox" detail=counted(found) actions=ways /> };
    let chosen = !asked.item.is_empty();
    let reviews = piles(visit, reviews);
    if found.rows.is_empty() && !chosen {
        let empty = reviews.is_none().then(|| empty(&asked.after));
        return view! { {header} {reviews} {empty} }.into_any();
    }
    let at = found
        .rows
        .iter()
        .position(|row| key(&row.waiting) == current);
    let near = |step: isize| {
        let to = at.and_then(|at| at.checked_add_signed(step));
        to.and_then(|to| found.rows.get(to))
            .map(|row| key(&row.waiting))
    };
    let way = Way {
        next: near(1).or_else(|| near(-1)).unwrap_or_default(),
        after: asked.after.clone(),
        chosen,
    };
    let list = rows(visit, &found.rows, current, &asked.after);
    let pager = pager(asked, found);
    let bulk = bulk(found);
    let pane = match open {
        Open::Item(detail) => pane(visit, detail, &way, form_key),
        Open::Task(row) => task::pane(visit, row, &way, form_key),
        Open::Gone => gone(),
        Open::Nothing => ().into_any(),
    };
    let back = routes::with_query(routes::INBOX, &[("after", &asked.after)]);
    let steps = view! {
        <nav class="pane-steps" aria-label="Through the queue">
            <Button label="All that waits" href=back icon=Icon::ArrowLeft kind=ButtonKind::Plain />
            {near(-1).map(|to| view! { <Button label="Before" href=href(&to, &asked.after) icon=Icon::ArrowUp kind=ButtonKind::Plain icon_only=true /> })}
            {near(1).map(|to| view! { <Button label="Next" href=href(&to, &asked.after) icon=Icon::ArrowDown kind=ButtonKind::Plain icon_only=true /> })}
        </nav>
    };
    view! {
        <div class="inbox" data-decide="" data-chosen=chosen.then_some("")>
            <div class="inbox-head">{header}</div>
            <div class="inbox-list">{reviews} {list} {pager} {bulk}</div>
            <section class="inbox-pane" aria-label="What is open">{steps} {pane}</section>
        </div>
    }
    .into_any()
}

fn ways(visit: &Visit) -> AnyView {
    let tasks = crate::access::sees_all(visit)
        .then(|| view! { <Button label="All tasks" href=routes::TASKS icon=Icon::ListChecks /> });
    view! {
        <Button label="Requests" href=routes::REQUESTS icon=Icon::FileText />
        {tasks}
    }
    .into_any()
}

fn bulk(found: &InboxPage) -> Option<AnyView> {
    let decides = found
        .rows
        .iter()
        .any(|row| matches!(row.waiting, Waiting::Approval { .. }));
    let does = found
        .rows
        .iter()
        .any(|row| matches!(row.waiting, Waiting::Task { .. }));
    if !decides && !does {
        return None;
    }
    let decide = decides.then(|| {
        view! {
            <Button label="Approve…" name="act" value="approve" />
            <Button label="Reject…" name="act" value="reject" />
        }
    });
    let done = does.then(|| view! { <Button label="Done…" name="act" value="do" /> });
    Some(
        view! {
            <BulkBar action=format!("{}/bulk", routes::INBOX)>{decide} {done}</BulkBar>
            <BulkSelect />
        }
        .into_any(),
    )
}

fn pager(asked: &Asked, found: &InboxPage) -> Option<AnyView> {
    if found.next.is_none() && asked.after.is_empty() {
        return None;
    }
    let next = found.next.as_ref();
    let next = next.map(|next| routes::with_query(routes::INBOX, &[("after", next)]));
    let first = if asked.after.is_empty() {
        String::new()
    } else {
        routes::INBOX.to_owned()
    };
    let more = if found.capped { "+" } else { "" };
    let range = format!("{} of {}{more}", found.rows.len(), number(found.total));
    Some(view! { <Pager range=range next=next.unwrap_or_default() first=first /> }.into_any())
}

fn empty(after: &str) -> AnyView {
    if !after.is_empty() {
        return view! {
            <Empty kind=EmptyKind::NoMatch title="Nothing more waits here" text="What was on this page is decided.">
                <Button label="To the first page" href=routes::INBOX icon=Icon::ArrowLeft />
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::Nothing title="Nothing waits for you" text="Requests for you to decide, questions to you and tasks come here, and you are told of each.">
            <Button label="Your requests" href=routes::REQUESTS icon=Icon::FileText />
        </Empty>
    }
    .into_any()
}

fn gone() -> AnyView {
    view! {
        <Empty kind=EmptyKind::NotForYou title="This does not wait for you" text="It may have been taken back, or somebody else decides it now. The rest of your queue is beside this.">
            <Button label="To the queue" href=routes::INBOX icon=Icon::ArrowLeft />
        </Empty>
    }
    .into_any()
}
