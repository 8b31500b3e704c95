//! What an auditor from outside sees with a link: no navigation, nothing to change, nothing else of the console.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::review::{CampaignState, Choice, RemedyState};
use http::{HeaderName, HeaderValue, StatusCode, header};
use leptos::prelude::*;
use service::Error;
use service::reviews::inspect::{self, InNumbers, Opened, Outside};
use service::reviews::sentences;

use super::{Viewpoint, life, sample as samples};
use crate::format::{exact, number, time_view};
use crate::state::App;
use crate::ui::{
    Card, Cell, Column, ErrorBody, Fact, Facts, PageHeader, Pill, Stack, Stat, Stats, Table, Tone,
};
use crate::visit::Visit;

pub(super) async fn summary(
    State(app): State<App>,
    visit: Visit,
    Path(token): Path<String>,
) -> Response {
    open(&app, &visit, token, Outside::Summary).await
}

pub(super) async fn sample(
    State(app): State<App>,
    visit: Visit,
    Path((token, seed, size)): Path<(String, String, String)>,
) -> Response {
    // What is no number was never drawn.
    let which = |text: &str| text.parse().unwrap_or(0);
    let what = Outside::Sample(which(&seed), which(&size));
    open(&app, &visit, token, what).await
}

pub(super) async fn item(
    State(app): State<App>,
    visit: Visit,
    Path((token, item)): Path<(String, String)>,
) -> Response {
    let what = Outside::Item(item.parse().unwrap_or(0));
    open(&app, &visit, token, what).await
}

