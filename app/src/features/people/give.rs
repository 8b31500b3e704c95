//! Giving something to many people: those that are ticked, or all that match a search. What it would do first, then how it
//! went with each.
//!
//! One form carries all of it, so what is applied is what stands on the page. The plan is made anew at every step.

use axum::extract::{RawQuery, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::IdentityId;
use domain::permission::Action;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::assignments::{GaveMany, GiveMany, GivenItem, PlannedGifts, may_give_some};
use service::people::MOST_AT_ONCE;

use super::bulk::{Chosen, chosen, nobody, other_set, people_count, set, table};
use crate::features::assignments::{
    apply, ask, asked_for, confirm_field, give_fields, planned_again, planned_view, results,
    results_sum, what_given,
};
use crate::page::{Page, done};
use crate::plan::other_plan;
use crate::posted::{Posted, problems, summary};
use crate::routes::{self, with_query};
use crate::state::App;
use crate::ui::{Button, ButtonKind, Disclosure, Form, FormActions, Hidden, PageHeader, Slot};
use crate::visit::Visit;

/// What stands above the form.
#[derive(Debug, Default)]
enum Note {
    #[default]
    None,
    /// The plan is not the one that was looked at.
    Other,
    /// Others match now than when the form was made.
    OtherSet,
}

/// The page besides whom it is about.
#[derive(Debug, Default)]
struct Sheet {
    key: String,
    status: StatusCode,
    note: Note,
    errors: FieldErrors,
    planned: Option<PlannedGifts>,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    RawQuery(query): RawQuery,
) -> Response {
    if let Err(error) = may_give_some(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let pairs: Vec<(String, String)> =
        serde_urlencoded::from_str(&query.unwrap_or_default()).unwrap_or_default();
    let mut filled = Vec::with_capacity(pairs.len());
    for (name, value) in pairs {
        // A page of an entitlement or role leads here with its id.
        let value = match name.as_str() {
            "what" => asked_for(&app, &visit, &value).await,
            _ => value,
        };
        filled.push((name, value));
    }
    let posted = Posted::filled_owned(filled);
    let chosen = match chosen(&app, &visit, &posted).await {
        Ok(chosen) => chosen,
        Err(error) => return app.refuse(&visit, error),
    };
    let sheet = Sheet {
        key: app.form_key(),
        ..Sheet::default()
    };
    sheet.show(&app, &visit, &posted, &chosen)
}

pub(super) async fn take(State(app): State<App>, visit: Visit, posted: Posted) -> Response {
    if let Err(error) = may_give_some(&app.service, &visit.cx()).await {
        return app.refuse(&visit, error);
    }
    let chosen = match chosen(&app, &visit, &posted).await {
        Ok(chosen) => chosen,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut sheet = Sheet {
        key: posted.once().to_owned(),
        ..Sheet::default()
    };
    let people = match &chosen {
        Chosen::Ticked(people) => people.iter().map(|(id, _)| *id).collect(),
        Chosen::Matching(matching, _) if matching.mark == posted.get("mark") => {
            matching.ids.clone()
        }
        Chosen::Matching(..) => {
            sheet.other(Note::OtherSet, app.form_key());
            return sheet.show(&app, &visit, &posted, &chosen);
        }
    };
    let ask = ask(&posted, people, vec![posted.text("what")]);
    match sheet.step(&app, &visit, &posted, &ask).await {
        Ok(None) => sheet.show(&app, &visit, &posted, &chosen),
        Ok(Some(response)) => response,
        Err(error) => app.refuse(&visit, error),
    }
}

impl Sheet {
    /// Plans, or gives what was planned; nothing is answered where the form comes back.
    async fn step(
        &mut self,
        app: &App,
        visit: &Visit,
        posted: &Posted,
        ask: &GiveMany,
    ) -> Result<Option<Response>, Error> {
        if ask.people.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
            return Ok(None);
        }
        if posted.get("step") == "apply" {
            match apply(&app.service, visit, ask, posted).await {
                Ok(GaveMany::Each(items)) => return Ok(Some(ended(app, visit, ask, &items))),
                Ok(GaveMany::Job(job)) => return Ok(Some(done(&routes::job(job), "job-asked"))),
                Ok(GaveMany::Different(planned)) => {
                    self.other(Note::Other, app.form_key());
                    self.planned = Some(*planned);
                    return Ok(None);
                }
                Err(Error::Invalid(errors)) => self.errors = errors,
                Err(error) => return Err(error),
            }
        } else {
            let errors = &mut self.errors;
            errors.required("reason", "The reason", posted.get("reason"), 500);
        }
        let planned = planned_again(&app.service, visit, ask, &mut self.errors).await?;
        if self.errors.is_empty() || self.errors.of("confirm").is_some() {
            self.planned = planned;
        }
        if !self.errors.is_empty() {
            self.status = StatusCode::UNPROCESSABLE_ENTITY;
        }
        Ok(None)
    }

    /// Says that it is not what was looked at.
    fn other(&mut self, note: Note, key: String) {
        self.note = note;
        self.key = key;
        self.status = StatusCode::CONFLICT;
    }

    fn show(&self, app: &App, visit: &Visit, posted: &Posted, chosen: &Chosen) -> Response {
        let page = Page::new("Give access to several people", routes::PEOPLE)
            .called("Give access")
            .under(&[("People", routes::PEOPLE)])
            .status(self.status);
        if chosen.is_empty() {
            return app.page(visit, page, || nobody("Give access to several people"));
        }
        app.page(visit, page, || {
            let title = format!("Give access to {}", people_count(chosen.len()));
            let note = match self.note {
                Note::None => None,
                Note::Other => Some(other_plan()),
                Note::OtherSet => Some(other_set(posted, chosen.len())),
            };
            let body = self.body(visit, posted, chosen);
            let who = self.planned.is_none().then(|| table(visit, chosen, Action::GiveAccess));
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            view! {
                <PageHeader title=title detail="Nothing is given before you have seen what it does." />
                {note}
                <div class="contents-form">
                    <Form idem=self.key.clone() problems=problems summary=summary>{body}</Form>
                </div>
                {who}
            }
            .into_any()
        })
    }

    fn body(&self, visit: &Visit, posted: &Posted, chosen: &Chosen) -> AnyView {
        let fields = give_fields(posted, &self.errors);
        let set = set(chosen, posted);
        let Some(planned) = &self.planned else {
            return view! {
                {set}
                {fields}
                <FormActions>
                    <Button label="See what it does" name="step" value="plan" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=routes::PEOPLE kind=ButtonKind::Plain />
                </FormActions>
            }
            .into_any();
        };
        let view = planned_view(visit, planned);
        let confirm = confirm_field(planned, posted, &self.errors);
        let hash = planned.plan.hash.clone();
        let later = (chosen.len() > MOST_AT_ONCE).then(|| {
            view! { <p class="plan-sentence">"It is done in the background, one person after the other; its page says how far it is and who was left out, and why."</p> }
        });
        let apply = (planned.given > 0).then(|| {
            let label = format!(
                "Give to {}",
                people_count(usize::try_from(planned.given).unwrap_or(usize::MAX))
            );
            view! { <Button label=label name="step" value="apply" kind=ButtonKind::Primary /> }
        });
        view! {
            {set}
            <Hidden name="hash" value=hash />
            <Disclosure title="What, why and how long" note=what_given(planned)>{fields}</Disclosure>
            {view}
            {later}
            {confirm}
            <FormActions>
                {apply}
                <Button label="See again what it does" name="step" value="plan" />
                <Button label="Cancel" href=routes::PEOPLE kind=ButtonKind::Plain />
            </FormActions>
        }
        .into_any()
    }
}

/// How it went with each.
fn ended(app: &App, visit: &Visit, ask: &GiveMany, items: &[GivenItem]) -> Response {
    let page = Page::new("Give access: result", routes::PEOPLE)
        .called("Give access")
        .under(&[("People", routes::PEOPLE)]);
    app.page(visit, page, || {
        let failed = items.iter().filter(|item| item.result.is_err());
        let failed: Vec<IdentityId> = failed.map(|item| item.person).collect();
        let retry = (!failed.is_empty()).then(|| {
            let href = again(ask, &failed);
            view! { <Button label="Try the failed ones again" href=href /> }
        });
        let actions =
            Slot::from(view! { {retry} <Button label="Back to the list" href=routes::PEOPLE /> });
        let (sum, table) = (results_sum(items), results(visit, items));
        view! {
            <PageHeader title="Give access" detail=sum actions=actions />
            {table}
        }
        .into_any()
    })
}

/// The form with what was typed, for some of the people.
fn again(ask: &GiveMany, people: &[IdentityId]) -> String {
    let ids: Vec<String> = people.iter().map(ToString::to_string).collect();
    let what = ask.what.first().map_or("", String::as_str);
    let typed = [
        ("what", what),
        ("reason", &ask.reason),
        ("from", &ask.from),
        ("until", &ask.until),
    ];
    let parts: Vec<(&str, &str)> = typed
        .into_iter()
        .chain(ids.iter().map(|id| ("id", id.as_str())))
        .collect();
    with_query(routes::PEOPLE_GIVE, &parts)
}
