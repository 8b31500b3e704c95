//! The list of applications.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::view::ListName;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use maud::html;
use service::applications::{self, ApplicationDetail, ApplicationRow, ApplicationsPage};
use service::audit::WithLatest;
use service::entitlements::EntitlementsPage;
use service::exports::ExportList;
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
        Shipped::new("active", "Active", "status:active"),
        Shipped::new("no-owner", "No owner", "owner:none status:active"),
        Shipped::new(
            "high",
            "High criticality",
            "criticality>=high status:active",
        ),
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
    let peek = Peek::new(routes::APPLICATIONS, &params, &found.page, |row| row.id);
    let one = async |id| super::detail::load(&app, &visit, id).await;
    let opened = match Opened::read(&peek, one).await {
        Ok(opened) => opened,
        Err(error) => return app.refuse(&visit, error),
    };
    let around = Around {
        visit: &visit,
        title: if sees_all(&visit) {
            "Applications"
        } else {
            "My applications"
        },
        params: &params,
        shown: Shown::of(COLUMNS, &params, saved.columns.as_deref()),
        bar: Bar {
            list: ListName::Applications,
            base: routes::APPLICATIONS,
            params: &params,
            shipped: shipped(),
            saved: &saved,
            total: found.page.total,
            idem: app.form_key(),
        },
        peek,
        opened,
    };
    app.page(
        &visit,
        Page::new(around.title, routes::APPLICATIONS),
        || content(around, found),
    )
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(ApplicationsPage, views::Views)> {
    let found = applications::list(&app.service, &visit.cx(), &params.query()).await?;
    let saved = views::of_list(&app.service, &visit.cx(), ListName::Applications).await?;
    Ok((found, saved))
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Applications).await
}

/// An application with the first of its entitlements.
type Loaded = (WithLatest<ApplicationDetail>, EntitlementsPage);

fn content(around: Around<'_, ApplicationRow, Loaded>, found: ApplicationsPage) -> AnyView {
    let Around {
        visit,
        title,
        params,
        shown,
        bar,
        peek,
        opened,
    } = around;
    let may_create = may_manage(visit);
    let listing = Listing {
        base: routes::APPLICATIONS,
        params,
        label: "Search applications",
        placeholder: "Name, owner:none or criticality>=high",
        tokens: vec![
            token(
                "status",
                "Where it is in its life",
                &["active", "suspended", "ended"],
            ),
            token(
                "criticality",
                "How bad it is when it goes wrong; criticality>=high too",
                &["low", "medium", "high", "critical", "none"],
            ),
            token("owner", "Username, id, me or none", &["me", "none"]),
            token("name", "Exact technical name", &[]),
        ],
        facets: Some(found.facets),
        unknown: found.unknown,
        words: token_words,
    };
    let add = may_create.then(|| view! { <Button label="Add application" href=routes::APPLICATIONS_NEW kind=ButtonKind::Primary icon=Icon::Plus /> });
    let file = shown.in_file(params, NAMING);
    let total = found.page.total;
    let export = export_button(
        &file,
        ExportList::Applications,
        routes::APPLICATIONS_EXPORT,
        total,
    );
    let actions = view! { {export} {add} };
    let pager = listing.pager(&found.page);
    let top = listing.top();
    let mut heads = vec![listing.sorted("Application", "name", true)];
    heads.extend(shown.heads(&listing));
    heads.push(Column::new("Quick look").hidden());
    let empty = found.page.rows.is_empty();
    let rows = found.page.rows.iter();
    let rows = rows
        .map(|one| row(visit, &peek, &shown, one))
        .collect_view();
    let body = if empty {
        empty_state(&listing, visit)
    } else {
        view! { <Table caption=title columns=heads footer=pager>{rows}</Table> }.into_any()
    };
    let note = opened.note();
    let panel = match opened {
        Opened::Row((detail, found)) => Slot::from(panel(visit, &peek, &detail, found)),
        Opened::Nothing | Opened::Missing => Slot::default(),
    };
    let (bar, close) = (bar.view(&shown), peek.close());
    view! {
        <Beside panel=panel close=close>
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

/// An application in the list.
fn row(
    visit: &Visit,
    peek: &Peek<'_>,
    shown: &Shown<ApplicationRow>,
    row: &ApplicationRow,
) -> AnyView {
    let (id, name) = (row.id.to_string(), &row.display_name);
    let (href, icon) = (format!("{}/{id}", routes::APPLICATIONS), Icon::AppWindow);
    leaf(html! {
        tr id={ "row-" (id) } {
            (name_cell("Application", name, href, row.name.clone(), Some(icon), true))
            (shown.cells(visit, row))
            (peek_cell(&peek.to(&id), name, peek.shows(&id)))
        }
    })
}

fn empty_state(listing: &Listing<'_>, visit: &Visit) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="No application matches" text="None fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    if sees_all(visit) {
        let add = may_manage(visit).then(|| view! { <Button label="Add application" href=routes::APPLICATIONS_NEW icon=Icon::Plus /> });
        return view! {
            <Empty kind=EmptyKind::Nothing title="No applications yet" text="Business systems in which people have access belong here.">
                {add}
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NotForYou title="You own no application" text="You see the applications whose owner you are. If one is missing, ask whoever manages the access model here to name you as its owner." />
    }
    .into_any()
}
