//! How many people gained and lost what, counted.

use leptos::prelude::*;
use maud::{Markup, html};
use service::effective::{Moved, Sums};

use super::super::words::{link, linked};
use super::lines::heading;
use crate::access::level_view;
use crate::format::number;
use crate::moments::Moments;
use crate::routes::{self, below};
use crate::ui::leaf::leaf;
use crate::ui::table::cell::{name_cell, value_cell};
use crate::ui::{Absent, Card, Column, Empty, EmptyKind, Icon, Stat, Stats, Table};
use crate::visit::Visit;

/// Entitlements in the table; all are counted.
const MOST: usize = 500;

/// The three numbers.
pub(super) fn numbers(sums: &Sums) -> AnyView {
    let (people, gained, lost) = (
        number(sums.people),
        number(sums.gained()),
        number(sums.lost()),
    );
    view! {
        <Stats>
            <Stat label="People" value=people note="gained or lost something" />
            <Stat label="Gained" value=gained />
            <Stat label="Lost" value=lost />
        </Stats>
    }
    .into_any()
}

/// Too many people would have to be looked at; the sentence is the service's.
pub(super) fn refused(text: String) -> AnyView {
    view! { <Empty kind=EmptyKind::NoMatch icon=Icon::Users title="Too much happened in between" text=text /> }
        .into_any()
}

/// By application, with the way to its entitlements.
pub(super) fn by_application(visit: &Visit, moments: &Moments, sums: &Sums) -> AnyView {
    let applications = sums.applications();
    let count = number(applications.len() as u64);
    let rows = applications.into_iter().map(|moved| {
        let named = &moved[0].entitlement;
        let page = below(routes::APPLICATIONS, named.application, "changes");
        let href = linked(visit, moments.href(&page));
        let sum = |of: fn(&Moved) -> u64| moved.iter().map(of).sum();
        html! {
            tr {
                th scope="row" data-label="Application" { (link(&named.application_display, &href)) }
                (counts(sum(|moved| moved.gained), sum(|moved| moved.lost)))
            }
        }
    });
    let rows = leaf(html! { @for row in rows { (row) } });
    let columns = columns(&["Application"]);
    view! {
        <Card title="By application" count=count flush=true>
            <Table caption="How often something was gained and lost, by application" columns=columns framed=false>{rows}</Table>
        </Card>
    }
    .into_any()
}

/// By entitlement, with the way to the people; under the names of the applications when there are several.
pub(super) fn by_entitlement(
    visit: &Visit,
    moments: &Moments,
    sums: &Sums,
    grouped: bool,
) -> AnyView {
    let all = &sums.entitlements;
    let shown = &all[..all.len().min(MOST)];
    let same =
        |one: &Moved, other: &Moved| one.entitlement.application == other.entitlement.application;
    let groups = shown.chunk_by(same).map(|group| {
        let rows = group.iter().map(|moved| row(visit, moments, moved));
        html! {
            @if grouped { (heading(visit, &group[0].entitlement, 4)) }
            @for row in rows { (row) }
        }
    });
    let rows = leaf(html! { @for group in groups { (group) } });
    let more = all.len().saturating_sub(MOST);
    let note = (more > 0).then(|| {
        let text = format!("and {} more", number(more as u64));
        view! { <p class="table-note">{text}</p> }
    });
    let columns = columns(&["Entitlement", "Risk"]);
    let count = number(all.len() as u64);
    view! {
        <Card title="By entitlement" count=count flush=true>
            <Table caption="How many people gained and lost it, by entitlement" columns=columns framed=false>{rows}</Table>
            {note}
        </Card>
    }
    .into_any()
}

fn row(visit: &Visit, moments: &Moments, moved: &Moved) -> Markup {
    let named = &moved.entitlement;
    let page = below(routes::ENTITLEMENTS, named.id, "changes");
    let href = linked(visit, moments.href(&page));
    html! {
        tr {
            (name_cell("Entitlement", &named.display_name, href, named.name.clone(), Some(Icon::KeyRound), true))
            (value_cell("Risk", "", level_view(named.risk)))
            (counts(moved.gained, moved.lost))
        }
    }
}

fn columns(first: &[&str]) -> Vec<Column> {
    let named = first.iter().map(|label| Column::new(*label));
    let counts = ["Gained", "Lost"].map(|label| Column::new(label).numeric());
    named.chain(counts).collect()
}

fn counts(gained: u64, lost: u64) -> Markup {
    let value = |n: u64| match n {
        0 => view! { <Absent /> }.into_any(),
        n => number(n).into_any(),
    };
    html! {
        (value_cell("Gained", "num", value(gained)))
        (value_cell("Lost", "num", value(lost)))
    }
}
