//! The list of people.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::permission::ConsoleRight::{Administer, ManageAccessModel, ManageIdentities};
use domain::permission::{Visibility, visible_people};
use domain::view::ListName;
use frontend::bulk::BulkSelect;
use frontend::quick_look::QuickLook;
use leptos::prelude::*;
use maud::html;
use service::audit::WithLatest;
use service::exports::ExportList;
use service::people::{self, IdentityRow, PeoplePage, Person};
use service::views;

use super::columns::{COLUMNS, NAMING};
use super::panel::panel;
use super::words::token_words;
use crate::features::jobs::{self, export_button};
use crate::format::{capped, number};
use crate::listing::{
    Around, Bar, ListParams, Listing, Opened, Params, Peek, Shipped, Shown, token,
};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, peek_cell, select_cell};
use crate::ui::{
    AllMatching, Beside, BulkBar, Button, ButtonKind, Column, Empty, EmptyKind, Icon, PageHeader,
    Slot, Table,
};
use crate::visit::Visit;

/// Days ahead in which somebody ends soon.
const SOON: i32 = 31;

/// Views that come with the list.
fn shipped(visit: &Visit) -> Vec<Shipped> {
    let soon = visit.now.day(&visit.zone()).plus_days(SOON);
    vec![
        Shipped::new("everyone", "Everyone", ""),
        Shipped::new("active", "Active", "status:active"),
        Shipped::new("no-manager", "No manager", "manager:none status:active"),
        Shipped::new(
            "ending",
            "Ending soon",
            format!("ends<{soon} status:active"),
        )
        .sorted("ends"),
        Shipped::new("services", "Service accounts", "kind:service"),
        Shipped::new("leavers", "Leavers", "status:ended"),
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
    let peek = Peek::new(routes::PEOPLE, &params, &found.page, |row| row.id);
    let person = async |id| people::overview(&app.service, &visit.cx(), id).await;
    let opened = match Opened::read(&peek, person).await {
        Ok(opened) => opened,
        Err(error) => return app.refuse(&visit, error),
    };
    let all = visible_people(visit.cx().actor) == Visibility::All;
    let around = Around {
        visit: &visit,
        title: if all { "People" } else { "My team" },
        params: &params,
        shown: Shown::of(COLUMNS, &params, saved.columns.as_deref()),
        bar: Bar {
            list: ListName::People,
            base: routes::PEOPLE,
            params: &params,
            shipped: shipped(&visit),
            saved: &saved,
            total: found.page.total,
            idem: app.form_key(),
        },
        peek,
        opened,
    };
    app.page(&visit, Page::new(around.title, routes::PEOPLE), || {
        content(&around, found)
    })
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(PeoplePage, views::Views)> {
    let found = people::list(&app.service, &visit.cx(), &params.query()).await?;
    let saved = views::of_list(&app.service, &visit.cx(), ListName::People).await?;
    Ok((found, saved))
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::People).await
}

fn content(around: &Around<'_, IdentityRow, WithLatest<Person>>, found: PeoplePage) -> AnyView {
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
    let may_create = visit.rights().has_any(&[Administer, ManageIdentities]);
    let may_give = visit.rights().has_any(&[Administer, ManageAccessModel]);
    let may_pick = may_create || may_give;
    let total = found.page.total;
    let listing = Listing {
        base: routes::PEOPLE,
        params,
        label: "Search people",
        placeholder: "Name, e-mail, id or status:active",
        tokens: vec![
            token(
                "status",
                "Where they are in their life; current is all but ended",
                &["active", "on_leave", "suspended", "ended", "current"],
            ),
            token(
                "kind",
                "What they are",
                &["employee", "contractor", "external", "service", "agent"],
            ),
            token("department", "Exact name, or none", &["none"]),
            token("title", "Exact title", &[]),
            token("location", "Exact location", &[]),
            token(
                "manager",
                "Username, id, me, none or ended",
                &["me", "none", "ended"],
            ),
            token("ends", "Last day, as in ends<2026-12-31", &["none"]),
            token(
                "access",
                "Whether an application says they have access",
                &["live", "none"],
            ),
            token("username", "Exact username", &[]),
        ],
        facets: Some(found.facets),
        unknown: found.unknown,
        words: token_words,
    };
    let add = may_create.then(|| view! { <Button label="Add person" href=routes::PEOPLE_NEW kind=ButtonKind::Primary icon=Icon::Plus /> });
    let file = shown.in_file(params, NAMING);
    let export = export_button(&file, ExportList::People, routes::PEOPLE_EXPORT, total);
    let actions = view! { {export} {add} };
    let pager = listing.pager(&found.page);
    let top = listing.top();
    let mut heads = vec![listing.sorted("Person", "name", true)];
    heads.extend(shown.heads(&listing));
    heads.push(Column::new("Quick look").hidden());
    let beyond = found.page.after.is_some() || found.page.before.is_some();
    let empty = found.page.rows.is_empty();
    let rows = found.page.rows.iter();
    let rows = rows.map(|person| row(visit, peek, shown, person, may_pick));
    let rows = rows.collect_view();
    let body = if empty {
        empty_state(&listing, may_create)
    } else {
        let bulk = may_pick.then(|| bulk(params, beyond.then_some(total), (may_create, may_give)));
        view! {
            <Table caption=title columns=heads selectable=may_pick footer=pager>{rows}</Table>
            {bulk}
        }
        .into_any()
    };
    let panel = match opened {
        Opened::Row(person) => Slot::from(panel(visit, peek, person)),
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

/// What can be done with several people; `total` when more match than the page shows.
fn bulk(params: &Params, total: Option<u64>, (may_move, may_give): (bool, bool)) -> AnyView {
    let all = total.map(|total| {
        let most = people::MOST_MATCHING;
        if total > most {
            let text = format!("Select all: only up to {} at once", number(most));
            view! { <span class="soft">{text}</span> }.into_any()
        } else {
            view! { <AllMatching label=format!("All {} matching", capped(total)) count=number(total) /> }.into_any()
        }
    });
    let hidden = vec![("q".to_owned(), params.search().to_string())];
    let give = may_give.then(|| {
        view! { <Button label="Give access…" form="bulk" action=routes::PEOPLE_GIVE icon=Icon::KeyRound /> }
    });
    let moves = may_move.then(|| {
        view! {
            <Button label="Suspend…" form="bulk" name="act" value="suspend" icon=Icon::Pause />
            <Button label="Resume…" form="bulk" name="act" value="resume" icon=Icon::Play />
            <Button label="End…" form="bulk" name="act" value="end" icon=Icon::UserX kind=ButtonKind::Danger />
        }
    });
    view! {
        <BulkBar action=routes::PEOPLE_BULK hidden=hidden all=all.map(Slot::from).unwrap_or_default()>
            {give}
            {moves}
        </BulkBar>
        <BulkSelect />
    }
    .into_any()
}

/// A person in the list.
fn row(
    visit: &Visit,
    peek: &Peek<'_>,
    shown: &Shown<IdentityRow>,
    row: &IdentityRow,
    may_pick: bool,
) -> AnyView {
    let (id, name) = (row.id.to_string(), &row.display_name);
    let detail = if row.title.is_empty() {
        row.username.clone()
    } else {
        row.title.clone()
    };
    let href = format!("{}/{id}", routes::PEOPLE);
    leaf(html! {
        tr id={ "row-" (id) } {
            @if may_pick { (select_cell(&id, name)) }
            (name_cell("Person", name, href, detail, None, false))
            (shown.cells(visit, row))
            (peek_cell(&peek.to(&id), name, peek.shows(&id)))
        }
    })
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
