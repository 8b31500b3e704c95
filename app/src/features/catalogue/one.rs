//! One thing that can be asked for: what it lets somebody do, what is in it, who has it, who would have to agree; and taking
//! it at once in an emergency.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use leptos::prelude::*;
use maud::{Markup, html};
use serde::Deserialize;
use service::Error;
use service::requests::{self, OfferedDetail, Standing, StepPreview};

use super::rows::{Around, add, href};
use super::words::{for_person, standing};
use crate::access::level_view;
use crate::features::me::{counted, lasting};
use crate::format::number;
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{
    Button, ButtonKind, Card, Disclosure, Fact, Facts, Form, FormActions, Icon, PageHeader, Slot,
    Split, Stack, TextArea,
};
use crate::visit::Visit;

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    #[serde(rename = "for")]
    person: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(what): Path<String>,
    Query(asked): Query<Asked>,
) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    match open(&app, &visit, &what, &asked.person).await {
        Ok((person, found)) => show(&app, &visit, person, &found, &posted, &FieldErrors::new()),
        Err(error) => app.refuse(&visit, error),
    }
}

async fn open(
    app: &App,
    visit: &Visit,
    what: &str,
    person: &str,
) -> Result<(Option<IdentityId>, OfferedDetail), Error> {
    let what = super::what(what)?;
    let person = super::person(person)?.filter(|id| visit.me() != Some(*id));
    let found = requests::offered(&app.service, &visit.cx(), person, what).await?;
    Ok((person, found))
}

