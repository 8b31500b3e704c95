//! What I can do about what I have: ask for more time, activate it, give it back. Each a page with its consequence.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::{AssignmentId, RequestId};
use http::StatusCode;
use leptos::prelude::*;
use maud::html;
use service::Error;
use service::requests::{self, MyAssignment};

use super::words::{counted, last_day, things};
use crate::page::{Page, done};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::leaf::leaf;
use crate::ui::{
    Button, ButtonKind, Confirm, Form, FormActions, FormSection, InputKind, PageHeader, TextArea,
    TextField,
};
use crate::visit::Visit;

/// Things that are lost that are named.
const NAMED: usize = 12;

async fn open(app: &App, visit: &Visit, id: &str) -> Result<(AssignmentId, MyAssignment), Error> {
    let id: AssignmentId = id.parse().map_err(|_| Error::NotFound)?;
    Ok((
        id,
        requests::my_assignment(&app.service, &visit.cx(), id).await?,
    ))
}

fn framed(title: &str, name: &str, status: StatusCode) -> Page {
    let page = Page::new(format!("{title} · My access"), routes::ME).called(name);
    page.under(&[("My access", routes::ME)])
        .text()
        .status(status)
}

/// What a form came back with.
struct Sheet<'a> {
    posted: &'a Posted,
    errors: &'a FieldErrors,
    status: StatusCode,
}

impl Sheet<'_> {
    fn reason(&self, hint: &'static str) -> AnyView {
        view! { <TextArea name="reason" label="Reason" value=self.posted.text("reason") error=error(self.errors, "reason") required=true maxlength=500 rows=2 hint=hint /> }.into_any()
    }
}

/// Shows a form anew after it was refused, or leads on.
fn asked(result: Result<RequestId, Error>, code: &'static str) -> Result<Response, Error> {
    let to = |id: String| {
        if code == "activated" {
            routes::ME.to_owned()
        } else {
            format!("{}/{id}", routes::REQUESTS)
        }
    };
    match result {
        Ok(id) => Ok(done(&to(id.to_string()), code)),
        Err(Error::AlreadyDone(id)) => Ok(done(&to(id), "already")),
        Err(error) => Err(error),
    }
}