async fn open(app: &App, visit: &Visit, token: String, what: Outside) -> Response {
    // Who opens it is known by the link alone, also when somebody happens to be signed in.
    let mut cx = visit.cx();
    cx.actor = domain::permission::Actor::Anonymous;
    let mut response = match inspect::open(&app.service, &cx, &token, what).await {
        Ok((link, opened)) => {
            let name = match &opened {
                Opened::Summary(one) => one.campaign.content.name.clone(),
                Opened::Sample(one) => format!("Sample · {}", one.campaign.content.name),
                Opened::Item(one) => {
                    format!("Item {} · {}", one.facts.number, one.campaign.content.name)
                }
            };
            let until = exact(link.expires, &visit.zone());
            let foot = format!(
                "For {}, {}. This link works until {until}. Every view is recorded.",
                link.auditor, link.purpose
            );
            let seat = Viewpoint::Outside(token.clone());
            app.bare(visit, &name, StatusCode::OK, || {
                let home =
                    (!matches!(opened, Opened::Summary(_))).then(|| format!("/auditor/{token}"));
                frame(visit, shown(visit, &opened, &seat), home, foot)
            })
        }
        Err(Error::NotFound) => nothing(app, visit),
        Err(error) => app.refuse(visit, error),
    };
    let headers = response.headers_mut();
    for (name, value) in [
        (header::REFERRER_POLICY, "no-referrer"),
        (HeaderName::from_static("x-robots-tag"), "noindex, nofollow"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The one answer to links that are unknown, over or called back.
fn nothing(app: &App, visit: &Visit) -> Response {
    let title = "This link opens nothing";
    app.bare(visit, title, StatusCode::NOT_FOUND, || {
        let text = "It is over, was called back, or never was. Ask whoever sent it to you for another one.";
        let request = visit.origin.request.clone().unwrap_or_default();
        let body = view! { <ErrorBody code="404" title=title text=text request=request>""</ErrorBody> };
        frame(visit, body.into_any(), None, String::new())
    })
}

/// The page around it.
fn frame(visit: &Visit, content: AnyView, home: Option<String>, foot: String) -> AnyView {
    let organisation = visit
        .organisation
        .as_ref()
        .map(|organisation| organisation.name.clone())
        .unwrap_or_default();
    let home = home.map(|href| view! { <a href=href>"The campaign in numbers"</a> });
    view! {
        <div class="outside">
            <header class="outside-head"><strong dir="auto">{organisation}</strong> {home}</header>
            <main id="main" class="outside-main" tabindex="-1">{content}</main>
            <footer class="outside-foot" dir="auto">{foot}</footer>
        </div>
    }
    .into_any()
}

fn shown(visit: &Visit, opened: &Opened, seat: &Viewpoint) -> AnyView {
    match opened {
        Opened::Summary(one) => in_numbers(visit, one, seat),
        Opened::Sample(one) => {
            let list = samples::items(visit, one, seat, ().into_any());
            let detail = format!("Of the access review {}", one.campaign.content.name);
            view! { <PageHeader title="Sample" detail=detail /> {list} }.into_any()
        }
        Opened::Item(one) => life::content(visit, one, seat),
    }
}

fn in_numbers(visit: &Visit, one: &InNumbers, seat: &Viewpoint) -> AnyView {
    let content = &one.campaign.content;
    let tone = match content.state {
        CampaignState::Closed => Tone::Good,
        CampaignState::Open => Tone::Warn,
        _ => Tone::Plain,
    };
    let status = view! { <Pill text=content.state.label() tone=tone /> };
    let detail = format!("Access review; {} answers for it", one.owner);
    let (facts, says) = (facts(visit, one), says(one));
    let totals = totals(one);
    let drawn = drawn(visit, one, seat);
    view! {
        <PageHeader title=content.name.clone() detail=detail status=status />
        <Stack>
            {totals}
            {drawn}
            {facts}
            {says}
        </Stack>
    }
    .into_any()
}

fn totals(one: &InNumbers) -> AnyView {
    let counts = one.campaign.content.population;
    let of = |choice: Choice| {
        let found = one.decided.iter().find(|(known, _)| *known == choice);
        number(found.map_or(0, |(_, count)| *count))
    };
    let (kept, revoked, changed) = (of(Choice::Keep), of(Choice::Revoke), of(Choice::Change));
    let [all, included, excluded] = [counts.all, counts.included, counts.excluded].map(number);
    let remedies = one
        .remedies
        .iter()
        .map(|(state, count, _)| {
            let tone = match state {
                RemedyState::Failed => Tone::Bad,
                _ => Tone::Plain,
            };
            view! { <Stat label=state.label() value=number(*count) tone=tone /> }
        })
        .collect_view();
    let remedies = (!one.remedies.is_empty()).then(|| {
        view! { <Card title="What became of revocations and changes"><Stats>{remedies}</Stats></Card> }
    });
    let open = number(one.open);
    view! {
        <Card title="Control totals">
            <Stats>
                <Stat label="In scope" value=all />
                <Stat label="To be reviewed" value=included />
                <Stat label="Left out" value=excluded />
            </Stats>
            <Stats>
                <Stat label="Kept" value=kept />
                <Stat label="Revoked" value=revoked />
                <Stat label="Changed" value=changed />
                <Stat label="Not decided" value=open />
            </Stats>
        </Card>
        {remedies}
    }
    .into_any()
}

fn drawn(visit: &Visit, one: &InNumbers, seat: &Viewpoint) -> Option<AnyView> {
    if one.samples.is_empty() {
        return None;
    }
    let columns = vec![
        Column::new("Seed"),
        Column::new("Items").numeric(),
        Column::new("Drawn"),
    ];
    let rows = one
        .samples
        .iter()
        .map(|sample| {
            let href = seat.sample(sample.seed, sample.size);
            let at = time_view(sample.drawn, visit);
            let (seed, size) = (sample.seed.to_string(), number(u64::from(sample.size)));
            view! {
                <tr>
                    <Cell column="Seed" mono=true><a href=href>{seed}</a></Cell>
                    <Cell column="Items" numeric=true>{size}</Cell>
                    <Cell column="Drawn">{at}</Cell>
                </tr>
            }
        })
        .collect_view();
    Some(
        view! {
            <Card title="Samples" flush=true>
                <Table caption="Samples, the newest first" columns=columns framed=false>{rows}</Table>
            </Card>
        }
        .into_any(),
    )
}

fn facts(visit: &Visit, one: &InNumbers) -> AnyView {
    let content = &one.campaign.content;
    let at = |term: &'static str, at: Option<domain::time::Instant>| {
        at.map(|at| {
            let at = time_view(at, visit);
            view! { <Fact term=term>{at}</Fact> }
        })
    };
    let signed = match &one.signed_by {
        Some(by) => format!("By {by}: {}", content.sign_off),
        None => "Not signed off".to_owned(),
    };
    let frozen = at("Facts of", Some(content.frozen));
    let due = at("Due", Some(content.due));
    let ended = at("Ended", content.ended);
    let effective = at("Revoked access ends", content.effective);
    view! {
        <Card title="When">
            <Facts>
                {frozen}
                {due}
                {ended}
                {effective}
                <Fact term="Signed off">{signed}</Fact>
            </Facts>
        </Card>
    }
    .into_any()
}

fn says(one: &InNumbers) -> AnyView {
    let all = sentences(&one.campaign.content.terms)
        .into_iter()
        .map(|one| view! { <p dir="auto">{one}</p> })
        .collect_view();
    view! { <Card title="What was agreed"><div class="prose">{all}</div></Card> }.into_any()
}
