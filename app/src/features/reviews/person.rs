//! The reviews of a person: what was decided on what they have, and beginning one of everything they have.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::ConsoleRight::{Administer, Audit, RunReviews};
use leptos::prelude::*;
use maud::{Markup, html};
use service::reviews::{self, AboutItem, AboutPerson};
use service::{Error, people};

use super::decide::words::decided;
use crate::features::people::detail;
use crate::format::time_view;
use crate::page::{Page, done};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::{leaf, within};
use crate::ui::{Cell, Column, Confirm, Empty, EmptyKind, Table, TextArea};
use crate::visit::Visit;

/// What was decided on what somebody has.
pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let (person, found) = match reviews::of_person(&app.service, &visit.cx(), id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let own = format!("{}/{id}", routes::PEOPLE);
    let page = Page::new(format!("Reviews · {name}"), routes::PEOPLE)
        .under(&[("People", routes::PEOPLE), (name.as_str(), own.as_str())]);
    app.page(&visit, page, || {
        let tabs = detail::tabs(&person, "reviews");
        let header = detail::header(&app, &visit, &person);
        let tables = found.iter().map(|one| campaign(&visit, one)).collect_view();
        let empty = found.is_empty().then(|| {
            view! {
                <Empty kind=EmptyKind::Nothing title="Never reviewed" text="Nothing that this person has was in a review that began here." >""</Empty>
            }
        });
        view! {
            {header}
            {tabs}
            {tables}
            {empty}
        }
        .into_any()
    })
}

fn campaign(visit: &Visit, one: &AboutPerson) -> AnyView {
    let content = &one.campaign.content;
    let opens = visit.rights().has_any(&[Administer, RunReviews, Audit]);
    let href = format!("{}/{}", routes::REVIEWS, one.campaign.id);
    let head = leaf(html! {
        h2.section-title dir="auto" {
            @if opens { a href=(href) { (content.name) } } @else { (content.name) }
        }
        p.review-note {
            (content.state.label()) " · as of " (within(time_view(content.frozen, visit)))
            @if let Some(ended) = content.ended { " · closed " (within(time_view(ended, visit))) }
            @else { " · due " (within(time_view(content.due, visit))) }
        }
    });
    if one.items.is_empty() {
        return view! { <section>{head}<p class="review-note">"Everything of theirs was left out."</p></section> }.into_any();
    }
    let columns = ["What", "Outcome", "By", "When"];
    let columns = columns.into_iter().map(Column::new).collect::<Vec<_>>();
    let rows = one.items.iter().map(|item| row(visit, item)).collect_view();
    let more = one
        .more
        .then(|| view! { <p class="review-note">"There are more than are shown here."</p> });
    view! {
        <section>
            {head}
            <Table caption=content.name.clone() columns=columns>{rows}</Table>
            {more}
        </section>
    }
    .into_any()
}

fn row(visit: &Visit, one: &AboutItem) -> AnyView {
    let what = if one.application.is_empty() {
        one.what.clone()
    } else {
        format!("{} · {}", one.application, one.what)
    };
    let outcome = leaf(outcome(one));
    let by = match (&one.decided, &one.waits_for) {
        (Some((_, Some(name))), _) | (None, Some(name)) => name.clone(),
        (Some((_, None)), _) => "Nobody answered in time".to_owned(),
        (None, None) => String::new(),
    };
    let when = one
        .decided
        .as_ref()
        .map(|(decision, _)| time_view(decision.at, visit));
    view! {
        <tr>
            <Cell column="What" wrap=true><span dir="auto">{what}</span></Cell>
            <Cell column="Outcome" wrap=true>{outcome}</Cell>
            <Cell column="By"><span dir="auto">{by}</span></Cell>
            <Cell column="When">{when}</Cell>
        </tr>
    }
    .into_any()
}

fn outcome(one: &AboutItem) -> Markup {
    html! {
        @match &one.decided {
            Some((decision, _)) => {
                b { (decided(decision.choice)) }
                @if let Some(state) = one.remedy { " · " (state.label()) }
                @if !decision.reason.is_empty() { " “" span dir="auto" { (decision.reason) } "”" }
            }
            None if one.waits_for.is_some() => "waits for a decision",
            None => "not reviewed",
        }
    }
}

/// What a finding says about why.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Why {
    because: String,
}

/// Asks why everything that somebody has should be reviewed.
pub(super) async fn ask(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(why): Query<Why>,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    if let Err(error) = reviews::may_define(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let posted = Posted::filled([("idem", app.form_key()), ("reason", why.because)]);
    form(&app, &visit, id, (&posted, &FieldErrors::new())).await
}

/// Begins the review.
pub(super) async fn begin(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let Ok(id) = id.parse::<IdentityId>() else {
        return app.nothing_here(&visit);
    };
    let cx = visit.cx_once(posted.once());
    match reviews::review_person(&app.service, &cx, id, posted.get("reason")).await {
        Ok(launched) => done(
            &format!("{}/{}", routes::REVIEWS, launched.campaign),
            "review-begun",
        ),
        Err(Error::AlreadyDone(campaign)) => {
            done(&format!("{}/{campaign}", routes::REVIEWS), "review-begun")
        }
        Err(Error::Invalid(errors)) => form(&app, &visit, id, (&posted, &errors)).await,
        Err(error) => app.refuse(&visit, error),
    }
}

async fn form(
    app: &App,
    visit: &Visit,
    id: IdentityId,
    (posted, errors): (&Posted, &FieldErrors),
) -> Response {
    let person = match people::read(&app.service, &visit.cx(), id).await {
        Ok(person) => person,
        Err(error) => return app.refuse(visit, error),
    };
    let name = person.identity.content.display_name.clone();
    let own = format!("{}/{id}", routes::PEOPLE);
    let page = Page::new("Review access", routes::PEOPLE)
        .under(&[("People", routes::PEOPLE), (name.as_str(), own.as_str())])
        .text()
        .after(errors);
    app.page(visit, page, || {
        let (typed, wrong) = (posted.text("reason"), error(errors, "reason"));
        let title = format!("Review everything that {name} has");
        view! {
            <Confirm title=title verb="Begin the review" cancel=own.clone() idem=posted.once().to_owned()>
                <p>"Their manager decides within 7 days on everything they have now. What nobody answers is revoked when the review closes, which happens by itself after 7 days."</p>
                <TextArea name="reason" label="Reason" value=typed error=wrong required=true maxlength=500 rows=2 hint="Reviewers read this. It stays in the log." />
            </Confirm>
        }
        .into_any()
    })
}
