//! A search: how far it is, then what it proposes, what that covers and what it leaves out.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::discovered::{DiscoveryState, Scope};
use domain::id::DiscoveryId;
use leptos::prelude::*;
use serde::Deserialize;
use service::jobs::JobView;
use service::roles::{self, Discovery, Narrowed, PROPOSAL_PAGE, Proposal, Totals};

use super::rows::{Paged, table};
use super::{PLACE, path, people, several_of, share, state_pill, title};
use crate::features::jobs;
use crate::format::{exact, number};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Empty, EmptyKind, Icon, IconTile, PageHeader, Stack, Tone,
    ViewBar, ViewTab,
};
use crate::visit::Visit;

/// Seconds between two looks of a page without scripts.
const REFRESH: u32 = 5;

/// Which roles are listed, and from where on.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    show: String,
    after: i64,
}

impl Place {
    fn narrowed(&self) -> Narrowed {
        match self.show.as_str() {
            "open" => Narrowed::Open,
            "shared" => Narrowed::Shared,
            _ => Narrowed::All,
        }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(place): Query<Place>,
) -> Response {
    let Ok(id) = id.parse::<DiscoveryId>() else {
        return app.nothing_here(&visit);
    };
    let (narrowed, after) = (place.narrowed(), place.after.max(0));
    let cx = visit.cx();
    let shown = match roles::proposal(&app.service, &cx, id, narrowed, after).await {
        Ok(shown) => shown,
        Err(error) => return app.refuse(&visit, error),
    };
    let goes_on = shown.discovery.state == DiscoveryState::Searching;
    let page = Page::new(title(&shown.discovery), routes::ROLES)
        .under(&[("Roles", routes::ROLES), (PLACE, routes::ROLES_DISCOVER)])
        .refresh(goes_on.then_some(REFRESH));
    app.page(&visit, page, || {
        let header = header(&visit, &shown.discovery);
        let body = if shown.discovery.state == DiscoveryState::Found {
            found(&place, &shown)
        } else {
            under_way(&shown.discovery, shown.job.as_ref())
        };
        view! { {header} <Stack>{body}</Stack> }.into_any()
    })
}

fn header(visit: &Visit, discovery: &Discovery) -> AnyView {
    let by = discovery.created_by.as_ref();
    let by = by.map_or("Bailiwick itself", |(_, name)| name.as_str());
    let zone = visit.zone();
    let detail = match discovery.found {
        Some(found) => format!(
            "As of {}, asked for by {by}. What people have now may differ.",
            exact(found, &zone)
        ),
        None => format!("Asked for by {by}, {}", exact(discovery.created, &zone)),
    };
    let status = state_pill(discovery.state);
    let job = routes::job(discovery.job);
    let actions = view! {
        <Button label="Its job" href=job icon=Icon::Clock />
        <Button label="Look again" href=routes::ROLES_DISCOVER icon=Icon::Search />
    };
    view! {
        <PageHeader title=title(discovery) detail=detail lead=view! { <IconTile icon=Icon::Layers large=true /> } status=status actions=actions />
    }
    .into_any()
}

/// How far it is, or why there is nothing.
fn under_way(discovery: &Discovery, job: Option<&JobView>) -> AnyView {
    let bar = job.map(|job| {
        let bar = jobs::progress(job);
        view! { <Card title="Progress">{bar}</Card> }
    });
    let again = "Nothing was changed. Look again when you want to.";
    let said = match discovery.state {
        DiscoveryState::Failed => {
            let why = job.and_then(|job| job.job.failure.clone());
            let why = why.unwrap_or_else(|| "It came to no end.".to_owned());
            view! { <Banner tone=Tone::Bad title="This search broke off"><p>{why}</p><p>{again}</p></Banner> }.into_any()
        }
        DiscoveryState::Cancelled => {
            view! { <Banner title="This search was cancelled">{again}</Banner> }.into_any()
        }
        DiscoveryState::Searching | DiscoveryState::Found => {
            view! { <Banner title="Roles are being looked for">"You can leave this page. What is found is shown here."</Banner> }.into_any()
        }
    };
    view! { {said} {bar} }.into_any()
}

fn found(place: &Place, shown: &Proposal) -> AnyView {
    let totals = shown.discovery.totals;
    if totals.roles == 0 {
        return view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::Layers title="Nobody has anything here" text="There is no access here of which roles could be made. Bring access in from a source, or look elsewhere.">
                <Button label="Look elsewhere" href=routes::ROLES_DISCOVER />
            </Empty>
        }
        .into_any();
    }
    let sentence = sentence(&totals);
    let largest = shown.largest.map(|largest| {
        format!(
            "The {} largest give {} of the grants.",
            largest.roles,
            share(largest.covered, totals.grants)
        )
    });
    let left = left_out(shown);
    let list = listed(place, shown);
    view! {
        <p class="plan-sentence">{sentence} {largest.map(|text| format!(" {text}"))}</p>
        {left}
        {list}
    }
    .into_any()
}

/// `178 roles give exactly the 105 205 grants of 3 477 people; fewer than 178 are impossible.`
fn sentence(totals: &Totals) -> String {
    let holders = totals.people.saturating_sub(totals.idle);
    let gives = if totals.roles == 1 { "gives" } else { "give" };
    let can_be = if totals.bound > 1 {
        format!("; fewer than {} are impossible", number(totals.bound))
    } else {
        String::new()
    };
    format!(
        "{} {gives} exactly the {} of {}{can_be}.",
        several_of(totals.roles, "role"),
        several_of(totals.grants, "grant"),
        people(holders)
    )
}

