//! The list of roles.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::view::ListName;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use maud::{Markup, html};
use service::audit::WithLatest;
use service::exports::ExportList;
use service::roles::{self, RoleDetail, RoleRow, RolesPage};
use service::views;

use super::columns::{COLUMNS, NAMING};
use super::discover;
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
        Shipped::new("active", "Active", "status:active"),
        Shipped::new("no-owner", "No owner", "owner:none status:active"),
        Shipped::new("empty", "Nothing in it", "contents:none status:current"),
        Shipped::new("unheld", "Nobody holds it", "status:active holders:none"),
        Shipped::new("suspended", "Suspended", "status:suspended"),
        Shipped::new("ended", "Ended", "status:ended"),
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
    let peek = Peek::new(routes::ROLES, &params, &found.page, |row| row.id);
    let one = async |id| roles::overview(&app.service, &visit.cx(), id, None).await;
    let opened = match Opened::read(&peek, one).await {
        Ok(opened) => opened,
        Err(error) => return app.refuse(&visit, error),
    };
    let around = Around {
        visit: &visit,
        title: if sees_all(&visit) {
            "Roles"
        } else {
            "My roles"
        },
        params: &params,
        shown: Shown::of(COLUMNS, &params, saved.columns.as_deref()),
        bar: Bar {
            list: ListName::Roles,
            base: routes::ROLES,
            params: &params,
            shipped: shipped(),
            saved: &saved,
            total: found.page.total,
            idem: app.form_key(),
        },
        peek,
        opened,
    };
    let page = Page::new(around.title, routes::ROLES);
    app.page(&visit, page, || content(&around, found))
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(RolesPage, views::Views)> {
    let found = roles::list(&app.service, &visit.cx(), &params.query()).await?;
    let saved = views::of_list(&app.service, &visit.cx(), ListName::Roles).await?;
    Ok((found, saved))
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Roles).await
}

fn content(around: &Around<'_, RoleRow, WithLatest<RoleDetail>>, mut found: RolesPage) -> AnyView {
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
        base: routes::ROLES,
        params,
        label: "Search roles",
        placeholder: "Name, status:active or owner:none",
        tokens: vec![
            token(
                "status",
                "Where it is in its life; current is all that have not ended",
                &["active", "suspended", "ended", "current"],
            ),
            token(
                "owner",
                "Who answers for it: username, id, me or none",
                &["me", "none"],
            ),
            token("contents", "Whether anything is in it: none", &["none"]),
            token("description", "Whether it has one: none", &["none"]),
            token("holders", "Whether somebody holds it: none", &["none"]),
            token("name", "Exact technical name", &[]),
        ],
        facets: Some(std::mem::take(&mut found.facets)),
        unknown: std::mem::take(&mut found.unknown),
        words: token_words,
    };
    let export = {
        let (file, total) = (shown.in_file(params, NAMING), found.page.total);
        export_button(&file, ExportList::Roles, routes::ROLES_EXPORT, total)
    };
    let add = add(visit, ButtonKind::Primary);
    let find = discover::button(visit);
    let actions = view! { {export} {find} {add} };
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
        view! { <Button label="New role" href=routes::ROLES_NEW kind=kind icon=Icon::Plus /> }
            .into_any()
    })
}

fn table(
    visit: &Visit,
    title: &'static str,
    (listing, shown, peek): (&Listing<'_>, &Shown<RoleRow>, &Peek<'_>),
    found: &RolesPage,
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

fn row(visit: &Visit, shown: &Shown<RoleRow>, peek: &Peek<'_>, row: &RoleRow) -> Markup {
    let (id, name) = (row.id.to_string(), &row.display_name);
    let href = format!("{}/{id}", routes::ROLES);
    html! {
        tr id={ "row-" (id) } {
            (name_cell("Name", name, href, row.name.clone(), Some(Icon::Layers), true))
            (shown.cells(visit, row))
            (peek_cell(&peek.to(&id), name, peek.shows(&id)))
        }
    }
}

fn empty_state(listing: &Listing<'_>, visit: &Visit) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="No role matches" text="None fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    if sees_all(visit) {
        let add = add(visit, ButtonKind::Default);
        return view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::Layers title="No roles yet" text="A role is a bundle of entitlements under one name, such as what every clerk in accounts payable needs. Make one, put entitlements into it, and see who would gain them before it happens.">
                {add}
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NotForYou title="You own no role" text="You see the roles that you answer for. If one is missing, ask whoever manages the access model here to name you as its owner." />
    }
    .into_any()
}
