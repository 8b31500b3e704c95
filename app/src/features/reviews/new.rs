//! Defining a review: one form, with what it would do counted below it before anything begins.

use axum::extract::State;
use axum::response::Response;
use domain::field::FieldErrors;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::reviews::{self, Preview, ReviewForm};

use super::fields::{controls, form, usual};
use crate::format::number;
use crate::page::{Page, done};
use crate::posted::{Posted, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Card, Cell, Column, Form, FormActions, Icon, PageHeader, Table,
    Tone,
};
use crate::visit::Visit;

struct Shown {
    form: ReviewForm,
    errors: FieldErrors,
    preview: Option<Preview>,
    status: StatusCode,
    key: String,
}

pub(super) async fn page(State(app): State<App>, visit: Visit) -> Response {
    // Whoever may not define a review is told before they type.
    if let Err(error) = reviews::may_define(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let shown = Shown {
        form: usual(),
        errors: FieldErrors::new(),
        preview: None,
        status: StatusCode::OK,
        key: app.form_key(),
    };
    shown.show(&app, &visit)
}

pub(super) async fn send(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    let mut shown = Shown {
        form: form(&posted),
        errors: FieldErrors::new(),
        preview: None,
        status: StatusCode::OK,
        key: posted.once().to_owned(),
    };
    let cx = visit.cx_once(posted.once());
    let result = if posted.get("press") == "preview" {
        let preview = reviews::preview(&app.service, &visit.cx(), &shown.form).await;
        preview.map(|preview| {
            shown.preview = Some(preview);
            None
        })
    } else {
        reviews::define(&app.service, &cx, &shown.form)
            .await
            .map(Some)
    };
    match result {
        Ok(Some(id)) => {
            let place = format!("{}/definitions/{id}", routes::REVIEWS);
            return done(&place, "review-saved");
        }
        Ok(None) => {}
        Err(Error::Invalid(errors)) => {
            shown.status = StatusCode::UNPROCESSABLE_ENTITY;
            shown.errors = errors;
        }
        Err(error) => return app.refuse(&visit, error),
    }
    shown.show(&app, &visit)
}

impl Shown {
    fn show(self, app: &App, visit: &Visit) -> Response {
        let page = Page::new("New review", routes::REVIEWS).under(&[("Reviews", routes::REVIEWS)]);
        let detail =
            "What is looked at, by whom, until when, and what happens to what nobody answers.";
        app.page(visit, page.status(self.status), || {
            let controls = controls(&self.form, &self.errors);
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            let preview = self.preview.as_ref().map(told);
            view! {
                <PageHeader title="New review" detail=detail />
                <Form idem=self.key problems=problems summary=summary>
                    {controls}
                    <FormActions>
                        <Button label="Save" name="press" value="save" kind=ButtonKind::Primary />
                        <Button label="Preview" name="press" value="preview" icon=Icon::ListChecks />
                        <Button label="Cancel" href=routes::REVIEWS kind=ButtonKind::Plain />
                    </FormActions>
                </Form>
                {preview}
            }
            .into_any()
        })
    }
}

/// What it would do.
fn told(preview: &Preview) -> AnyView {
    let counts = preview.counts;
    let more = if preview.capped { "more than " } else { "" };
    let mut lines = vec![format!(
        "{more}{} in scope: {} to decide by {} reviewers, {} left out.",
        number(counts.all),
        number(counts.included),
        number(counts.reviewers),
        number(counts.excluded)
    )];
    lines.extend(preview.sentences.iter().cloned());
    for (why, count) in &preview.excluded {
        lines.push(format!(
            "Left out, {}: {}.",
            why.label().to_lowercase(),
            number(*count)
        ));
    }
    for (why, count) in &preview.because {
        lines.push(format!(
            "Decided by whoever is {}: {}.",
            why.label(),
            number(*count)
        ));
    }
    for (flag, count) in &preview.flags {
        lines.push(format!(
            "Flagged, {}: {}.",
            flag.label().to_lowercase(),
            number(*count)
        ));
    }
    if preview.undescribed > 0 {
        lines.push(format!(
            "{} things have no description; their reviewers cannot know what they let people do.",
            number(preview.undescribed)
        ));
    }
    let lines = lines
        .into_iter()
        .map(|line| view! { <p dir="auto">{line}</p> })
        .collect_view();
    let nothing = (counts.included == 0).then(|| {
        view! {
            <Banner tone=Tone::Warn title="Nothing would be reviewed">
                <p>"Widen the scope, or look why everything is left out."</p>
            </Banner>
        }
    });
    let columns = vec![
        Column::new("Reviewer"),
        Column::new("Items").numeric(),
        Column::new("Note"),
    ];
    let rows = preview.shares.iter().map(|share| {
        let (name, items) = (share.reviewer.name.clone(), number(share.items));
        let note = if share.too_many {
            "More than anybody decides with care. Split it by department or application, or draw a sample."
        } else {
            ""
        };
        view! {
            <tr>
                <Cell column="Reviewer"><span dir="auto">{name}</span></Cell>
                <Cell column="Items" numeric=true>{items}</Cell>
                <Cell column="Note" wrap=true>{note}</Cell>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let some = !preview.shares.is_empty();
    view! {
        <section id="preview">
            {nothing}
            <Card title="What it would do now"><div class="prose">{lines}</div></Card>
            {some.then(|| view! { <Table caption="Who would decide most" columns=columns>{rows}</Table> })}
        </section>
    }
    .into_any()
}
