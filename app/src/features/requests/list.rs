//! The list of requests: one's own, everybody's for those who see everybody's access, or those of one person.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::{IdentityId, RequestItemId};
use domain::request::ItemState;
use leptos::prelude::*;
use service::people;
use service::requests::{self, RequestLine, RequestsPage};

use super::words::{for_so_long, kind, people as names, state_pill};
use crate::download;
use crate::features::people::{header, tabs};
use crate::format::{ago_view, time_view};
use crate::page::Page;
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::{
    Absent, Button, ButtonKind, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, Pager,
    Tab, Table, Tabs,
};
use crate::visit::Visit;

/// Rows of a page.
const ROWS: u32 = 50;

/// The state of the list in its address.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `all` for everybody's.
    who: String,
    state: String,
    before: String,
}

impl Asked {
    fn all(&self) -> bool {
        self.who == "all"
    }

    fn state(&self) -> Option<ItemState> {
        ItemState::from_word(&self.state)
    }

    fn before(&self) -> Option<RequestItemId> {
        self.before.parse().ok()
    }

    /// The address with one thing changed.
    fn with(&self, base: &str, changed: &[(&str, &str)]) -> String {
        let kept = [("who", self.who.as_str()), ("state", self.state.as_str())];
        let kept = kept
            .iter()
            .filter(|(name, _)| !changed.iter().any(|(other, _)| other == name));
        let parts: Vec<(&str, &str)> = kept.copied().chain(changed.iter().copied()).collect();
        with_query(base, &parts)
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let whose = (asked.all(), None);
    match requests::list(
        &app.service,
        &visit.cx(),
        whose,
        asked.state(),
        asked.before(),
        ROWS,
    )
    .await
    {
        Ok(found) => app.page(&visit, Page::new("Requests", routes::INBOX), || {
            content(&visit, &asked, &found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

/// What is shown, as a file.
pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(asked): Query<Asked>,
) -> Response {
    let whose = (asked.all(), None);
    match requests::export(&app.service, &visit.cx(), whose, asked.state()).await {
        Ok(file) => download::csv(&visit, "requests", file),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The requests of a person, beside what else is known of them.
pub(super) async fn of_person(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let person = match people::read(&app.service, &visit.cx(), id).await {
        Ok(person) => person,
        Err(error) => return app.refuse(&visit, error),
    };
    let whose = (true, Some(id));
    let found = requests::list(
        &app.service,
        &visit.cx(),
        whose,
        asked.state(),
        asked.before(),
        ROWS,
    )
    .await;
    let found = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let page = Page::new(format!("Requests of {name} · People"), routes::PEOPLE).called(name);
    app.page(&visit, page.under(&[("People", routes::PEOPLE)]), || {
        let base = routes::below(routes::PEOPLE, id, "requests");
        let body = if found.rows.is_empty() {
            view! { <Empty kind=EmptyKind::Nothing title="No request" text="Nobody asked for anything for this person, and they asked for nothing.">""</Empty> }.into_any()
        } else {
            table(&visit, &asked, &found, &base)
        };
        view! {
            {header(&app, &visit, &person)}
            {tabs(&person, "requests")}
            {body}
        }
        .into_any()
    })
}

fn content(visit: &Visit, asked: &Asked, found: &RequestsPage) -> AnyView {
    let all = asked.all() && found.may_see_all;
    let detail = if all {
        "What everybody asked for, the newest first"
    } else {
        "What you asked for, and what was asked for you, the newest first"
    };
    let export = asked.with(routes::REQUESTS_EXPORT, &[]);
    let other = found.may_see_all.then(|| {
        let (label, who) = if all {
            ("Mine", "")
        } else {
            ("Everybody’s", "all")
        };
        let href = asked.with(routes::REQUESTS, &[("who", who)]);
        view! { <Button label=label href=href icon=Icon::Users /> }
    });
    let actions = view! {
        {other}
        <Button label="Export" icon=Icon::Download href=export download=true />
        <Button label="Ask for access" icon=Icon::Plus kind=ButtonKind::Primary href=routes::CATALOGUE />
    };
    let tab = |label: &str, word: &str| Tab {
        label: label.to_owned(),
        href: asked.with(routes::REQUESTS, &[("state", word)]),
        count: String::new(),
        current: asked.state == word,
    };
    let mut tabs = vec![tab("All", "")];
    tabs.extend(
        ItemState::ALL
            .iter()
            .map(|state| tab(state.label(), state.word())),
    );
    let body = if found.rows.is_empty() {
        empty(asked)
    } else {
        table(visit, asked, found, routes::REQUESTS)
    };
    view! {
        <PageHeader title="Requests" detail=detail actions=actions />
        <Tabs label="Where they are" items=tabs />
        {body}
    }
    .into_any()
}

fn table(visit: &Visit, asked: &Asked, found: &RequestsPage, base: &str) -> AnyView {
    let first = if asked.before.is_empty() {
        String::new()
    } else {
        asked.with(base, &[])
    };
    let next = found
        .next
        .map(|id| asked.with(base, &[("before", &id.to_string())]));
    let range = match found.rows.len() {
        1 => "1 thing".to_owned(),
        n => format!("{n} things"),
    };
    let pager = view! { <Pager range=range first=first next=next.unwrap_or_default() /> };
    let columns = [
        "What",
        "For",
        "State",
        "Waits for",
        "Asked by",
        "Asked",
        "Ended",
    ];
    let columns = columns.into_iter().map(Column::new).collect::<Vec<_>>();
    let rows = found.rows.iter().map(|row| line(visit, row)).collect_view();
    view! { <Table caption="Requests" columns=columns footer=pager>{rows}</Table> }.into_any()
}

fn line(visit: &Visit, row: &RequestLine) -> AnyView {
    let content = &row.item.content;
    let href = format!("{}/{}", routes::REQUESTS, content.request);
    let (icon, word) = kind(content.kind);
    let detail = format!("{word}, {}", for_so_long(content.length));
    let state = state_pill(content.state);
    let waits = if row.waits_for.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        names(&row.waits_for).into_any()
    };
    let (whom, by) = (row.beneficiary.name.clone(), row.requester.name.clone());
    let asked = ago_view(content.created, visit);
    let ended = match content.ended {
        Some(at) => time_view(at, visit),
        None => view! { <Absent /> }.into_any(),
    };
    view! {
        <tr>
            <NameCell column="What" name=row.thing.clone() href=href detail=detail icon=icon />
            <Cell column="For">{whom}</Cell>
            <Cell column="State">{state}</Cell>
            <Cell column="Waits for">{waits}</Cell>
            <Cell column="Asked by">{by}</Cell>
            <Cell column="Asked">{asked}</Cell>
            <Cell column="Ended">{ended}</Cell>
        </tr>
    }
    .into_any()
}

fn empty(asked: &Asked) -> AnyView {
    if asked.state.is_empty() && asked.before.is_empty() {
        return view! {
            <Empty kind=EmptyKind::Nothing title="Nothing asked for yet" text="What you ask for stays here for good: whom it waits for, who decided and why, and what came of it.">
                <Button label="Ask for access" href=routes::CATALOGUE icon=Icon::Plus />
            </Empty>
        }
        .into_any();
    }
    let href = asked.with(routes::REQUESTS, &[("state", "")]);
    view! {
        <Empty kind=EmptyKind::NoMatch title="No request is there" text="No request is in this state.">
            <Button label="In any state" href=href icon=Icon::Undo2 />
        </Empty>
    }
    .into_any()
}
