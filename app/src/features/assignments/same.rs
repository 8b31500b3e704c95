//! Giving a person what a colleague has: what was ticked where the two stand side by side, what it would do, why and how
//! long.

use axum::extract::{Path, RawQuery, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::identity::IdentityStatus;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::assignments::{GaveMany, GivenItem, PlannedGifts};
use service::people::{self, Person};

use super::gifts::{
    apply, ask, confirm_field, planned_again, planned_view, results, summed, what_given,
};
use super::open::{access, permitted};
use crate::page::{Page, done};
use crate::plan::other_plan;
use crate::posted::{Posted, error, problems, summary};
use crate::routes::{self, below, with_query};
use crate::state::App;
use crate::ui::{
    Button, ButtonKind, Empty, EmptyKind, FieldRow, Form, FormActions, FormSection, Hidden,
    InputKind, PageHeader, Slot, TextArea, TextField,
};
use crate::visit::Visit;

/// The two people.
struct Pair {
    person: Person,
    id: IdentityId,
    other: Option<Person>,
}

impl Pair {
    /// Both, if the visitor may change what the first has and may see the other.
    async fn open(app: &App, visit: &Visit, id: &str, posted: &Posted) -> Result<Self, Error> {
        let id: IdentityId = id.parse().map_err(|_| Error::NotFound)?;
        let person = people::read(&app.service, &visit.cx(), id).await?;
        permitted(app, visit, id).await?;
        if person.identity.content.status == IdentityStatus::Ended {
            let name = &person.identity.content.display_name;
            let text = format!("{name} has left, so nothing can be given to them.");
            return Err(Error::Refused(text));
        }
        let other = match posted.get("with").trim() {
            "" => None,
            with => {
                let with: IdentityId = with.parse().map_err(|_| Error::NotFound)?;
                Some(people::read(&app.service, &visit.cx(), with).await?)
            }
        };
        Ok(Self { person, id, other })
    }

    fn name(&self) -> &str {
        &self.person.identity.content.display_name
    }

    fn title(&self) -> String {
        match &self.other {
            Some(other) => {
                let other = &other.identity.content.display_name;
                format!("Give {} what {other} has", self.name())
            }
            None => format!("Give {} what a colleague has", self.name()),
        }
    }

    /// Where the two stand side by side.
    fn compare(&self) -> String {
        let with = self
            .other
            .as_ref()
            .map(|other| other.identity.id.to_string());
        let path = below(routes::PEOPLE, self.id, "compare");
        with_query(&path, &[("with", &with.unwrap_or_default())])
    }
}

/// The page besides whom it is about.
#[derive(Default)]
struct Sheet {
    key: String,
    status: StatusCode,
    other: bool,
    errors: FieldErrors,
    planned: Option<PlannedGifts>,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
) -> Response {
    let pairs = serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let posted = Posted::filled_owned(pairs);
    let pair = match Pair::open(&app, &visit, &id, &posted).await {
        Ok(pair) => pair,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut sheet = Sheet {
        key: app.form_key(),
        ..Sheet::default()
    };
    let what = posted.all("what");
    if !what.is_empty() {
        let ask = ask(&posted, vec![pair.id], what);
        let planned = planned_again(&app.service, &visit, &ask, &mut sheet.errors).await;
        match planned {
            Ok(planned) => sheet.planned = planned,
            Err(error) => return app.refuse(&visit, error),
        }
        // Only what the address asks for can be wrong here.
        if !sheet.errors.is_empty() {
            return app.refuse(&visit, Error::Invalid(sheet.errors));
        }
    }
    sheet.show(&app, &visit, &posted, &pair)
}

pub(super) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let pair = match Pair::open(&app, &visit, &id, &posted).await {
        Ok(pair) => pair,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut sheet = Sheet {
        key: posted.once().to_owned(),
        ..Sheet::default()
    };
    let what = posted.all("what");
    if what.is_empty() {
        sheet.status = StatusCode::UNPROCESSABLE_ENTITY;
        return sheet.show(&app, &visit, &posted, &pair);
    }
    let ask = ask(&posted, vec![pair.id], what);
    match apply(&app.service, &visit, &ask, &posted).await {
        Ok(GaveMany::Each(items)) if items.iter().all(|item| item.result.is_ok()) => {
            return done(&access(pair.id), "access-given");
        }
        Ok(GaveMany::Each(items)) => return ended(&app, &visit, &pair, &items),
        Ok(GaveMany::Job(job)) => return done(&routes::job(job), "job-asked"),
        Ok(GaveMany::Different(planned)) => {
            sheet.other = true;
            sheet.key = app.form_key();
            sheet.status = StatusCode::CONFLICT;
            sheet.planned = Some(*planned);
            return sheet.show(&app, &visit, &posted, &pair);
        }
        Err(Error::Invalid(errors)) => {
            sheet.errors = errors;
            sheet.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Err(error) => return app.refuse(&visit, error),
    }
    // The plan does not depend on the days, so it stands there also where these are wrong.
    let mut plain = ask;
    plain.from.clear();
    plain.until.clear();
    let planned = planned_again(&app.service, &visit, &plain, &mut sheet.errors).await;
    match planned {
        Ok(planned) => sheet.planned = planned,
        Err(error) => return app.refuse(&visit, error),
    }
    sheet.show(&app, &visit, &posted, &pair)
}

fn framed(pair: &Pair, title: String, status: StatusCode) -> Page {
    let own = format!("{}/{}", routes::PEOPLE, pair.id);
    let compare = pair.compare();
    let parents = [
        ("People", routes::PEOPLE),
        (pair.name(), own.as_str()),
        ("Compare", compare.as_str()),
    ];
    Page::new(title, routes::PEOPLE)
        .called("Give")
        .under(&parents)
        .status(status)
}

impl Sheet {
    fn show(&self, app: &App, visit: &Visit, posted: &Posted, pair: &Pair) -> Response {
        let title = pair.title();
        let page = framed(pair, title.clone(), self.status);
        if posted.all("what").is_empty() {
            return app.page(visit, page, || {
                let back = pair.compare();
                view! {
                    <PageHeader title=title />
                    <Empty kind=EmptyKind::NoMatch title="Nothing is ticked" text="Go back to the two of them and tick what is to be given.">
                        <Button label="Back" href=back />
                    </Empty>
                }
                .into_any()
            });
        }
        app.page(visit, page, || {
            let note = self.other.then(other_plan);
            let body = self.body(visit, posted, pair);
            let what = self.planned.as_ref().map(|planned| {
                let text = format!("What is ticked: {}.", what_given(planned));
                view! { <p class="plan-sentence">{text}</p> }
            });
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            view! {
                <PageHeader title=title detail="Nothing is given before you have seen what it does." />
                {note}
                {what}
                <div class="contents-form">
                    <Form idem=self.key.clone() problems=problems summary=summary>{body}</Form>
                </div>
            }
            .into_any()
        })
    }

    fn body(&self, visit: &Visit, posted: &Posted, pair: &Pair) -> AnyView {
        let kept = posted.all("what").into_iter();
        let kept = kept.map(|what| view! { <Hidden name="what" value=what /> });
        let kept = kept.collect_view();
        let with = pair.other.as_ref().map(|other| {
            let id = other.identity.id.to_string();
            view! { <Hidden name="with" value=id /> }
        });
        let planned = self.planned.as_ref();
        let hash =
            planned.map(|planned| view! { <Hidden name="hash" value=planned.plan.hash.clone() /> });
        let view = planned.map(|planned| planned_view(visit, planned));
        let confirm = planned.and_then(|planned| confirm_field(planned, posted, &self.errors));
        let apply = planned.is_some_and(|planned| planned.given > 0).then(|| {
            let label = format!("Give to {}", pair.name());
            view! { <Button label=label kind=ButtonKind::Primary /> }
        });
        let (fields, cancel) = (self.fields(posted), pair.compare());
        view! {
            {kept}
            {with}
            {hash}
            {view}
            {fields}
            {confirm}
            <FormActions>
                {apply}
                <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
            </FormActions>
        }
        .into_any()
    }

    fn fields(&self, posted: &Posted) -> AnyView {
        let problem = |name: &str| error(&self.errors, name);
        let day = |name: &'static str, label: &'static str, hint: &'static str| {
            view! { <TextField name=name label=label kind=InputKind::Date value=posted.text(name) error=problem(name) hint=hint /> }
        };
        let (from, until) = (
            day("from", "First day", "Empty: from now on."),
            day("until", "Last day", "Empty: without an end."),
        );
        let reason = view! {
            <TextArea name="reason" label="Reason" value=posted.text("reason") error=problem("reason") required=true maxlength=500 rows=2 hint="Whoever reviews it reads this. It stays in the log." />
        };
        view! {
            <FormSection title="Why and how long">
                {reason}
                <FieldRow>{from} {until}</FieldRow>
            </FormSection>
        }
        .into_any()
    }
}

/// How it went with each thing, where something was not done.
fn ended(app: &App, visit: &Visit, pair: &Pair, items: &[GivenItem]) -> Response {
    let page = framed(pair, pair.title(), StatusCode::OK);
    app.page(visit, page, || {
        let (back, own) = (pair.compare(), access(pair.id));
        let actions = Slot::from(view! {
            <Button label="Back to the two of them" href=back />
            <Button label="Their access" href=own />
        });
        let (title, sum, table) = (pair.title(), summed(items), results(visit, items));
        view! {
            <PageHeader title=title detail=sum actions=actions />
            {table}
        }
        .into_any()
    })
}
