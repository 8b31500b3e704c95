//! How much there is, what is wrong with it, and what came in last.

use axum::extract::State;
use axum::response::Response;
use leptos::prelude::*;
use service::overview::{self, Overview};

use crate::features::findings::short_table;
use crate::features::imports::runs::{Of, table};
use crate::format::{capped, number};
use crate::page::Page;
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Empty, EmptyKind, Icon, PageHeader, Stack, Stat, Stats, Tone,
};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    match overview::read(&app.service, &visit.cx()).await {
        Ok(found) => app.page(&visit, Page::new("Overview", routes::OVERVIEW), || {
            content(&visit, found)
        }),
        Err(error) => app.refuse(&visit, error),
    }
}

fn content(visit: &Visit, found: Overview) -> AnyView {
    let name = visit
        .organisation
        .as_ref()
        .map(|found| found.name.clone())
        .unwrap_or_default();
    let counts = found.counts;
    let stat = |label: &'static str, count: u64, href: &'static str| {
        view! { <Stat label=label value=capped(count) href=href /> }
    };
    let stats = view! {
        <Stats>
            {stat("People", counts.people, routes::PEOPLE)}
            {stat("Applications", counts.applications, routes::APPLICATIONS)}
            {stat("Entitlements", counts.entitlements, routes::ENTITLEMENTS)}
            {stat("Accounts", counts.accounts, routes::ACCOUNTS)}
            {stat("Access seen", counts.grants, "")}
        </Stats>
    };
    let waiting = (found.waiting > 0).then(|| {
        let text = format!(
            "{} of the people that sources name could be several people here. Decide who is meant, so that their access is not left out.",
            number(found.waiting)
        );
        view! { <Banner tone=Tone::Warn title="Somebody has to decide who is meant">{text} " " <a href=routes::SOURCES>"Open the sources"</a></Banner> }
    });
    let short = short_table(&found.findings);
    let all =
        view! { <Button label="What they mean" href=routes::FINDINGS icon=Icon::ShieldAlert /> };
    let runs = runs(visit, found);
    let changes =
        view! { <Button label="Access changes" href=routes::CHANGES icon=Icon::History /> };
    view! {
        <PageHeader title="Overview" detail=name actions=changes />
        {stats}
        {waiting}
        <Stack>
            {runs}
            <Card title="Findings" actions=all flush=true>{short}</Card>
        </Stack>
    }
    .into_any()
}

/// The last runs; before the first one, the way to it.
fn runs(visit: &Visit, found: Overview) -> Option<AnyView> {
    if !found.may_see_sources {
        return None;
    }
    if found.runs.is_empty() {
        let mut sources = found.sources.keys().collect::<Vec<_>>();
        sources.sort();
        let next = found.may_import.then(|| match sources.first() {
            Some(source) => view! { <Button label="Import files" href=below(routes::SOURCES, source, "import") kind=ButtonKind::Primary icon=Icon::Upload /> },
            None => view! { <Button label="Add a source" href=routes::SOURCES_NEW kind=ButtonKind::Primary icon=Icon::Plus /> },
        });
        return Some(view! {
            <Card title="Imports">
                <Empty kind=EmptyKind::Nothing icon=Icon::Upload title="Nothing was imported yet" text="Bring in files of people, applications, accounts and access, and see minutes later who has what and what is wrong with it.">
                    {next}
                </Empty>
            </Card>
        }
        .into_any());
    }
    let actions = view! { <Button label="Sources" href=routes::SOURCES icon=Icon::Database /> };
    let runs = table(visit, Of::Sources(&found.sources), &found.runs);
    Some(view! { <Card title="Last imports" actions=actions flush=true>{runs}</Card> }.into_any())
}
