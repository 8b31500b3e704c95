//! Something smaller in place of what somebody has: a page of its own, because what there could be is looked up only for who
//! asks. Its form stages the decision like those of the rows.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::id::CampaignId;
use http::StatusCode;
use leptos::prelude::*;
use maud::html;
use service::reviews::{self, Replacements, Smaller};

use super::{Place, path};
use crate::access::level_view;
use crate::format::number;
use crate::page::Page;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::{
    Button, ButtonKind, Empty, EmptyKind, Form, FormActions, Hidden, Icon, InputKind, PageHeader,
    Problem, TextArea, TextField,
};
use crate::visit::Visit;

pub(in crate::features::reviews) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, item)): Path<(String, u64)>,
    Query(place): Query<Place>,
) -> Response {
    let campaign = match super::super::id(&id) {
        Ok(id) => id,
        Err(error) => return app.refuse(&visit, error),
    };
    let typed = Posted::filled([
        ("by", place.by),
        ("group", place.group),
        ("after", place.after),
    ]);
    show(&app, &visit, campaign, item, (&typed, ("", String::new()))).await
}

/// The page, perhaps with what was typed, and at which field and why it could not be staged.
pub(super) async fn show(
    app: &App,
    visit: &Visit,
    campaign: CampaignId,
    item: u64,
    (typed, wrong): (&Posted, (&'static str, String)),
) -> Response {
    let found = reviews::replacements(&app.service, &visit.cx(), campaign, item).await;
    let found = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(visit, error),
    };
    let name = found.campaign.content.name.clone();
    let decide = path(campaign, "decide");
    let status = if wrong.1.is_empty() {
        StatusCode::OK
    } else {
        StatusCode::UNPROCESSABLE_ENTITY
    };
    let page = Page::new("Something smaller", routes::REVIEWS)
        .under(&[(name.as_str(), decide.as_str())])
        .text()
        .status(status);
    app.page(visit, page, || content(&found, typed, &wrong))
}

fn content(found: &Replacements, typed: &Posted, wrong: &(&str, String)) -> AnyView {
    let one = &found.item;
    let item = one.item.facts.number;
    let place = Place {
        by: typed.text("by"),
        group: typed.text("group"),
        after: typed.text("after"),
    };
    let back = format!("{}#item-{item}", place.href(found.campaign.id));
    let what = if one.application.is_empty() {
        one.what.clone()
    } else {
        format!("{} · {}", one.application, one.what)
    };
    let title = format!("What is enough for {}?", one.holder);
    let detail = format!(
        "Now: {what}. It ends when the review takes effect, and what you choose is given instead."
    );
    if found.offered.is_empty() || one.hindrance.is_some() {
        let text = one.hindrance.unwrap_or(
            "Nothing of this application is known to be less: of lower risk, or with fewer actions on the same thing. Give it a last day, or revoke it.",
        );
        return view! {
            <PageHeader title=title detail=what />
            <Empty kind=EmptyKind::Nothing title="Nothing smaller is known" text=text>
                <Button label="Back to deciding" href=back icon=Icon::Undo2 />
            </Empty>
        }
        .into_any();
    }
    let problems = problems(wrong);
    let of = |field| at(wrong, field);
    let (wrong_until, wrong_reason) = (of("until"), of("reason"));
    let filled = Filled::of(found, typed);
    let options = options(&found.offered, &filled.smaller);
    let more = (found.more > 0).then(|| {
        let text = format!(
            "{} more are less than it, too. Those of the highest risk are shown.",
            number(u64::try_from(found.more).unwrap_or(u64::MAX))
        );
        view! { <p class="hint">{text}</p> }
    });
    let action = path(found.campaign.id, "decide");
    view! {
        <PageHeader title=title detail=detail />
        <Form action=action problems=problems summary="This could not be staged">
            <Hidden name="item" value=item.to_string() />
            <Hidden name="by" value=place.by />
            <Hidden name="group" value=place.group />
            <Hidden name="after" value=place.after />
            <Hidden name="act" value="change" />
            <Hidden name="instead" value="1" />
            {options}
            {more}
            <TextField name="until" label="Until" value=filled.until error=wrong_until kind=InputKind::Date autocomplete="off" hint="Empty: without an end." />
            <TextArea name="reason" label="Note" value=filled.reason error=wrong_reason maxlength=1000 rows=2 />
            <FormActions>
                <Button label="Stage the change" kind=ButtonKind::Primary />
                <Button label="Back to deciding" href=back kind=ButtonKind::Plain />
            </FormActions>
        </Form>
    }
    .into_any()
}

/// What is wrong, at its field; what concerns no field stands at the choice.
fn problems(wrong: &(&str, String)) -> Vec<Problem> {
    let (field, why) = wrong;
    let field = if field.is_empty() { "smaller" } else { field };
    let problem = Problem {
        field: field.to_owned(),
        message: why.clone(),
    };
    (!why.is_empty()).then_some(problem).into_iter().collect()
}

fn at(wrong: &(&str, String), field: &str) -> String {
    if wrong.0 == field {
        wrong.1.clone()
    } else {
        String::new()
    }
}

/// What stands in the fields: what was typed, or else what is staged.
struct Filled {
    smaller: String,
    until: String,
    reason: String,
}

impl Filled {
    fn of(found: &Replacements, typed: &Posted) -> Self {
        if !typed.get("instead").is_empty() {
            return Self {
                smaller: typed.text("smaller"),
                until: typed.text("until"),
                reason: typed.text("reason"),
            };
        }
        let staged = found.item.staged.as_ref();
        let smaller = staged.and_then(|staged| staged.smaller);
        Self {
            smaller: smaller.map(|id| id.to_string()).unwrap_or_default(),
            until: found.until.map(|day| day.to_string()).unwrap_or_default(),
            reason: staged
                .map(|staged| staged.reason.clone())
                .unwrap_or_default(),
        }
    }
}

fn options(offered: &[Smaller], chosen: &str) -> AnyView {
    leaf(html! {
        fieldset.field id="f-smaller" {
            legend { "Instead of it" }
            @for one in offered {
                @let id = one.id.to_string();
                label.choice for={ "f-" (id) } {
                    input type="radio" id={ "f-" (id) } name="smaller" value=(id) required checked[chosen == id];
                    span {
                        b dir="auto" { (one.name) }
                        @if one.risk.is_some() { " " (within(level_view(one.risk))) }
                        @if !one.detail.is_empty() { " " span.review-does dir="auto" { (one.detail) } }
                    }
                }
            }
        }
    })
}