/// What such roles are no help for.
fn left_out(shown: &Proposal) -> Option<AnyView> {
    let (totals, sums) = (shown.discovery.totals, shown.sums);
    let mut lines = Vec::new();
    if sums.alone > 0 {
        let (have, give) = if sums.alone == 1 {
            ("has", "gives")
        } else {
            ("have", "give")
        };
        lines.push(format!(
            "{} {have} one member only and {give} {}. What one person alone has is better given by itself, or looked at.",
            several_of(sums.alone, "role"),
            several_of(sums.alone_grants, "grant")
        ));
    }
    if sums.single > 0 {
        let hold = if sums.single == 1 { "holds" } else { "hold" };
        lines.push(format!(
            "{} {hold} a single entitlement.",
            several_of(sums.single, "role")
        ));
    }
    if totals.idle > 0 {
        let (have, place) = match shown.discovery.scope {
            Scope::Application(_) => ("nothing in this application", ""),
            Scope::Everybody | Scope::Department(_) => ("nothing", " that roles could give"),
        };
        let verb = if totals.idle == 1 { "has" } else { "have" };
        lines.push(format!("{} {verb} {have}{place}.", people(totals.idle)));
    }
    if totals.left_out > 0 {
        let verb = if totals.left_out == 1 { "is" } else { "are" };
        lines.push(format!(
            "{} of this console's own rights {verb} left out: they are given to people one by one.",
            several_of(totals.left_out, "grant")
        ));
    }
    if lines.is_empty() {
        return None;
    }
    let lines = lines.into_iter().map(|line| view! { <li>{line}</li> });
    let lines = lines.collect_view();
    Some(
        view! { <Card title="What roles are no help for"><ul class="prose">{lines}</ul></Card> }
            .into_any(),
    )
}

fn listed(place: &Place, shown: &Proposal) -> AnyView {
    let discovery = &shown.discovery;
    let base = path(discovery.id);
    let narrowed = place.narrowed();
    let totals = discovery.totals;
    let shared = totals.roles.saturating_sub(shown.sums.alone);
    let open = totals.roles.saturating_sub(shown.sums.made);
    let tabs = [
        ("All", "", Narrowed::All, totals.roles),
        ("Not made yet", "open", Narrowed::Open, open),
        ("Several people", "shared", Narrowed::Shared, shared),
    ];
    let tabs = tabs.map(|(label, word, which, count)| ViewTab {
        label: label.to_owned(),
        href: routes::with_query(&base, &[("show", word)]),
        count: number(count),
        current: which == narrowed,
        ..ViewTab::default()
    });
    let count = match narrowed {
        Narrowed::All => totals.roles,
        Narrowed::Open => open,
        Narrowed::Shared => shared,
    };
    let body = if shown.rows.is_empty() {
        view! {
            <Empty kind=EmptyKind::NoMatch title="No role here" text="None of the roles that were found is like this.">
                <Button label="All roles" href=base kind=ButtonKind::Default />
            </Empty>
        }
        .into_any()
    } else {
        let word = place.show.as_str();
        let after = |after: i64| {
            let after = after.to_string();
            let after = if after == "0" { "" } else { after.as_str() };
            routes::with_query(&base, &[("show", word), ("after", after)])
        };
        // Numbers have no gap where all are listed, so there is a way back as well.
        let step = i64::try_from(PROPOSAL_PAGE).unwrap_or(0);
        let back = (narrowed == Narrowed::All && place.after > 0)
            .then(|| after(place.after.saturating_sub(step).max(0)));
        let first = (place.after > 0).then(|| after(0));
        let next = shown.next.map(after);
        let pager = Paged {
            range: range(narrowed, place.after, shown.rows.len(), count),
            previous: back.unwrap_or_default(),
            next: next.unwrap_or_default(),
            first: first.unwrap_or_default(),
        };
        table(shown, pager)
    };
    view! { <ViewBar items=tabs.into() /> {body} }.into_any()
}

/// `51–100 of 178`; where only some are listed, how many of them these are.
fn range(narrowed: Narrowed, after: i64, rows: usize, count: u64) -> String {
    let (rows, count) = (rows as u64, number(count));
    if narrowed == Narrowed::All {
        let before = after.unsigned_abs();
        return format!(
            "{}–{} of {count}",
            number(before.saturating_add(1)),
            number(before.saturating_add(rows))
        );
    }
    format!("{} of {count}", number(rows))
}

#[cfg(test)]
mod tests {
    use super::{Narrowed, Totals, range, sentence};

    #[test]
    fn a_page_says_which_rows_it_has() {
        assert_eq!(range(Narrowed::All, 50, 50, 178), "51–100 of 178");
        assert_eq!(range(Narrowed::Open, 60, 3, 9), "3 of 9");
    }

    #[test]
    fn the_sentence_says_how_few_are_possible() {
        let totals = Totals {
            people: 4,
            idle: 1,
            grants: 9,
            left_out: 0,
            bound: 2,
            roles: 2,
        };
        assert_eq!(
            sentence(&totals),
            "2 roles give exactly the 9 grants of 3 people; fewer than 2 are impossible."
        );
        let one = Totals {
            roles: 1,
            bound: 1,
            people: 1,
            idle: 0,
            grants: 1,
            left_out: 0,
        };
        assert_eq!(
            sentence(&one),
            "1 role gives exactly the 1 grant of 1 person."
        );
    }
}