pub(super) async fn give_back_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let posted = Posted::filled([("idem", app.form_key())]);
    let errors = FieldErrors::new();
    let sheet = Sheet {
        posted: &posted,
        errors: &errors,
        status: StatusCode::OK,
    };
    match open(&app, &visit, &id).await {
        Ok((_, mine)) => show_back(&app, &visit, &mine, &sheet),
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn give_back(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (id, mine) = match open(&app, &visit, &id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    match requests::give_back(&app.service, &cx, id, posted.get("reason")).await {
        Ok(()) => done(routes::ME, "given-back"),
        Err(Error::AlreadyDone(_)) => done(routes::ME, "already"),
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let sheet = Sheet {
                posted: &posted,
                errors: &errors,
                status,
            };
            show_back(&app, &visit, &mine, &sheet)
        }
        Err(error) => app.refuse(&visit, error),
    }
}

fn show_back(app: &App, visit: &Visit, mine: &MyAssignment, sheet: &Sheet<'_>) -> Response {
    let name = &mine.name;
    let title = format!("Give back {name}?");
    app.page(visit, framed(&title, "Give back", sheet.status), || {
        let lost = leaf(lost(mine));
        let reason = sheet.reason("Such as: not my task any more. It stays in the log.");
        view! {
            <Confirm title=title.clone() verb="Give back" danger=true idem=sheet.posted.once() cancel=routes::ME>
                {lost}
                {reason}
            </Confirm>
        }
        .into_any()
    })
}

fn lost(mine: &MyAssignment) -> maud::Markup {
    let more = mine.lost.len().saturating_sub(NAMED);
    html! {
        @if mine.lost.is_empty() {
            p { "You lose nothing that you can use now: you have it in another way, too, or it is not active." }
        } @else {
            p { "You will not have " b { (things(mine.lost.len())) } " any more:" }
            ul {
                @for one in mine.lost.iter().take(NAMED) {
                    li dir="auto" { (one.display_name) " in " (one.application_display) }
                }
                @if more > 0 { li { "and " (things(more)) " more" } }
            }
        }
        p { "It ends at once. To have it again, you ask for it again." }
    }
}

pub(super) async fn more_time_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    let days = |mine: &MyAssignment| mine.longest_days.unwrap_or(30).min(30).to_string();
    match open(&app, &visit, &id).await {
        Ok((_, mine)) => {
            let posted = Posted::filled([("idem", app.form_key()), ("days", days(&mine))]);
            let errors = FieldErrors::new();
            let sheet = Sheet {
                posted: &posted,
                errors: &errors,
                status: StatusCode::OK,
            };
            show_more(&app, &visit, &mine, &sheet)
        }
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn more_time(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (id, mine) = match open(&app, &visit, &id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    let (days, reason) = (posted.get("days"), posted.get("reason"));
    match asked(
        requests::extend(&app.service, &cx, id, days, reason).await,
        "asked",
    ) {
        Ok(response) => response,
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let sheet = Sheet {
                posted: &posted,
                errors: &errors,
                status,
            };
            show_more(&app, &visit, &mine, &sheet)
        }
        Err(error) => app.refuse(&visit, error),
    }
}

fn show_more(app: &App, visit: &Visit, mine: &MyAssignment, sheet: &Sheet<'_>) -> Response {
    let title = format!("More time for {}", mine.name);
    let detail = match mine.assignment.content.valid_until {
        Some(end) => format!(
            "It ends on {}. Who approved it is asked again.",
            last_day(end, visit)
        ),
        None => "It does not end by itself.".to_owned(),
    };
    let hint = match mine.longest_days {
        Some(most) => format!("From when it is approved, at most {most}."),
        None => "From when it is approved; empty is without an end.".to_owned(),
    };
    let page = framed(&title, "More time", sheet.status);
    app.page(visit, page, || {
        let (problems, summary) = (problems(sheet.errors), summary(sheet.errors));
        let required = mine.longest_days.is_some();
        let days = view! { <TextField name="days" label="Days" kind=InputKind::Number value=sheet.posted.text("days") error=error(sheet.errors, "days") hint=hint required=required /> };
        let reason = sheet.reason("Whoever decides reads this.");
        view! {
            <PageHeader title=title.clone() detail=detail />
            <Form idem=sheet.posted.once() problems=problems summary=summary>
                <FormSection title="How long, and why">
                    {days}
                    {reason}
                </FormSection>
                <FormActions>
                    <Button label="Ask for more time" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::ME kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}

pub(super) async fn activate_page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
) -> Response {
    match open(&app, &visit, &id).await {
        Ok((_, mine)) => {
            let hours = mine.most_hours.min(4).to_string();
            let posted = Posted::filled([("idem", app.form_key()), ("hours", hours)]);
            let errors = FieldErrors::new();
            let sheet = Sheet {
                posted: &posted,
                errors: &errors,
                status: StatusCode::OK,
            };
            show_activate(&app, &visit, &mine, &sheet)
        }
        Err(error) => app.refuse(&visit, error),
    }
}

pub(super) async fn activate(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (id, mine) = match open(&app, &visit, &id).await {
        Ok(found) => found,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    let (hours, reason) = (posted.get("hours"), posted.get("reason"));
    match asked(
        requests::activate(&app.service, &cx, id, hours, reason).await,
        "activated",
    ) {
        Ok(response) => response,
        Err(Error::Invalid(errors)) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            let sheet = Sheet {
                posted: &posted,
                errors: &errors,
                status,
            };
            show_activate(&app, &visit, &mine, &sheet)
        }
        Err(error) => app.refuse(&visit, error),
    }
}

fn show_activate(app: &App, visit: &Visit, mine: &MyAssignment, sheet: &Sheet<'_>) -> Response {
    let title = format!("Activate {}", mine.name);
    let detail = if mine.approval {
        "Somebody must approve it first. It then ends by itself."
    } else {
        "It is active at once, and ends by itself."
    };
    let hint = format!("At most {}.", counted(mine.most_hours as usize, "hour"));
    let page = framed(&title, "Activate", sheet.status);
    app.page(visit, page, || {
        let (problems, summary) = (problems(sheet.errors), summary(sheet.errors));
        let hours = view! { <TextField name="hours" label="Hours" kind=InputKind::Number value=sheet.posted.text("hours") error=error(sheet.errors, "hours") hint=hint required=true /> };
        let reason = sheet.reason("Such as the number of an incident. It stays in the log.");
        view! {
            <PageHeader title=title.clone() detail=detail />
            <Form idem=sheet.posted.once() problems=problems summary=summary>
                <FormSection title="How long, and why">
                    {hours}
                    {reason}
                </FormSection>
                <FormActions>
                    <Button label="Activate" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::ME kind=ButtonKind::Plain />
                </FormActions>
            </Form>
        }
        .into_any()
    })
}