/// Takes it at once.
pub(super) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path(what): Path<String>,
    posted: Posted,
) -> Response {
    let found = match open(&app, &visit, &what, "").await {
        Ok((_, found)) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    let technical = found.offered.what.object().to_string();
    let taken = requests::take_at_once(&app.service, &cx, &technical, posted.get("reason")).await;
    match taken {
        Ok(_) => done(routes::ME, "taken"),
        Err(Error::AlreadyDone(_)) => done(routes::ME, "already"),
        Err(Error::Invalid(errors)) => show(&app, &visit, None, &found, &posted, &errors),
        Err(error) => app.refuse(&visit, error),
    }
}

fn show(
    app: &App,
    visit: &Visit,
    person: Option<IdentityId>,
    found: &OfferedDetail,
    posted: &Posted,
    errors: &FieldErrors,
) -> Response {
    let one = &found.offered;
    let name = &one.name;
    let back = for_person(routes::CATALOGUE, person, &[]);
    let page =
        Page::new(format!("{name} · Request access"), routes::CATALOGUE).called(name.clone());
    let page = page.under(&[("Request access", &back)]).after(errors);
    app.page(visit, page, || {
        let detail = match person {
            Some(_) => format!("For {}.", found.person.name),
            None => one.application.as_ref().map_or_else(
                || format!("A bundle of {}.", super::super::me::things(one.contains)),
                |(_, application)| format!("In {application}."),
            ),
        };
        let around = Around { visit, person, back: &href(one, person) };
        let state = standing(visit, one, person.is_none());
        let put = (one.standing == Standing::Open).then(|| add(&around, one));
        let label = if found.cart > 0 { format!("Cart ({})", number(found.cart)) } else { "Cart".to_owned() };
        let actions = Slot::from(view! {
            <Button label=label href=routes::CART icon=Icon::ShoppingCart />
            {put.map(leaf)}
        });
        let about = leaf(html! {
            section.card { div.card-body {
                @if one.description.is_empty() { p.soft { "Nobody has described yet what it lets people do. Its owner knows." } }
                @else { p dir="auto" { (one.description) } }
                @if let Some(state) = &state { p { (state) } }
            } }
        });
        let contains = (!found.contains.is_empty()).then(|| contains(found));
        let steps = leaf(steps(found));
        let emergency = found.emergency_hours.filter(|_| one.standing == Standing::Open || one.standing == Standing::InCart || matches!(one.standing, Standing::Waiting { .. }));
        let emergency = emergency.map(|hours| emergency_card(hours, posted, errors));
        let rail = Slot::from(facts(found, person));
        view! {
            <PageHeader title=name.clone() detail=detail actions=actions />
            <Split rail=rail>
                <Stack>
                    {about}
                    {contains}
                    {steps}
                    {emergency}
                </Stack>
            </Split>
        }
        .into_any()
    })
}

fn facts(found: &OfferedDetail, person: Option<IdentityId>) -> AnyView {
    let one = &found.offered;
    let team = found.peers.map(|(have, all)| {
        let whose = if person.is_none() { "your" } else { "their" };
        format!("{have} of {all} in {whose} team")
    });
    let longest = match (one.longest_days, found.activation_hours) {
        (_, Some(hours)) => format!(
            "Used when needed, {} at a time",
            counted(hours as usize, "hour")
        ),
        (Some(days), None) => counted(days as usize, "day"),
        (None, None) => "No limit".to_owned(),
    };
    let usual = one.usual.map(lasting);
    let owner = one
        .owner
        .as_ref()
        .map_or_else(|| "Nobody named".to_owned(), |owner| owner.name.clone());
    let (risk, technical) = (level_view(one.risk), one.technical.clone());
    view! {
        <Facts title="About it">
            <Fact term="Owner">{owner}</Fact>
            <Fact term="Risk">{risk}</Fact>
            <Fact term="Given for at most">{longest}</Fact>
            {usual.map(|usual| view! { <Fact term="Usually takes">{usual}</Fact> })}
            {team.map(|team| view! { <Fact term="Who has it">{team}</Fact> })}
            <Fact term="Technical name"><code>{technical}</code></Fact>
        </Facts>
    }
    .into_any()
}

fn contains(found: &OfferedDetail) -> AnyView {
    let count = found.offered.contains;
    let parts = leaf(html! {
        ul.parts {
            @for part in &found.contains {
                li {
                    span dir="auto" { (part.display_name) span.soft { " in " (part.application_display) } }
                    @if !part.description.is_empty() { span.soft dir="auto" { (part.description) } }
                }
            }
            @if count > found.contains.len() { li.soft { "and " (count - found.contains.len()) " more" } }
        }
    });
    view! { <Card title="What is in it" count=number(count as u64)>{parts}</Card> }.into_any()
}

/// Who would have to agree, by name.
fn steps(found: &OfferedDetail) -> Markup {
    let last = found.steps.last().map_or(0, |step| step.stage);
    html! {
        section.card {
            header.card-head { h2 { "Who decides" } }
            ol.deciders {
                @for stage in 0..=last {
                    li { @for step in found.steps.iter().filter(|step| step.stage == stage) { (step_line(step)) } }
                }
            }
            @if found.offered.automatic { p.have-about { "Some requests are approved at once, by a condition of the flow." } }
            @if found.activation_hours.is_some() { p.have-about { "After approval it can be activated when it is needed, under My access." } }
        }
    }
}

fn step_line(step: &StepPreview) -> Markup {
    let names: Vec<&str> = step.people.iter().map(|one| one.name.as_str()).collect();
    let more = names.len().saturating_sub(3);
    html! {
        div.decider {
            b dir="auto" {
                @if names.is_empty() { "Nobody yet" } @else { (names.iter().take(3).copied().collect::<Vec<_>>().join(", ")) }
                @if more > 0 { " and " (more) " more" }
            }
            span.soft dir="auto" { (step.because) ", within " (within(step.due_hours)) }
        }
    }
}

/// `3 days`, `8 hours`.
fn within(hours: u32) -> String {
    if hours >= 48 && hours.is_multiple_of(24) {
        counted(hours as usize / 24, "day")
    } else {
        counted(hours as usize, "hour")
    }
}

fn emergency_card(hours: u32, posted: &Posted, errors: &FieldErrors) -> AnyView {
    let open = !errors.is_empty();
    let text = format!(
        "You have it at once, for {}. Your manager, its owner and the administrators are told right away, it stands in the log as an emergency, and somebody has to look into it afterwards.",
        counted(hours as usize, "hour")
    );
    let (all, title) = (problems(errors), summary(errors));
    let (key, typed, wrong) = (
        posted.once().to_owned(),
        posted.text("reason"),
        error(errors, "reason"),
    );
    view! {
        <Disclosure title="Take it in an emergency" note="without approval, and not unnoticed" open=open>
            <Form idem=key problems=all summary=title>
                <p class="emergency">{Icon::TriangleAlert.view()} <span>{text}</span></p>
                <TextArea name="reason" label="What is the emergency?" value=typed error=wrong required=true maxlength=500 rows=2 hint="Such as the number of the incident. Everybody who is told reads this." />
                <FormActions>
                    <Button label="Take it now" kind=ButtonKind::Danger />
                </FormActions>
            </Form>
        </Disclosure>
    }
    .into_any()
}
