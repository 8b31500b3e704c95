//! The list of what I was told.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::notice::NoticeKind;
use domain::page::Position;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::notifications::{self, Notification, NotificationsPage, Which};

use super::icon;
use crate::format::{ago_view, capped};
use crate::page::{Page, done, see_other};
use crate::posted::Posted;
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::{
    Button, Card, Choice, Empty, EmptyKind, Hidden, Icon, PageHeader, Pager, Select, Tab, Tabs,
};
use crate::visit::Visit;

/// Which of them, and where the page begins.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Narrow {
    show: String,
    kind: String,
    after: String,
    before: String,
}

impl Narrow {
    fn which(&self) -> Which {
        Which {
            kind: NoticeKind::from_word(&self.kind),
            unread: self.show == "unread",
        }
    }

    fn position(&self) -> Position {
        match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Position::Start,
            ("", before) => Position::Before(before.to_owned()),
            (after, _) => Position::After(after.to_owned()),
        }
    }

    fn href(&self, show: &str, place: (&str, &str)) -> String {
        with_query(
            routes::NOTIFICATIONS,
            &[("show", show), ("kind", &self.kind), place],
        )
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(narrow): Query<Narrow>,
) -> Response {
    let found = notifications::list(
        &app.service,
        &visit.cx(),
        narrow.which(),
        &narrow.position(),
    )
    .await;
    match found {
        Ok(found) => app.page(
            &visit,
            Page::new("Notifications", routes::NOTIFICATIONS),
            || content(&visit, &narrow, found),
        ),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Opens the one whose button was pressed, or takes all that were seen as read.
pub(super) async fn open(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let cx = visit.cx();
    if let Ok(up_to) = posted.get("all").parse() {
        return match notifications::mark_all_read(&app.service, &cx, up_to).await {
            Ok(_) => done(routes::NOTIFICATIONS, "all-read"),
            Err(error) => app.refuse(&visit, error),
        };
    }
    // What is no id is nobody's notification.
    let id = posted
        .get("open")
        .parse()
        .unwrap_or(domain::id::NotificationId::from_raw(0));
    match notifications::open(&app.service, &cx, id).await {
        Ok(path) => see_other(&path),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, narrow: &Narrow, found: NotificationsPage) -> AnyView {
    let unread = visit.user.as_ref().map_or(0, |user| user.unread);
    let all_read = found.newest.filter(|_| unread > 0).map(|newest| {
        view! { <Button label="Mark all as read" icon=Icon::Check name="all" value=newest.to_string() form="notices" /> }
    });
    let actions = view! {
        {all_read}
        <Button label="Settings" icon=Icon::Settings href=routes::ME_NOTIFICATIONS />
    };
    let bar = bar(narrow, unread);
    let body = if found.page.rows.is_empty() {
        empty(narrow)
    } else {
        rows(visit, narrow, found)
    };
    view! {
        <PageHeader title="Notifications" detail="What you were told, newest first." actions=actions />
        {bar}
        <form id="notices" method="post" action=routes::NOTIFICATIONS>{body}</form>
    }
    .into_any()
}

/// All or unread ones, and of which kind.
fn bar(narrow: &Narrow, unread: u64) -> AnyView {
    let only_unread = narrow.show == "unread";
    let nowhere = ("", "");
    let tabs = vec![
        Tab {
            label: "All".to_owned(),
            href: narrow.href("", nowhere),
            count: String::new(),
            current: !only_unread,
        },
        Tab {
            label: "Unread".to_owned(),
            href: narrow.href("unread", nowhere),
            count: unread_count(unread),
            current: only_unread,
        },
    ];
    let kinds = NoticeKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.word(), kind.label()));
    let kinds = std::iter::once(Choice::new("", "Every kind"))
        .chain(kinds)
        .collect::<Vec<_>>();
    let show = narrow.show.clone();
    view! {
        <div class="notices-bar">
            <Tabs label="Notifications" items=tabs />
            <form class="notices-kind" method="get" action=routes::NOTIFICATIONS role="search" aria-label="Narrow notifications">
                {(!show.is_empty()).then(|| view! { <Hidden name="show" value=show /> })}
                <Select name="kind" label="Kind" value=narrow.kind.clone() options=kinds required=true />
                <Button label="Show" />
            </form>
        </div>
    }
    .into_any()
}

fn rows(visit: &Visit, narrow: &Narrow, found: NotificationsPage) -> AnyView {
    let page = found.page;
    let step = |key: &'static str, cursor: Option<String>| {
        cursor
            .map(|at| narrow.href(&narrow.show, (key, &at)))
            .unwrap_or_default()
    };
    let range = format!("{} of {}", page.rows.len(), capped(page.total));
    let (previous, next) = (step("before", page.before), step("after", page.after));
    let first = if narrow.position() == Position::Start {
        String::new()
    } else {
        narrow.href(&narrow.show, ("", ""))
    };
    let list = leaf(html! {
        ol.notices { @for row in &page.rows { (one(visit, row)) } }
    });
    let pager = (!previous.is_empty() || !next.is_empty())
        .then(|| view! { <Pager range=range previous=previous next=next first=first /> });
    view! { <Card flush=true>{list} {pager}</Card> }.into_any()
}

/// One that was read is a link; one that was not is a button, which also marks it.
fn one(visit: &Visit, row: &Notification) -> Markup {
    let unread = row.read.is_none();
    html! {
        li.notice data-unread[unread] {
            span.notice-mark { (icon(row.kind).markup()) }
            div.notice-words {
                @if unread {
                    button.notice-title type="submit" name="open" value=(row.id) dir="auto" { (row.title) }
                } @else {
                    a.notice-title href=(row.path) dir="auto" { (row.title) }
                }
                p.notice-text dir="auto" { (row.text) }
                p.notice-meta { (row.kind.label()) " · " (within(ago_view(row.created, visit))) }
            }
            @if unread { span.notice-new { "Unread" } }
        }
    }
}

fn empty(narrow: &Narrow) -> AnyView {
    if narrow.which() == Which::default() && narrow.position() == Position::Start {
        return view! {
            <Empty
                kind=EmptyKind::Nothing
                icon=Icon::Bell
                title="Nothing so far"
                text="You are told here when something waits for you, or when what you asked for was decided."
            >
                <Button label="Choose what comes by mail" href=routes::ME_NOTIFICATIONS />
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NoMatch icon=Icon::Bell title="Nothing of this kind" text="There is nothing here that fits what you chose.">
            <Button label="Show all" href=routes::NOTIFICATIONS />
        </Empty>
    }
    .into_any()
}

/// How many are unread, as the bell says it: nothing when none is.
pub(crate) fn unread_count(unread: u64) -> String {
    match unread {
        0 => String::new(),
        many if many >= notifications::UNREAD_CAP => format!("{}+", notifications::UNREAD_CAP - 1),
        some => some.to_string(),
    }
}
