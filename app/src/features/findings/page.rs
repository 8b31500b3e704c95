//! The page of findings, and the table of them that the overview shares.

use axum::extract::State;
use axum::response::Response;
use domain::finding::Finding;
use leptos::prelude::*;
use service::findings::{self, Findings};

use super::outliers;
use super::words::{ORDER, href, icon, meaning, tone};
use crate::format::{capped, exact};
use crate::page::Page;
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Cell, Column, Empty, EmptyKind, Icon, NameCell, PageHeader, Pill, Table, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match findings::read(&app.service, &visit.cx()).await {
        Ok(found) => app.page(&visit, Page::new("Findings", routes::FINDINGS), || {
            // Within the page: its icon is drawn from the page's sprite.
            let look = outliers::form(found.looked, app.form_key());
            content(&visit, &found, look)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, found: &Findings, look: Option<AnyView>) -> AnyView {
    let clean = found.counts.iter().all(|(_, count)| *count == 0);
    let clean = clean.then(|| {
        view! { <Banner tone=Tone::Good title="Nothing to look at">"None of these is found in the present data."</Banner> }
    });
    let columns = vec![
        Column::new("Finding"),
        Column::new("Found").numeric(),
        Column::new("What it means, and what to do"),
    ];
    let rows = ORDER
        .iter()
        .map(|finding| {
            let count = count_cell(*finding, count(found, *finding));
            view! {
                <tr>
                    <NameCell column="Finding" name=finding.label() icon=icon(*finding) href=href(*finding, found.dormant_before) />
                    <Cell column="Found" numeric=true>{count}</Cell>
                    <Cell column="What it means" wrap=true>{meaning(*finding)}</Cell>
                </tr>
            }
        })
        .collect_view();
    let zone = visit.zone();
    let looked = found.looked.found.map_or_else(
        || "Access few peers have was not looked for yet.".to_owned(),
        |at| format!("Access few peers have: as found {}.", exact(at, &zone)),
    );
    let as_of = format!(
        "What somebody should look at in the present data, as of {}. {looked}",
        exact(visit.now, &zone)
    );
    view! {
        <PageHeader title="Findings" detail=as_of actions=look />
        {clean}
        <Table caption="Findings" columns=columns>{rows}</Table>
    }
    .into_any()
}

/// Those that were found, without words: what the overview shows.
pub(in crate::features) fn short_table(found: &Findings) -> AnyView {
    let present: Vec<Finding> = ORDER
        .iter()
        .copied()
        .filter(|finding| count(found, *finding) > 0)
        .collect();
    if present.is_empty() {
        return view! {
            <Empty kind=EmptyKind::Nothing icon=Icon::CircleCheck title="Nothing found" text="No one without manager, no account without person, no access of people who left." />
        }
        .into_any();
    }
    let rows = present
        .into_iter()
        .map(|finding| {
            let count = count_cell(finding, count(found, finding));
            view! {
                <tr>
                    <NameCell column="Finding" name=finding.label() icon=icon(finding) href=href(finding, found.dormant_before) />
                    <Cell column="Found" numeric=true>{count}</Cell>
                </tr>
            }
        })
        .collect_view();
    let columns = vec![Column::new("Finding"), Column::new("Found").numeric()];
    view! { <Table caption="Findings" columns=columns framed=false>{rows}</Table> }.into_any()
}

fn count(found: &Findings, finding: Finding) -> u64 {
    let count = found.counts.iter().find(|(known, _)| *known == finding);
    count.map_or(0, |(_, count)| *count)
}

/// A count; coloured where leaving it is dangerous.
fn count_cell(finding: Finding, count: u64) -> AnyView {
    match tone(finding) {
        _ if count == 0 => view! { <span class="soft">"0"</span> }.into_any(),
        Tone::Plain => capped(count).into_any(),
        tone => view! { <Pill text=capped(count) tone=tone /> }.into_any(),
    }
}
