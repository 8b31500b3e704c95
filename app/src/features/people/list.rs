//! The list of people.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::ConsoleRight::{Administer, ManageIdentities};
use frontend::bulk::BulkSelect;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use service::people::{self, IdentityRow, Person};

use super::panel::panel;
use super::words::{status_pill, token_words};
use crate::download;
use crate::format::{ago_view, capped};
use crate::listing::{ListParams, Listing, Opened, Params, Peek, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Beside, BulkBar, Button, ButtonKind, Cell, Column, Empty, EmptyKind, Icon, NameCell,
    PageHeader, PeekCell, SelectCell, Slot, Tab, Table, Tabs,
};
use crate::visit::Visit;

/// Shipped views: a name and the search behind it.
const VIEWS: &[(&str, &str)] = &[
    ("All", ""),
    ("Active", "status:active"),
    ("No manager", "manager:none status:active"),
    ("Service accounts", "kind:service"),
    ("Left", "status:ended"),
];

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    match people::list(&app.service, &visit.cx(), &params.query()).await {
        Ok(found) => {
            let peek = Peek::new(routes::PEOPLE, &params, &found.page, |row| row.id);
            let read = async |id| people::read(&app.service, &visit.cx(), id).await;
            let opened = match Opened::read(&peek, read).await {
                Ok(opened) => opened,
                Err(error) => return app.refuse(&visit, error),
            };
            let all = domain::permission::visible_people(visit.cx().actor)
                == domain::permission::Visibility::All;
            let title = if all { "People" } else { "My team" };
            app.page(&visit, Page::new(title, routes::PEOPLE), || {
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
    match people::export(&app.service, &visit.cx(), &params.query()).await {
        Ok(file) => download::csv(&visit, "people", file),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(
    visit: &Visit,
    title: &'static str,
    params: &Params,
    found: people::PeoplePage,
    peek: &Peek<'_>,
    opened: &Opened<Person>,
) -> AnyView {
    let may_create = visit.rights().has_any(&[Administer, ManageIdentities]);
    let listing = Listing {
        base: routes::PEOPLE,
        params,
        label: "Search people",
        placeholder: "Name, e-mail, id or status:active",
        tokens: vec![
            token(
                "status",
                "Where they are in their life",
                &["active", "on_leave", "suspended", "ended"],
            ),
            token(
                "kind",
                "What they are",
                &["employee", "contractor", "external", "service", "agent"],
            ),
            token("department", "Exact name, or none", &["none"]),
            token("title", "Exact title", &[]),
            token("location", "Exact location", &[]),
            token("manager", "Username, id, me or none", &["me", "none"]),
            token("ends", "Last day, as in ends<2026-12-31", &["none"]),
            token("username", "Exact username", &[]),
        ],
        facets: found.facets,
        unknown: found.unknown,
        words: token_words,
    };
    let search = params.search().to_string();
    let tabs = VIEWS.iter().map(|(label, view)| Tab {
        label: (*label).to_owned(),
        href: params.with_search(routes::PEOPLE, &domain::search::Search::parse(view)),
        count: if *view == search {
            capped(found.page.total)
        } else {
            String::new()
        },
        current: *view == search,
    });
    let tabs = tabs.collect::<Vec<_>>();
    let add = may_create.then(|| view! { <Button label="Add person" href=routes::PEOPLE_NEW kind=ButtonKind::Primary icon=Icon::Plus /> });
    let actions = view! {
        <Button label="Export" href=params.at_path(routes::PEOPLE_EXPORT) icon=Icon::Download download=true />
        {add}
    };
    let empty = found.page.rows.is_empty();
    let pager = listing.pager(&found.page);
    let top = listing.top();
    let columns = vec![
        listing.sorted("Person", "name", true),
        listing.sorted("Status", "status", false),
        listing.sorted("Department", "department", false),
        Column::new("Manager"),
        listing.sorted("Kind", "kind", false),
        listing.sorted("Last day", "ends", false),
        listing.sorted("Changed", "changed", false),
        Column::new("Quick look").hidden(),
    ];
    let rows = found
        .page
        .rows
        .into_iter()
        .map(|person| row(visit, peek, person, may_create));
    let rows = rows.collect_view();
    let body = if empty {
        empty_state(&listing, may_create)
    } else {
        let bulk = may_create.then(|| {
            view! {
                <BulkBar action=routes::PEOPLE_BULK>
                    <Button label="Suspend…" form="bulk" name="act" value="suspend" icon=Icon::Pause />
                    <Button label="Resume…" form="bulk" name="act" value="resume" icon=Icon::Play />
                    <Button label="End…" form="bulk" name="act" value="end" icon=Icon::UserX kind=ButtonKind::Danger />
                </BulkBar>
                <BulkSelect />
            }
        });
        view! {
            <Table caption=title columns=columns selectable=may_create footer=pager>{rows}</Table>
            {bulk}
        }
        .into_any()
    };
    let panel = match opened {
        Opened::Row(person) => Slot::from(panel(visit, peek, person)),
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

/// A person in the list.
fn row(visit: &Visit, peek: &Peek<'_>, row: IdentityRow, may_pick: bool) -> AnyView {
    let today = visit.now.day(&visit.zone());

    let manager = row.manager.map_or_else(
        || view! { <Absent /> }.into_any(),
        |(id, name)| view! { <a href=format!("{}/{id}", routes::PEOPLE)>{name}</a> }.into_any(),
    );
    let department = if row.department.is_empty() {
        view! { <Absent /> }.into_any()
    } else {
        row.department.into_any()
    };
    let last_day = row
        .end_date
        .map_or_else(|| view! { <Absent /> }.into_any(), crate::format::day_view);
    let detail = if row.title.is_empty() {
        row.username.clone()
    } else {
        row.title
    };
    let status = status_pill(row.status, row.end_date, today);
    let changed = ago_view(row.recorded_from, visit);
    let (look, open) = (peek.to(row.id), peek.shows(row.id));
    let name = row.display_name.clone();
    view! {
            <tr id=format!("row-{}", row.id)>
                {may_pick.then(|| view! { <SelectCell value=row.id.to_string() label=row.display_name.clone() /> })}
                <NameCell column="Person" name=row.display_name href=format!("{}/{}", routes::PEOPLE, row.id) detail=detail />
                <Cell column="Status">{status}</Cell>
                <Cell column="Department">{department}</Cell>
                <Cell column="Manager">{manager}</Cell>
                <Cell column="Kind">{row.kind.label()}</Cell>
                <Cell column="Last day">{last_day}</Cell>
                <Cell column="Changed">{changed}</Cell>
                <PeekCell href=look label=name current=open />
            </tr>
        }
        .into_any()
}

fn empty_state(listing: &Listing<'_>, may_create: bool) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="Nobody matches" text="No person fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    if may_create {
        return view! {
            <Empty kind=EmptyKind::Nothing title="Nobody here yet" text="People, services and agents that can have access belong here.">
                <Button label="Add person" href=routes::PEOPLE_NEW icon=Icon::Plus />
            </Empty>
        }
        .into_any();
    }
    view! {
        <Empty kind=EmptyKind::NotForYou title="Nobody reports to you" text="You see the people whose manager you are. If somebody is missing, ask whoever manages people here to name you as their manager.">
            ""
        </Empty>
    }
    .into_any()
}
