//! The form for a new rule. It becomes a draft, which gives nothing.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use leptos::prelude::*;
use policy::Vocabulary;
use service::{Error, applications, rules};

use super::condition::Written;
use super::controls::{Controls, Press, draft};
use super::detail::Tab;
use crate::page::{Page, done};
use crate::posted::{Posted, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{Button, ButtonKind, Form, FormActions, PageHeader};
use crate::visit::Visit;

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    let vocabulary = match writable(&app, &visit).await {
        Ok(vocabulary) => vocabulary,
        Err(error) => return app.refuse(&visit, error),
    };
    let posted = Posted::filled([("idem", app.form_key())]);
    let written = Written::of("", &vocabulary);
    let errors = FieldErrors::new();
    show(&app, &visit, &posted, &written, &errors, &vocabulary)
}

pub(super) async fn create(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let vocabulary = match writable(&app, &visit).await {
        Ok(vocabulary) => vocabulary,
        Err(error) => return app.refuse(&visit, error),
    };
    let press = Press::of(&posted);
    let mut errors = FieldErrors::new();
    let written = Written::sent(&posted, press.asked(), &vocabulary, &mut errors);
    if errors.is_empty() && !matches!(press, Press::Write(_)) {
        let cx = visit.cx_once(posted.once());
        match rules::create(&app.service, &cx, &draft(&posted, &written)).await {
            Ok(id) => return done(&Tab::Overview.path(id), "rule-created"),
            Err(Error::Invalid(found)) => errors = found,
            Err(error) => return app.refuse(&visit, error),
        }
    }
    show(&app, &visit, &posted, &written, &errors, &vocabulary)
}

/// What conditions may speak of, if the visitor may write rules.
async fn writable(app: &App, visit: &Visit) -> Result<Vocabulary, Error> {
    applications::may_create(&app.service, &visit.cx()).await?;
    rules::vocabulary(&app.service, &visit.cx()).await
}

fn show(
    app: &App,
    visit: &Visit,
    posted: &Posted,
    written: &Written,
    errors: &FieldErrors,
    vocabulary: &Vocabulary,
) -> Response {
    let page = Page::new("New rule", routes::RULES)
        .under(&[("Rules", routes::RULES)])
        .text()
        .after(errors);
    app.page(visit, page, || {
        let controls = Controls {
            posted,
            written,
            errors,
            vocabulary,
            owner: None,
            gives: None,
        };
        let controls = controls.view();
        // Enter in a field sends the first button there is, which must not be one that writes the condition anew.
        view! {
            <PageHeader title="New rule" detail="It begins as a draft and gives nothing. You see to whom it would apply before it does." />
            <div class="rule-form">
                <Form idem=posted.once() problems=problems(errors) summary=summary(errors)>
                    <button type="submit" name="step" value="save" class="unseen" tabindex="-1">"Add rule"</button>
                    {controls}
                    <FormActions>
                        <Button label="Add rule" name="step" value="save" kind=ButtonKind::Primary />
                        <Button label="Cancel" href=routes::RULES kind=ButtonKind::Plain />
                    </FormActions>
                </Form>
            </div>
        }
        .into_any()
    })
}
