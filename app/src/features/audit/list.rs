//! The list of entries: what was done, by whom, on what, and how it ended. The newest first.

use axum::extract::{Query, State};
use axum::response::Response;
use domain::id::ObjectKind;
use domain::search::Search;
use leptos::prelude::*;
use service::audit::{self, AuditPage, EntryView};
use service::exports::ExportList;

use super::words::{only, range, token_words};
use crate::features::jobs::{self, export_button};
use crate::format::{capped, number, short, time_view};
use crate::history;
use crate::listing::{ListParams, Listing, Params, token};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Absent, Banner, Button, Cell, Column, Empty, EmptyKind, Icon, PageHeader, Pill, Tab, Table,
    Tabs, Tone,
};
use crate::visit::Visit;

/// Characters of a request's id that are shown; enough to tell neighbours apart.
const REQUEST: usize = 8;

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Query(params): ListParams,
) -> Response {
    match audit::list(&app.service, &visit.cx(), &params.query(), &visit.zone()).await {
        Ok(found) => app.page(&visit, Page::new("Audit log", routes::AUDIT), || {
            content(&visit, &params, found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn export(
    State(app): State<App>,
    visit: Visit,
    Query(params): Query<Params>,
) -> Response {
    jobs::export(&app, &visit, &params, ExportList::Audit).await
}

fn content(visit: &Visit, params: &Params, found: AuditPage) -> AnyView {
    let listing = Listing {
        base: routes::AUDIT,
        params,
        label: "Search the audit log",
        placeholder: "Name, id, request or action:identity",
        tokens: vec![
            token(
                "actor",
                "Who: username or id",
                &["system", "command_line", "anonymous"],
            ),
            token(
                "action",
                "What was done",
                &[
                    "identity",
                    "application",
                    "entitlement",
                    "assignment",
                    "session",
                    "password",
                    "act.denied",
                    "list.exported",
                    "object.viewed",
                ],
            ),
            token("target", "On what: username, application or id", &[]),
            token("outcome", "How it ended", &["done", "denied"]),
            token("request", "Everything of one request", &[]),
            token("from", "First day or moment, as in from:2026-11-01", &[]),
            token("to", "Last day or moment", &[]),
            token("seq", "Number of the entry, as in seq>=100", &[]),
        ],
        facets: Some(found.facets),
        // What is not understood here is a whole token, so it is said in this page's own words.
        unknown: Vec::new(),
        words: token_words,
    };
    let search = params.search();
    let detail = covered(visit, &search, found.page.total, found.checkpoint);
    let actions = export_button(
        params,
        ExportList::Audit,
        routes::AUDIT_EXPORT,
        found.page.total,
    );
    let tabs = tabs(visit, params, &search, found.page.total);
    let top = listing.top();
    let unknown = unknown(&found.unknown_tokens);
    let body = if found.page.rows.is_empty() {
        empty(&listing)
    } else {
        let pager = listing.pager(&found.page);
        let columns = vec![
            listing.newest("When", "time"),
            Column::new("Who"),
            Column::new("What"),
            Column::new("On"),
            Column::new("Outcome"),
            Column::new("Request"),
        ];
        let rows = found
            .page
            .rows
            .into_iter()
            .map(|entry| row(visit, entry))
            .collect_view();
        view! { <Table caption="Audit log" columns=columns footer=pager>{rows}</Table> }.into_any()
    };
    view! {
        <PageHeader title="Audit log" detail=detail actions=actions />
        <Tabs label="Views" items=tabs />
        {top}
        {unknown}
        {body}
    }
    .into_any()
}

/// `3 214 entries · since 1 Nov 2026 · Europe/Lisbon · signed up to entry 3 200 at 14:03`.
fn covered(
    visit: &Visit,
    search: &Search,
    total: u64,
    checkpoint: Option<audit::CheckpointView>,
) -> String {
    let zone = visit.zone();
    let entries = if total == 1 {
        "1 entry".to_owned()
    } else {
        format!("{} entries", capped(total))
    };
    let signed = checkpoint.map_or_else(
        || "not signed yet".to_owned(),
        |latest| {
            let at = short(latest.created, visit.now, &zone);
            format!(
                "signed up to entry {} at {at}",
                number(u64::try_from(latest.size).unwrap_or(0))
            )
        },
    );
    [
        entries,
        range(search, &zone),
        zone.iana_name().unwrap_or("UTC").to_owned(),
        signed,
    ]
    .join(" · ")
}

fn tabs(visit: &Visit, params: &Params, search: &Search, total: u64) -> Vec<Tab> {
    let today = visit.now.day(&visit.zone());
    let views = [
        ("All", String::new()),
        ("Today", format!("from:{today}")),
        ("Last 7 days", format!("from:{}", today.plus_days(-6))),
        ("Denied", "outcome:denied".to_owned()),
        ("Sign-ins", "action:session".to_owned()),
        ("Changes to people", "action:identity".to_owned()),
    ];
    let now = search.to_string();
    let tab = |(label, view): (&str, String)| Tab {
        label: label.to_owned(),
        href: params.with_search(routes::AUDIT, &Search::parse(&view)),
        count: if view == now {
            capped(total)
        } else {
            String::new()
        },
        current: view == now,
    };
    views.into_iter().map(tab).collect()
}

fn unknown(tokens: &[String]) -> Option<AnyView> {
    let (text, title) = match tokens {
        [] => return None,
        [one] => (
            format!("{one} finds nothing here."),
            "Part of the search is not understood",
        ),
        several => (
            format!("{} find nothing here.", several.join(" and ")),
            "Parts of the search are not understood",
        ),
    };
    let text = format!(
        "{text} Days are written like 2026-11-01, and the log knows actor: action: target: outcome: request: from: to: time: seq:."
    );
    Some(view! { <Banner tone=Tone::Warn title=title>{text}</Banner> }.into_any())
}

fn row(visit: &Visit, entry: EntryView) -> AnyView {
    let href = format!("{}/{}", routes::AUDIT, entry.entry.seq);
    let when = time_view(entry.entry.recorded, visit);
    let what = history::verb(&entry);
    let on = targets(&entry);
    let who = actor(&entry);
    let outcome = if entry.entry.outcome == "denied" {
        view! { <Pill text="Denied" tone=Tone::Bad /> }.into_any()
    } else {
        "Done".into_any()
    };
    let request = entry.entry.request.map_or_else(
        || view! { <Absent /> }.into_any(),
        |request| {
            let shown: String = request.chars().take(REQUEST).collect();
            let title = format!("Only this request: {request}");
            view! { <a href=only("request", &request) title=title.clone()><code>{shown}</code></a> }
                .into_any()
        },
    );
    view! {
        <tr class="entry">
            <th scope="row" class="name entry-when" data-label="When">
                <a class="person-name" href=href>{when}</a>
            </th>
            <Cell column="Who">{who}</Cell>
            <Cell column="What">{what}</Cell>
            <Cell column="On">{on}</Cell>
            <Cell column="Outcome">{outcome}</Cell>
            <Cell column="Request">{request}</Cell>
        </tr>
    }
    .into_any()
}

/// The actor, linked when a person.
pub(super) fn actor(entry: &EntryView) -> AnyView {
    let name = entry.actor_name.clone();
    match entry.actor() {
        Some(id) => view! { <a href=format!("{}/{id}", routes::PEOPLE) title=name.clone()>{name.clone()}</a> }.into_any(),
        None => name.into_any(),
    }
}

/// What an entry touched, linked where it has a page; nothing where that goes without saying.
fn targets(entry: &EntryView) -> AnyView {
    // An assignment has no name: whom it gives what stands beside it.
    let named = entry
        .targets
        .iter()
        .filter(|target| target.object.kind != ObjectKind::Assignment);
    let links: Vec<AnyView> = named
        .map(|target| {
            let name = target.name.clone();
            match routes::object(target.object) {
                Some(href) => {
                    view! { <a href=href title=name.clone()>{name.clone()}</a> }.into_any()
                }
                None => name.into_any(),
            }
        })
        .collect();
    if links.is_empty() || history::only_oneself(entry) {
        return view! { <Absent /> }.into_any();
    }
    let comma = |at: usize| (at > 0).then_some(", ");
    links
        .into_iter()
        .enumerate()
        .map(|(at, link)| view! { {comma(at)} {link} })
        .collect_view()
        .into_any()
}

fn empty(listing: &Listing<'_>) -> AnyView {
    if listing.unfiltered() {
        return view! {
            <Empty kind=EmptyKind::Nothing title="Nothing was recorded yet" text="Every act in this console is recorded here, with who, when, from where and why.">
                ""
            </Empty>
        }
        .into_any();
    }
    let shorter = listing.drop_last();
    view! {
        <Empty kind=EmptyKind::NoMatch title="No entry matches" text="Nothing that fits everything in the search was recorded. Take the last part out, or start again.">
            <Button label="Drop the last part" href=shorter icon=Icon::Undo2 />
            <Button label="Show all entries" href=routes::AUDIT />
        </Empty>
    }
    .into_any()
}
