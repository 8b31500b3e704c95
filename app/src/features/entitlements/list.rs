//! The list of entitlements.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::application::CONSOLE;
use domain::view::ListName;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use service::audit::WithLatest;
use service::entitlements::{self, EntitlementDetail, EntitlementRow, EntitlementsPage};
use service::exports::ExportList;
use service::views;

use super::columns::{COLUMNS, NAMING};
use super::panel::panel;
use super::rows::{Rows, new_for, table};
use super::words::token_words;
use crate::access::{may_manage, sees_all};
use crate::features::jobs::{self, export_button};
use crate::listing::{
    Around, Bar, ListParams, Listing, Opened, Params, Peek, Shipped, Shown, token,
};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{Beside, Button, ButtonKind, Column, Empty, EmptyKind, Icon, PageHeader, Slot};
use crate::visit::Visit;

/// Views that come with the list. Without an owner of its own the application's owner answers for an entitlement, which
/// the name of that view says.
fn shipped() -> Vec<Shipped> {
    vec![
        Shipped::new("all", "All", ""),
        Shipped::new("active", "Active", "status:active"),
        Shipped::new("critical", "Critical risk", "risk:critical status:active"),
        Shipped::new("no-risk", "Risk not set", "risk:none status:active"),
        Shipped::new(
            "no-owner",
            "No owner of its own",
            "owner:none status:active",
        ),
        Shipped::new(
            "no-description",
            "No description",
            "description:none status:active",
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
    let peek = Peek::new(routes::ENTITLEMENTS, &params, &found.page, |row| row.id);
    let one = async |id| entitlements::overview(&app.service, &visit.cx(), id).await;
    let opened = match Opened::read(&peek, one).await {
        Ok(opened) => opened,
        Err(error) => return app.refuse(&visit, error),
    };
    let around = Around {
        visit: &visit,
        title: if sees_all(&visit) {
            "Entitlements"
        } else {
            "My entitlements"
        },
        params: &params,
        shown: Shown::of(COLUMNS, &params, saved.columns.as_deref()),
        bar: Bar {
            list: ListName::Entitlements,
            base: routes::ENTITLEMENTS,
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
        Page::new(around.title, routes::ENTITLEMENTS),
        || content(&around, found),
    )
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(EntitlementsPage, views::Views)> {
    let found = entitlements::list(&app.service, &visit.cx(), &params.query()).await?;
    let saved = views::of_list(&app.service, &visit.cx(), ListName::Entitlements).await?;
    Ok((found, saved))
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Entitlements).await
}

fn content(
    around: &Around<'_, EntitlementRow, WithLatest<EntitlementDetail>>,
    mut found: EntitlementsPage,
) -> AnyView {
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
        base: routes::ENTITLEMENTS,
        params,
        label: "Search entitlements",
        placeholder: "Name, application:NAME or risk>=high",
        tokens: vec![
            token(
                "application",
                "Technical name or id of the application",
                &[],
            ),
            token(
                "kind",
                "What kind of thing it is",
                &["account", "group", "permission", "licence", "feature"],
            ),
            token(
                "risk",
                "How bad it is in wrong hands; risk>=high too",
                &["low", "medium", "high", "critical", "none"],
            ),
            token(
                "status",
                "Where it is in its life",
                &["active", "suspended", "ended"],
            ),
            token(
                "owner",
                "Its own owner: username, id, me or none",
                &["me", "none"],
            ),
            token(
                "requestable",
                "Whether people can ask for it",
                &["yes", "no"],
            ),
            token("description", "Whether it has one: none", &["none"]),
            token(
                "grantable",
                "Whether people, roles and rules can be given it: yes",
                &["yes"],
            ),
            token("name", "Exact technical name", &[]),
        ],
        facets: Some(std::mem::take(&mut found.facets)),
        unknown: std::mem::take(&mut found.unknown),
        words: token_words,
    };
    let add = may_manage(visit).then(|| view! { <Button label="Add entitlement" href=new_here(params) kind=ButtonKind::Primary icon=Icon::Plus /> });
    let file = shown.in_file(params, NAMING);
    let total = found.page.total;
    let export = export_button(
        &file,
        ExportList::Entitlements,
        routes::ENTITLEMENTS_EXPORT,
        total,
    );
    let actions = view! { {export} {add} };
    let top = listing.top();
    let body = if found.page.rows.is_empty() {
        empty_state(&listing, params, visit)
    } else {
        let mut heads = vec![listing.sorted("Entitlement", "name", true)];
        heads.extend(shown.heads(&listing));
        heads.push(Column::new("Quick look").hidden());
        let rows = Rows {
            caption: title,
            heads,
            shown,
            peek: Some(peek),
            footer: Slot::from(listing.pager(&found.page)),
        };
        table(visit, rows, &found)
    };
    let panel = match opened {
        Opened::Row(detail) => Slot::from(panel(visit, peek, detail)),
        Opened::Nothing | Opened::Missing => Slot::default(),
    };
    let (note, bar) = (opened.note(), bar.view(shown));
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

/// The form for a new one, of the application the list is narrowed to. The console itself takes none.
fn new_here(params: &Params) -> String {
    let search = params.search();
    let application = search
        .token("application")
        .filter(|name| !name.eq_ignore_ascii_case(CONSOLE));
    application.map_or_else(|| routes::ENTITLEMENTS_NEW.to_owned(), new_for)
}

fn empty_state(listing: &Listing<'_>, params: &Params, visit: &Visit) -> AnyView {
    let add = may_manage(visit).then(
        || view! { <Button label="Add entitlement" href=new_here(params) icon=Icon::Plus /> },
    );
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="No entitlement matches" text="None fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    if sees_all(visit) {
        return view! {
            <Empty kind=EmptyKind::Nothing title="No entitlements yet" text="What applications can grant belongs here: accounts, groups, permissions, licences, features.">
                {add}
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NotForYou title="You own no entitlement" text="You see the entitlements that you answer for, by themselves or through their application. If one is missing, ask whoever manages the access model here to name you as its owner." />
    }
    .into_any()
}
