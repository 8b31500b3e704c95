//! The list of applications.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::lifecycle::Lifecycle;
use domain::search::{Search, Term};
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use service::applications::{self, ApplicationDetail, ApplicationsPage};
use service::entitlements::EntitlementsPage;

use super::panel::panel;
use super::words::{status, token_words};
use crate::access::{level_view, may_manage, no_owner, owner_cell, sees_all};
use crate::download;
use crate::format::{capped, number};
use crate::listing::{ListParams, Listing, Opened, Params, Peek, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Beside, Button, ButtonKind, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader,
    PeekCell, Slot, Tab, Table, Tabs,
};
use crate::visit::Visit;

/// Shipped views: a name and the search behind it.
const VIEWS: &[(&str, &str)] = &[
    ("All", ""),
    ("Active", "status:active"),
    ("No owner", "owner:none status:active"),
    ("High criticality", "criticality>=high status:active"),
    ("Ended", "status:ended"),
];

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    match applications::list(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => {
            let peek = Peek::new(routes::APPLICATIONS, &params, &found.page, |row| row.id);
            let read = async |id| super::detail::load(&app, &visit, id).await;
            let opened = match Opened::read(&peek, read).await {
                Ok(opened) => opened,
                Err(error) => return app.refuse(&visit, error),
            };
            let title = if sees_all(&visit) {
                "Applications"
            } else {
                "My applications"
            };
            app.page(&visit, Page::new(title, routes::APPLICATIONS), || {
                content(&visit, title, &params, found, &peek, opened)
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
    match applications::export(&app.service, &visit.cx(), &params.query()).await {
        Ok(file) => download::csv(&visit, "applications", file),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(
    visit: &Visit,
    title: &'static str,
    params: &Params,
    found: ApplicationsPage,
    peek: &Peek<'_>,
    opened: Opened<(ApplicationDetail, EntitlementsPage)>,
) -> AnyView {
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
        facets: found.facets,
        unknown: found.unknown,
        words: token_words,
    };
    let search = params.search().to_string();
    let tabs = VIEWS.iter().map(|(label, view)| Tab {
        label: (*label).to_owned(),
        href: params.with_search(routes::APPLICATIONS, &Search::parse(view)),
        count: if *view == search {
            capped(found.page.total)
        } else {
            String::new()
        },
        current: *view == search,
    });
    let tabs = tabs.collect::<Vec<_>>();
    let add = may_create.then(|| view! { <Button label="Add application" href=routes::APPLICATIONS_NEW kind=ButtonKind::Primary icon=Icon::Plus /> });
    let actions = view! {
        <Button label="Export" href=params.at_path(routes::APPLICATIONS_EXPORT) icon=Icon::Download download=true />
        {add}
    };
    let pager = listing.pager(&found.page);
    let top = listing.top();
    let columns = vec![
        listing.sorted("Application", "name", true),
        Column::new("Owner"),
        listing.sorted("Criticality", "criticality", false),
        Column::new("Entitlements").numeric(),
        listing.sorted("Status", "status", false),
        Column::new("Quick look").hidden(),
    ];
    let empty = found.page.rows.is_empty();
    let rows = found.page.rows.into_iter().map(|row| {
        let missing = match row.status {
            _ if row.built_in => view! { <span class="soft">"Administrators"</span> }.into_any(),
            Lifecycle::Ended => view! { <Absent /> }.into_any(),
            Lifecycle::Active | Lifecycle::Suspended => no_owner(),
        };
        let owner = owner_cell(visit, row.owner, missing);
        let level = level_view(row.criticality);
        let status = status(row.status, row.built_in);
        let entitlements = entitlements_link(row.entitlements.unsigned_abs(), &row.name, &row.display_name);
        let (look, open, name) = (peek.to(row.id), peek.shows(row.id), row.display_name.clone());
        view! {
            <tr id=format!("row-{}", row.id)>
                <NameCell column="Application" name=row.display_name detail=row.name mono=true icon=Icon::AppWindow href=format!("{}/{}", routes::APPLICATIONS, row.id) />
                <Cell column="Owner">{owner}</Cell>
                <Cell column="Criticality">{level}</Cell>
                <Cell column="Entitlements" numeric=true>{entitlements}</Cell>
                <Cell column="Status">{status}</Cell>
                <PeekCell href=look label=name current=open />
            </tr>
        }
        .into_any()
    });
    let rows = rows.collect_view();
    let body = if empty {
        empty_state(&listing, visit)
    } else {
        view! { <Table caption=title columns=columns footer=pager>{rows}</Table> }.into_any()
    };
    let note = opened.note();
    let panel = match opened {
        Opened::Row((detail, found)) => Slot::from(panel(visit, peek, &detail, found)),
        Opened::Nothing | Opened::Missing => Slot::default(),
    };
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

/// How many entitlements an application has, leading to them.
fn entitlements_link(count: u64, name: &str, display_name: &str) -> AnyView {
    if count == 0 {
        return number(0).into_any();
    }
    let of_it = Search {
        terms: vec![Term::is("application", name)],
    };
    let href = Params::default().with_search(routes::ENTITLEMENTS, &of_it);
    let spoken = format!(
        " {} of {display_name}",
        if count == 1 {
            "entitlement"
        } else {
            "entitlements"
        }
    );
    view! { <a href=href>{number(count)} <span class="unseen">{spoken}</span></a> }.into_any()
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
