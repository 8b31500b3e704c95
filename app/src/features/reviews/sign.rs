//! Signing a campaign off.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use leptos::prelude::*;
use service::Error;
use service::reviews::{self, SignOff};

use super::about;
use crate::format::{number, time_view};
use crate::page::done;
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below};
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Checkbox, Form, FormActions, Icon, PageHeader, Stat, Stats,
    TextArea, Tone,
};
use crate::visit::Visit;

/// What the box says; the report of the evidence pack has the statement above it.
const ATTEST: &str = "I have seen how this campaign ended: what was decided, what was left out, and what is not done. I answer for it.";

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    show(&app, &visit, &id, (&posted, &FieldErrors::new())).await
}

pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let known = match super::id(&id) {
        Ok(known) => known,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    let (statement, attested) = (posted.get("statement"), posted.ticked("attested"));
    match reviews::sign(&app.service, &cx, known, statement, attested).await {
        Ok(()) => done(&below(routes::REVIEWS, known, "evidence"), "signed-off"),
        Err(Error::Invalid(errors)) => show(&app, &visit, &id, (&posted, &errors)).await,
        Err(error) => app.refuse(&visit, error),
    }
}

async fn show(app: &App, visit: &Visit, id: &str, said: (&Posted, &FieldErrors)) -> Response {
    let found = match super::id(id) {
        Ok(id) => reviews::may_sign(&app.service, &visit.cx(), id).await,
        Err(error) => Err(error),
    };
    let found = match found {
        Ok(found) => found,
        Err(error) => return app.refuse(visit, error),
    };
    let back = format!("{}/{}", routes::REVIEWS, found.campaign.id);
    let title = format!("Sign off {}", found.campaign.content.name);
    let page = about(&found.campaign, title, "Sign off")
        .text()
        .after(said.1);
    app.page(visit, page, || content(visit, &found, said, back))
}

fn content(
    visit: &Visit,
    found: &SignOff,
    (posted, errors): (&Posted, &FieldErrors),
    back: String,
) -> AnyView {
    let content = &found.campaign.content;
    let ended = content.ended.map(|at| {
        let at = time_view(at, visit);
        view! { <p>"It ended " {at} "."</p> }
    });
    let count = |n: u64| (number(n), if n > 0 { Tone::Warn } else { Tone::Plain });
    let ((undecided, a), (waiting, b)) = (count(found.undecided), count(found.waiting));
    let ((unverified, c), (failed, d)) = (count(found.unverified), count(found.failed));
    let undone = found.undecided + found.waiting + found.unverified + found.failed;
    let note = (undone > 0).then(|| {
        view! {
            <Banner tone=Tone::Warn title="Not everything is done">
                "You can sign now; the evidence pack shows these numbers as they are when it is made. Say in your statement what you think of them."
            </Banner>
        }
    });
    let (problems, summary) = (problems(errors), summary(errors));
    let (statement, wrong) = (posted.text("statement"), error(errors, "statement"));
    let (attested, unticked) = (posted.ticked("attested"), error(errors, "attested"));
    let idem = posted.once().to_owned();
    let title = format!("Sign off {}", content.name);
    view! {
        <PageHeader title=title detail="Once, for good, with your name. Auditors read it in the evidence pack." />
        <Card title="How it ended">
            {ended}
            <Stats>
                <Stat label="Not reviewed" value=undecided tone=a />
                <Stat label="Not in effect yet" value=waiting tone=b />
                <Stat label="Ended, not verified" value=unverified tone=c />
                <Stat label="Could not be ended" value=failed tone=d />
            </Stats>
        </Card>
        {note}
        <Card title="Your statement">
            <Form idem=idem problems=problems summary=summary>
                <TextArea name="statement" label="What you state" value=statement error=wrong required=true rows=4 maxlength=2000
                    hint="Such as: reviewers decided on what they answer for; the three items that nobody decided on were revoked." />
                <Checkbox name="attested" label=ATTEST checked=attested error=unticked />
                <FormActions>
                    <Button label="Sign off" icon=Icon::Check kind=ButtonKind::Primary />
                    <Button label="Cancel" href=back kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        </Card>
    }
    .into_any()
}
