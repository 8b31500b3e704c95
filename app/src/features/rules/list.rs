//! The list of rules.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::view::ListName;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use maud::{Markup, html};
use service::audit::WithLatest;
use service::exports::ExportList;
use service::rules::{self, RuleDetail, RuleRow, RulesPage};
use service::views;

use super::columns::{COLUMNS, NAMING};
use super::panel::panel;
use super::words::token_words;
use crate::access::{may_manage, sees_all};
use crate::features::jobs::{self, export_button};
use crate::listing::{
    Around, Bar, ListParams, Listing, Opened, Params, Peek, Shipped, Shown, token,
};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, peek_cell};
use crate::ui::{
    Beside, Button, ButtonKind, Column, Empty, EmptyKind, Icon, PageHeader, Slot, Table,
};
use crate::visit::Visit;

/// Views that come with the list.
fn shipped() -> Vec<Shipped> {
    vec![
        Shipped::new("all", "All", ""),
        Shipped::new("active", "Active", "state:active"),
        Shipped::new("observing", "Observing", "state:observing"),
        Shipped::new("drafts", "Drafts", "state:draft"),
        Shipped::new("no-owner", "No owner", "owner:none state:current"),
        Shipped::new("ended", "Ended", "state:ended"),
    ]
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    let (found, saved) = match read(&app, &visit, &params).await {
        Ok(read) => read,
        Err(error) => return app.refuse(&visit, error),
    };
    let peek = Peek::new(routes::RULES, &params, &found.page, |row| row.id);
    let one = async |id| rules::overview(&app.service, &visit.cx(), id).await;
    let opened = match Opened::read(&peek, one).await {
        Ok(opened) => opened,
        Err(error) => return app.refuse(&visit, error),
    };
    let around = Around {
        visit: &visit,
        title: if sees_all(&visit) {
            "Rules"
        } else {
            "My rules"
        },
        params: &params,
        shown: Shown::of(COLUMNS, &params, saved.columns.as_deref()),
        bar: Bar {
            list: ListName::Rules,
            base: routes::RULES,
            params: &params,
            shipped: shipped(),
            saved: &saved,
            total: found.page.total,
            idem: app.form_key(),
        },
        peek,
        opened,
    };
    let page = Page::new(around.title, routes::RULES);
    app.page(&visit, page, || content(&around, found))
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(RulesPage, views::Views)> {
    let found = rules::list(&app.service, &visit.cx(), &params.query()).await?;
    let saved = views::of_list(&app.service, &visit.cx(), ListName::Rules).await?;
    Ok((found, saved))
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Rules).await
}

fn content(around: &Around<'_, RuleRow, WithLatest<RuleDetail>>, mut found: RulesPage) -> AnyView {
    let Around {
        visit,
        title,
        params,
        shown,
        bar,
        peek,
        opened,
    } = around;
    let title = *title;
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
            token("gives", "What it gives", &["role", "entitlement"]),
            token("role", "Id of the role that it gives", &[]),
            token("entitlement", "Id of the entitlement that it gives", &[]),
            token("description", "Whether it has one: none", &["none"]),
            token("name", "Exact name", &[]),
        ],
        facets: Some(std::mem::take(&mut found.facets)),
        unknown: std::mem::take(&mut found.unknown),
        words: token_words,
    };
    let export = {
        let (file, total) = (shown.in_file(params, NAMING), found.page.total);
        export_button(&file, ExportList::Rules, routes::RULES_EXPORT, total)
    };
    let add = add(visit, ButtonKind::Primary);
    let actions = view! { {export} {add} };
    let (bar, top, note) = (bar.view(shown), listing.top(), opened.note());
    let body = if found.page.rows.is_empty() {
        empty_state(&listing, visit)
    } else {
        table(visit, title, (&listing, shown, peek), &found)
    };
    let panel = match opened {
        Opened::Row(detail) => Slot::from(panel(visit, peek, detail)),
        Opened::Nothing | Opened::Missing => Slot::default(),
    };
    view! {
        <Beside panel=panel close=peek.close()>
            <PageHeader title=title actions=actions />
            {bar}
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

fn table(
    visit: &Visit,
    title: &'static str,
    (listing, shown, peek): (&Listing<'_>, &Shown<RuleRow>, &Peek<'_>),
    found: &RulesPage,
) -> AnyView {
    let mut heads = vec![listing.sorted("Name", "name", true)];
    heads.extend(shown.heads(listing));
    heads.push(Column::new("Quick look").hidden());
    let rows = found.page.rows.iter();
    let rows = rows.map(|one| row(visit, shown, peek, one));
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
