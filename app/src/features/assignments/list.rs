//! The list of assignments: what is given to whom, and what can be done with several at once.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::assignment::Agent;
use domain::finding::{DORMANT_DAYS, Finding};
use domain::search::Search;
use domain::view::ListName;
use frontend::bulk::BulkSelect;
use leptos::prelude::*;
use maud::{PreEscaped, html};
use service::assignments::{self, AssignmentRow, AssignmentsPage, ChangeAct, ListedBy};
use service::exports::ExportList;
use service::people::MOST_MATCHING;
use service::views;

use super::acts::row_acts;
use super::columns::{BY_OTHERS, BY_SINCE, BY_UNTIL, NAMING};
use crate::access::{may_manage, person_href};
use crate::features::jobs::{self, export_button};
use crate::format::{capped, number};
use crate::listing::{Bar, ListParams, Listing, Offer, Params, Shipped, Shown, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::table::cell::{name_cell, select_cell};
use crate::ui::{
    AllMatching, BulkBar, Button, ButtonKind, Column, Empty, EmptyKind, Icon, PageHeader, Slot,
    Table,
};
use crate::visit::Visit;

/// Views that come with the list.
fn shipped(visit: &Visit) -> Vec<Shipped> {
    let today = visit.now.day(&super::words::zone(visit));
    let ending = Finding::Expiring.search(today.plus_days(-DORMANT_DAYS));
    vec![
        Shipped::new("current", "Current", ""),
        Shipped::new("scheduled", "Scheduled", "state:scheduled"),
        Shipped::new("suspended", "Suspended", "state:suspended"),
        Shipped::new("ending", "Ending soon", ending),
        Shipped::new("no-reason", "No reason", "reason:none"),
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
    let offered = offered(&params.search());
    let shown = Shown::of(offered, &params, saved.columns.as_deref());
    let bar = Bar {
        list: ListName::Assignments,
        base: routes::ASSIGNMENTS,
        params: &params,
        shipped: shipped(&visit),
        saved: &saved,
        total: found.page.total,
        idem: app.form_key(),
    };
    let page = Page::new("Assignments", routes::ASSIGNMENTS);
    app.page(&visit, page, || {
        content(&visit, &params, &shown, &bar, found)
    })
}

async fn read(
    app: &App,
    visit: &Visit,
    params: &Params,
) -> service::Result<(AssignmentsPage, views::Views)> {
    let cx = visit.cx();
    let found = assignments::list(&app.service, &cx, &params.query()).await?;
    let saved = views::of_list(&app.service, &cx, ListName::Assignments).await?;
    Ok((found, saved))
}

/// The columns, sortable as the answer to this search is.
fn offered(search: &Search) -> &'static [Offer<AssignmentRow>] {
    match ListedBy::of(search) {
        ListedBy::Since => BY_SINCE,
        ListedBy::Until => BY_UNTIL,
        _ => BY_OTHERS,
    }
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Assignments).await
}

fn content(
    visit: &Visit,
    params: &Params,
    shown: &Shown<AssignmentRow>,
    bar: &Bar<'_>,
    found: AssignmentsPage,
) -> AnyView {
    let may_change = may_manage(visit);
    let total = found.page.total;
    let listing = listing(params, &found);
    let file = shown.in_file(params, NAMING);
    let export = export_button(
        &file,
        ExportList::Assignments,
        routes::ASSIGNMENTS_EXPORT,
        total,
    );
    let (top, pager) = (listing.top(), listing.pager(&found.page));
    let mut heads = vec![Column::new("Person")];
    heads.extend(shown.heads(&listing));
    heads.push(Column::new("Actions").hidden());
    let beyond = found.page.after.is_some() || found.page.before.is_some();
    let empty = found.page.rows.is_empty();
    let rows = found.page.rows.iter();
    let rows = rows.map(|found| row(visit, shown, found, may_change));
    let rows = rows.collect_view();
    let body = if empty {
        empty_state(&listing)
    } else {
        let bulk = may_change.then(|| bulk(params, beyond.then_some(total)));
        view! {
            <Table caption="Assignments" columns=heads selectable=may_change footer=pager>{rows}</Table>
            {bulk}
        }
        .into_any()
    };
    let bar = bar.view(shown);
    view! {
        <PageHeader title="Assignments" detail="Roles and entitlements that are given to people, by rules, imports and by hand." actions=export />
        {bar}
        {top}
        {body}
    }
    .into_any()
}

