//! The list of rules.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::search::Search;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use maud::{Markup, html};
use service::audit::WithLatest;
use service::rules::{self, RuleDetail, RuleRow, RulesPage};

use super::columns::COLUMNS;
use super::panel::panel;
use super::words::token_words;
use crate::access::{may_manage, sees_all};
use crate::format::capped;
use crate::listing::{ListParams, Listing, Opened, Params, Peek, Shown, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, peek_cell};
use crate::ui::{
    Beside, Button, ButtonKind, Column, Empty, EmptyKind, Icon, PageHeader, Slot, Table, ViewBar,
    ViewTab,
};
use crate::visit::Visit;

/// Views that come with the list.
const VIEWS: [(&str, &str); 6] = [
    ("All", ""),
    ("Active", "state:active"),
    ("Observing", "state:observing"),
    ("Drafts", "state:draft"),
    ("No owner", "owner:none state:current"),
    ("Ended", "state:ended"),
];

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    let found = match rules::list(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let peek = Peek::new(routes::RULES, &params, &found.page, |row| row.id);
    let one = async |id| rules::overview(&app.service, &visit.cx(), id).await;
    let opened = match Opened::read(&peek, one).await {
        Ok(opened) => opened,
        Err(error) => return app.refuse(&visit, error),
    };
    let title = if sees_all(&visit) {
        "Rules"
    } else {
        "My rules"
    };
    app.page(&visit, Page::new(title, routes::RULES), || {
        content(&visit, title, &params, &peek, &opened, found)
    })
}

fn content(
    visit: &Visit,
    title: &'static str,
    params: &Params,
    peek: &Peek<'_>,
    opened: &Opened<WithLatest<RuleDetail>>,
    mut found: RulesPage,
) -> AnyView {
    let listing = Listing {
        base: routes::RULES,
        params,
        label: "Search rules",
        placeholder: "Name, state:active or owner:none",
        tokens: vec![
            token(
                "state",
                "Where it is in its life; current is all that have not ended",
                &["draft", "observing", "active", "ended", "current"],
            ),
            token(
                "owner",
                "Who answers for it: username, id, me or none",
                &["me", "none"],
            ),
            token("role", "Id of the role that it gives", &[]),
            token("entitlement", "Id of the entitlement that it gives", &[]),
            token("name", "Exact name", &[]),
        ],
        facets: None,
        unknown: std::mem::take(&mut found.unknown),
        words: token_words,
    };
    let (views, top, note) = (
        views(params, found.page.total),
        listing.top(),
        opened.note(),
    );
    let body = if found.page.rows.is_empty() {
        empty_state(&listing, visit)
    } else {
        table(visit, title, &listing, peek, &found)
    };
    let panel = match opened {
        Opened::Row(detail) => Slot::from(panel(visit, peek, detail)),
        Opened::Nothing | Opened::Missing => Slot::default(),
    };
    let add = add(visit, ButtonKind::Primary);
    view! {
        <Beside panel=panel close=peek.close()>
            <PageHeader title=title actions=add />
            {views}
            {top}
            {note}
            {body}
        </Beside>
        <QuickLook />
    }
    .into_any()
}

fn add(visit: &Visit, kind: ButtonKind) -> Option<AnyView> {
    may_manage(visit).then(|| {
        view! { <Button label="New rule" href=routes::RULES_NEW kind=kind icon=Icon::Plus /> }
            .into_any()
    })
}

fn views(params: &Params, total: u64) -> AnyView {
    let now = params.search().to_string();
    let items = VIEWS.map(|(label, search)| {
        let search = Search::parse(search);
        let current = search.to_string() == now;
        ViewTab {
            label: label.to_owned(),
            href: params.with_search(routes::RULES, &search),
            count: if current {
                capped(total)
            } else {
                String::new()
            },
            current,
            ..ViewTab::default()
        }
    });
    view! { <ViewBar items=items.into() /> }.into_any()
}

fn table(
    visit: &Visit,
    title: &'static str,
    listing: &Listing<'_>,
    peek: &Peek<'_>,
    found: &RulesPage,
) -> AnyView {
    let shown = Shown::of(COLUMNS, listing.params, None);
    let mut heads = vec![listing.sorted("Name", "name", true)];
    heads.extend(shown.heads(listing));
    heads.push(Column::new("Quick look").hidden());
    let rows = found.page.rows.iter();
    let rows = rows.map(|one| row(visit, &shown, peek, one));
    let rows = leaf(html! { @for row in rows { (row) } });
    let pager = listing.pager(&found.page);
    view! { <Table caption=title columns=heads footer=pager>{rows}</Table> }.into_any()
}

fn row(visit: &Visit, shown: &Shown<RuleRow>, peek: &Peek<'_>, row: &RuleRow) -> Markup {
    let (id, name) = (row.id.to_string(), &row.name);
    let (href, detail) = (format!("{}/{id}", routes::RULES), row.description.clone());
    html! {
        tr id={ "row-" (id) } {
            (name_cell("Name", name, href, detail, Some(Icon::ListChecks), false))
            (shown.cells(visit, row))
            (peek_cell(&peek.to(&id), name, peek.shows(&id)))
        }
    }
}

fn empty_state(listing: &Listing<'_>, visit: &Visit) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="No rule matches" text="None fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    if sees_all(visit) {
        let add = add(visit, ButtonKind::Default);
        return view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::ListChecks title="No rules yet" text="A rule gives a role or an entitlement to everybody who fits a condition, such as all employees of a department, and ends it when they no longer do. Write one, observe to whom it would apply, and then activate it.">
                {add}
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NotForYou title="You own no rule" text="You see the rules that you answer for. If one is missing, ask whoever manages the access model here to name you as its owner." />
    }
    .into_any()
}
