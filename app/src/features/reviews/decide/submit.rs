//! Submitting: first what it comes to, with everything that it takes away; then the receipt.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::CampaignId;
use domain::review::Choice;
use http::StatusCode;
use leptos::prelude::*;
use maud::{Markup, html};
use service::Error;
use service::reviews::{self, Left, Summary};

use super::page::back_link;
use super::{path, words};
use crate::format::{number, time_view};
use crate::page::{Page, see_other};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::{
    Banner, Button, ButtonKind, Card, Checkbox, Empty, EmptyKind, Form, FormActions, Icon,
    PageHeader, Tone,
};
use crate::visit::Visit;

pub(in crate::features::reviews) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let nothing = (Posted::default(), FieldErrors::new());
    show(&app, &visit, &id, &nothing, StatusCode::OK).await
}

pub(in crate::features::reviews) async fn carry_out(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let campaign = match super::super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    let attested = posted.ticked("attest");
    match reviews::submit(&app.service, &cx, campaign, attested).await {
        Ok(submitted) => {
            let left = lines(&submitted.left);
            let seq = submitted.seq.unwrap_or(0);
            see_other(&receipt_href(campaign, &seq.to_string(), &left))
        }
        // The same form once more: its receipt.
        Err(Error::AlreadyDone(seq)) => see_other(&receipt_href(campaign, &seq, "")),
        Err(Error::Invalid(errors)) => {
            let said = (posted, errors);
            show(&app, &visit, &id, &said, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(error) => app.refuse(&visit, error),
    }
}

fn receipt_href(campaign: CampaignId, seq: &str, left: &str) -> String {
    let seq = if seq.is_empty() { "0" } else { seq };
    routes::with_query(
        &path(campaign, &format!("receipt/{seq}")),
        &[("left", left)],
    )
}

/// Numbers of what was not submitted, as they stand in an address: those that others decided, then those still staged.
fn lines(left: &[Left]) -> String {
    let of = |stays: bool| {
        let some = left.iter().filter(|one| one.stays == stays).take(50);
        let some: Vec<String> = some.map(|one| one.number.to_string()).collect();
        some.join(".")
    };
    if left.is_empty() {
        String::new()
    } else {
        format!("{}_{}", of(false), of(true))
    }
}

async fn show(
    app: &App,
    visit: &Visit,
    id: &str,
    said: &(Posted, FieldErrors),
    status: StatusCode,
) -> Response {
    let found = match super::super::id(id) {
        Ok(id) => reviews::summary(&app.service, &visit.cx(), id).await,
        Err(error) => Err(error),
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(visit, error),
    };
    let name = found.campaign.content.name.clone();
    let decide = path(found.campaign.id, "decide");
    let page = Page::new("Submit decisions", routes::REVIEWS)
        .under(&[(name.as_str(), decide.as_str())])
        .text()
        .status(status);
    let key = app.form_key();
    app.page(visit, page, || content(visit, &found, said, &key))
}

fn content(
    visit: &Visit,
    found: &Summary,
    (posted, errors): &(Posted, FieldErrors),
    key: &str,
) -> AnyView {
    let id = found.campaign.id;
    let all = found.all();
    if all == 0 {
        return view! {
            <PageHeader title="Submit decisions" />
            <Empty kind=EmptyKind::Nothing title="Nothing is staged" text="Decide on something first; you submit it here.">
                {back_link(id, "Back to deciding")}
            </Empty>
        }
        .into_any();
    }
    let counts: Vec<String> = found
        .counts
        .iter()
        .map(|(choice, count)| format!("{} {}", number(*count), counted(*choice)))
        .collect();
    let title = if all == 1 {
        "Submit 1 decision".to_owned()
    } else {
        format!("Submit {} decisions", number(all))
    };
    let takes = found.of(Choice::Revoke) + found.of(Choice::Change) > 0;
    let effect = takes.then(|| leaf(effect(visit, found)));
    let list = leaf(listed(visit, found));
    let idem = if posted.once().is_empty() {
        key
    } else {
        posted.once()
    };
    let (problems, summary) = (problems(errors), summary(errors));
    let (idem, wrong) = (idem.to_owned(), error(errors, "attest"));
    let detail = format!("{}.", counts.join(", "));
    let verb = title.clone();
    view! {
        <PageHeader title=title detail=detail />
        <Card>
            {list}
            {effect}
            <Form idem=idem problems=problems summary=summary guard=false>
                <Checkbox name="attest" label="I looked at each of these and decide to the best of my knowledge." error=wrong
                    hint="What is submitted is final and stays on record with your name." />
                <FormActions>
                    <Button label=verb kind=ButtonKind::Primary icon=Icon::Check />
                    {back_link(id, "Back to deciding")}
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}

const fn counted(choice: Choice) -> &'static str {
    match choice {
        Choice::Keep => "kept",
        Choice::Revoke => "revoked",
        Choice::Change => "changed",
        Choice::NotSure => "passed on",
    }
}

/// When it takes effect, and how it is taken back.
fn effect(visit: &Visit, found: &Summary) -> Markup {
    let content = &found.campaign.content;
    let hours = content.terms.grace_hours;
    html! {
        p.review-effect {
            "What you revoke or change ends when the review is closed, at the latest after "
            (within(time_view(content.due, visit)))
            @if hours > 0 { ", and " (hours) " hours more" }
            ". Until then the owner of the review can restore it. When the review is closed, each person is told what ends for them, and when."
        }
    }
}

/// What is not simply kept, one by one.
fn listed(visit: &Visit, found: &Summary) -> Markup {
    html! {
        @if !found.listed.is_empty() {
            ul.contents {
                @for one in &found.listed {
                    li {
                        b dir="auto" { (one.holder) ": " (one.what) }
                        @if let Some(staged) = &one.staged {
                            " – " (words::staged(visit, staged, one.staged_to.as_deref(), one.staged_smaller.as_deref()))
                            @if !staged.reason.is_empty() { " “" span dir="auto" { (staged.reason) } "”" }
                        }
                    }
                }
                @if found.more > 0 { li { "and " (number(found.more)) " more" } }
            }
        }
    }
}

/// What did not count.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(in crate::features::reviews) struct NotCounted {
    left: String,
}

pub(in crate::features::reviews) async fn receipt(
    State(app): State<App>,
    visit: Visit,
    Path((id, seq)): Path<(String, i64)>,
    Query(asked): Query<NotCounted>,
) -> Response {
    let campaign = match super::super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let found = match reviews::summary(&app.service, &visit.cx(), campaign).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let receipt = if seq == 0 {
        None
    } else {
        match reviews::receipt(&app.service, &visit.cx(), campaign, seq).await {
            Ok(receipt) => Some(receipt),
            Err(error) => return app.refuse(&visit, error),
        }
    };
    let (theirs, stay) = asked.left.split_once('_').unwrap_or_default();
    let count = |text: &str| text.split('.').filter(|one| !one.is_empty()).count();
    let (theirs, stay) = (count(theirs), count(stay));
    let name = found.campaign.content.name.clone();
    let decide = path(campaign, "decide");
    let page = Page::new("Receipt", routes::REVIEWS)
        .under(&[(name.as_str(), decide.as_str())])
        .text();
    app.page(&visit, page, || {
        let said = receipt.map(|receipt| {
            leaf(html! {
                dl.review-receipt {
                    dt { "Decisions" } dd { (number(u64::try_from(receipt.records).unwrap_or(0))) }
                    dt { "Submitted" } dd { (within(time_view(receipt.at, &visit))) }
                    dt { "Entry in the log" } dd { (receipt.seq) }
                    dt { "Review" } dd dir="auto" { (name) }
                }
            })
        });
        let title = if said.is_some() { "Submitted" } else { "Nothing was submitted" };
        let theirs = (theirs > 0).then(|| {
            let title = format!("{theirs} of yours did not count");
            view! { <Banner tone=Tone::Warn title=title>"Somebody else had decided on them, or they went to somebody else. What they decided stays; you find it on the items."</Banner> }
        });
        let stay = (stay > 0).then(|| {
            let title = format!("{stay} could not be submitted and are staged still");
            view! { <Banner tone=Tone::Warn title=title>"Look at them again: an end has passed, or whom you named cannot decide any more."</Banner> }
        });
        view! {
            <PageHeader title=title />
            {theirs}
            {stay}
            <Card>{said} {back_link(campaign, "Back to the review")}</Card>
        }
        .into_any()
    })
}