fn listing<'a>(params: &'a Params, found: &AssignmentsPage) -> Listing<'a> {
    let agents: Vec<&str> = Agent::ALL.iter().map(|agent| agent.word()).collect();
    Listing {
        base: routes::ASSIGNMENTS,
        params,
        label: "Search assignments",
        placeholder: "Words of a person, or role:clerk",
        tokens: vec![
            token(
                "state",
                "Where it is in its life; without it all that have not ended",
                &["active", "scheduled", "suspended", "ended", "current"],
            ),
            token("agent", "What gave it", &agents),
            token(
                "kind",
                "Whether it gives a role or an entitlement",
                &["role", "entitlement"],
            ),
            token("until", "Last day, as in until<2026-12-31", &["none"]),
            token(
                "handover",
                "Whether a rule left it for a hand-over",
                &["yes", "no"],
            ),
            token("reason", "Those of which nobody said why", &["none"]),
            token("person", "Username, id or me", &["me"]),
            token("role", "Technical name or id", &[]),
            token("entitlement", "APPLICATION/ENTITLEMENT or id", &[]),
            token("rule", "Name or id", &[]),
        ],
        facets: Some(found.facets.clone()),
        unknown: found.unknown.clone(),
        words: token_words,
    }
}

/// What a token's key and a value of it are called.
fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "state" => "State",
        "agent" => "How",
        "kind" => "Kind",
        "until" => "Last day",
        "handover" => "Hand-over",
        "reason" => "Reason",
        "person" => "Person",
        "role" => "Role",
        "entitlement" => "Entitlement",
        "rule" => "Rule",
        other => other,
    };
    let label = match (key, value) {
        ("agent", _) => Agent::from_word(value).map(Agent::label),
        ("kind", "role") => Some("Role"),
        ("kind", "entitlement") => Some("Entitlement"),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

/// What can be done with several; `total` when more match than the page shows.
fn bulk(params: &Params, total: Option<u64>) -> AnyView {
    let all = total.map(|total| {
        if total > MOST_MATCHING {
            let text = format!("Select all: only up to {} at once", number(MOST_MATCHING));
            view! { <span class="soft">{text}</span> }.into_any()
        } else {
            view! { <AllMatching label=format!("All {} matching", capped(total)) count=number(total) /> }.into_any()
        }
    });
    let hidden = vec![("q".to_owned(), params.search().to_string())];
    let end = ChangeAct::End.word();
    let (extend, suspend) = (ChangeAct::Extend.word(), ChangeAct::Suspend.word());
    let restore = ChangeAct::Restore.word();
    view! {
        <BulkBar action=routes::ASSIGNMENTS_BULK hidden=hidden all=all.map(Slot::from).unwrap_or_default()>
            <Button label="Change the last day…" form="bulk" name="act" value=extend icon=Icon::Calendar />
            <Button label="Suspend…" form="bulk" name="act" value=suspend icon=Icon::Pause />
            <Button label="Restore…" form="bulk" name="act" value=restore icon=Icon::Play />
            <Button label="End…" form="bulk" name="act" value=end icon=Icon::Archive kind=ButtonKind::Danger />
        </BulkBar>
        <BulkSelect />
    }
    .into_any()
}

fn row(
    visit: &Visit,
    shown: &Shown<AssignmentRow>,
    row: &AssignmentRow,
    may_change: bool,
) -> AnyView {
    let id = row.assignment.id.to_string();
    let label = format!("{} for {}", row.what, row.person);
    let person = row.assignment.content.identity;
    let href = person_href(visit, person);
    let acts = row_acts(visit, row).map_or(PreEscaped(String::new()), within);
    leaf(html! {
        tr id={ "row-" (id) } {
            @if may_change { (select_cell(&id, &label)) }
            (name_cell("Person", &row.person, href, row.username.clone(), None, false))
            (shown.cells(visit, row))
            td.act { (acts) }
        }
    })
}

fn empty_state(listing: &Listing<'_>) -> AnyView {
    if !listing.unfiltered() {
        let shorter = listing.drop_last();
        return view! {
            <Empty kind=EmptyKind::NoMatch title="Nothing matches" text="No assignment fits everything in the search. Take the last part out, or start again.">
                <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    view! { <Empty kind=EmptyKind::Nothing icon=Icon::KeyRound title="Nothing is given to anybody here" text="Roles and entitlements that are given to people whom you may see belong here." /> }
        .into_any()
}
