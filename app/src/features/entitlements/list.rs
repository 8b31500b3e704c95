//! The list of entitlements.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::application::CONSOLE;
use domain::search::Search;
use frontend::quick_look::QuickLook;
use frontend::tokens::TokenKey;
use leptos::prelude::*;
use service::entitlements::{self, EntitlementDetail, EntitlementsPage};

use super::panel::panel;
use super::rows::{Rows, new_for, table};
use super::words::token_words;
use crate::access::{may_manage, sees_all};
use crate::download;
use crate::format::capped;
use crate::listing::{ListParams, Listing, Opened, Params, Peek, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Beside, Button, ButtonKind, Column, Empty, EmptyKind, Icon, PageHeader, Slot, Tab, Tabs,
};
use crate::visit::Visit;

/// Shipped views: a name and the search behind it. Without an owner of its own the application's owner answers for an
/// entitlement, which the name of that view says.
const VIEWS: &[(&str, &str)] = &[
    ("All", ""),
    ("Active", "status:active"),
    ("High risk", "risk>=high status:active"),
    ("Risk not set", "risk:none status:active"),
    ("No owner of its own", "owner:none status:active"),
    ("Ended", "status:ended"),
];

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    match entitlements::list(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => {
            let peek = Peek::new(routes::ENTITLEMENTS, &params, &found.page, |row| row.id);
            let read = async |id| entitlements::read(&app.service, &visit.cx(), id).await;
            let opened = match Opened::read(&peek, read).await {
                Ok(opened) => opened,
                Err(error) => return app.refuse(&visit, error),
            };
            let title = if sees_all(&visit) {
                "Entitlements"
            } else {
                "My entitlements"
            };
            app.page(&visit, Page::new(title, routes::ENTITLEMENTS), || {
                content(&visit, title, &params, found, &peek, &opened)
            })
        }
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    match entitlements::export(&app.service, &visit.cx(), &params.query()).await {
        Ok(file) => download::csv(&visit, "entitlements", file),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(
    visit: &Visit,
    title: &'static str,
    params: &Params,
    mut found: EntitlementsPage,
    peek: &Peek<'_>,
    opened: &Opened<EntitlementDetail>,
) -> AnyView {
    let listing = Listing {
        base: routes::ENTITLEMENTS,
        params,
        label: "Search entitlements",
        placeholder: "Name, application:NAME or risk>=high",
        tokens: tokens(),
        facets: std::mem::take(&mut found.facets),
        unknown: std::mem::take(&mut found.unknown),
        words: token_words,
    };
    let search = params.search().to_string();
    let tabs = VIEWS.iter().map(|(label, view)| Tab {
        label: (*label).to_owned(),
        href: params.with_search(routes::ENTITLEMENTS, &Search::parse(view)),
        count: if *view == search {
            capped(found.page.total)
        } else {
            String::new()
        },
        current: *view == search,
    });
    let tabs = tabs.collect::<Vec<_>>();
    let add = may_manage(visit).then(|| view! { <Button label="Add entitlement" href=new_here(params) kind=ButtonKind::Primary icon=Icon::Plus /> });
    let actions = view! {
        <Button label="Export" href=params.at_path(routes::ENTITLEMENTS_EXPORT) icon=Icon::Download download=true />
        {add}
    };
    let top = listing.top();
    let body = if found.page.rows.is_empty() {
        empty_state(&listing, params, visit)
    } else {
        let columns = vec![
            listing.sorted("Entitlement", "name", true),
            listing.sorted("Application", "application", false),
            listing.sorted("Kind", "kind", false),
            listing.sorted("Risk", "risk", false),
            Column::new("Owner"),
            Column::new("Can be asked for"),
            listing.sorted("Status", "status", false),
            Column::new("Quick look").hidden(),
        ];
        let footer = Slot::from(listing.pager(&found.page));
        table(
            visit,
            Rows {
                caption: title,
                columns,
                peek: Some(peek),
                footer,
            },
            found,
        )
    };
    let panel = match opened {
        Opened::Row(detail) => Slot::from(panel(visit, peek, detail)),
        Opened::Nothing | Opened::Missing => Slot::default(),
    };
    let note = opened.note();
    view! {
        <Beside panel=panel close=peek.close()>
            <PageHeader title=title actions=actions />
            <Tabs label="Views" items=tabs />
            {top}
            {note}
            {body}
        </Beside>
        <QuickLook />
    }
    .into_any()
}

/// What the search understands.
fn tokens() -> Vec<TokenKey> {
    vec![
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
        token("name", "Exact technical name", &[]),
    ]
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
