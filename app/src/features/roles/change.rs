//! Changing what is in a role: the form, what it would do, and the change, if it still does that.
//!
//! One form carries all of it, so what is applied is what stands on the page. A plan is made anew at every step and never
//! kept: its hash tells whether it is the one that was looked at.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use serde::Deserialize;
use service::plan::{Applied, Plan};
use service::roles::{self, RoleDetail, Versions};
use service::{Error, Service};

use super::detail::Tab;
use super::draft::{Typed, named_in};
use super::form::editable;
use super::parts::{id_of, name_of};
use crate::format::short;
use crate::page::{Page, done};
use crate::plan::{apply_label, other_plan, plan_view};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Disclosure, Form, FormActions, FormSection, Hidden, PageHeader,
    TextArea, Tone,
};
use crate::visit::Visit;

/// Names in a sentence; more are counted.
const MOST_NAMES: usize = 10;

/// What the form begins with: a version to go back to, or else what is in the role.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Begin {
    from: String,
}

/// What stands above the form.
enum Note {
    None,
    /// It begins with a past version.
    Back(Instant),
    /// What was typed is in the role already.
    Same,
    /// The plan is not the one that was looked at.
    Other,
    /// Somebody else was faster; what they did, as far as it is known.
    Faster(Option<Box<Versions>>),
}

/// The page.
struct Shown<'a> {
    detail: &'a RoleDetail,
    typed: Typed,
    errors: FieldErrors,
    plan: Option<Plan>,
    note: Note,
    status: StatusCode,
    key: String,
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    Query(begin): Query<Begin>,
) -> Response {
    let detail = match editable(&app, &visit, &id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    let mut shown = Shown::new(&detail, Typed::present(&detail), app.form_key());
    if !begin.from.is_empty() {
        let Ok(from) = begin.from.parse::<Instant>() else {
            return app.nothing_here(&visit);
        };
        let id = detail.role.id;
        match roles::read(&app.service, &visit.cx(), id, Some(from)).await {
            Ok(past) => shown.typed = Typed::back_to(&detail, &past),
            Err(error) => return app.refuse(&visit, error),
        }
        shown.note = Note::Back(from);
    }
    shown.show(&app, &visit)
}

pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let detail = match editable(&app, &visit, &id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(&visit, error),
    };
    let typed = Typed::of(&posted);
    let opened = posted.version();
    let mut shown = Shown::new(&detail, typed.clone(), posted.once().to_owned());
    if posted.get("step") == "apply" {
        // The service compares the version, after it has seen whether this very form was carried out before.
        match shown.apply(&app.service, &visit, opened, &posted).await {
            Ok(Applied::Done) => return done(&back(&detail), "contents-changed"),
            Ok(Applied::Same) => return done(&back(&detail), "same"),
            Ok(Applied::Different(plan)) => {
                shown.plan = Some(*plan);
                shown.note = Note::Other;
                shown.status = StatusCode::CONFLICT;
                shown.key = app.form_key();
                return shown.show(&app, &visit);
            }
            Err(Error::Invalid(errors)) => shown.refused(errors),
            Err(Error::Conflict) => return faster(&app, &visit, &id, opened, typed).await,
            Err(error) => return app.refuse(&visit, error),
        }
    } else if opened != detail.role.recorded_from {
        return faster(&app, &visit, &id, opened, typed).await;
    }
    let draft = shown.typed.draft();
    match roles::plan_contents(&app.service, &visit.cx(), detail.role.id, &draft).await {
        Ok(planned) if planned.changes => shown.plan = Some(planned.plan),
        Ok(_) => shown.note = Note::Same,
        Err(Error::Invalid(errors)) => shown.refused(errors),
        Err(error) => return app.refuse(&visit, error),
    }
    shown.show(&app, &visit)
}

/// The form on the version that somebody else made meanwhile. What they put in is ticked: leaving it out is a choice, too.
async fn faster(app: &App, visit: &Visit, id: &str, opened: Instant, mut typed: Typed) -> Response {
    let detail = match editable(app, visit, id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(visit, error),
    };
    let (id, now) = (detail.role.id, detail.role.recorded_from);
    // Only a help: without it the banner says the same, and the form shows how the role is now.
    let between = roles::compare(&app.service, &visit.cx(), id, opened, now).await;
    let between = between.ok().map(Box::new);
    if let Some(between) = &between {
        typed
            .keep
            .extend(between.added.iter().map(|what| id_of(*what)));
    }
    let mut shown = Shown::new(&detail, typed, app.form_key());
    shown.note = Note::Faster(between);
    shown.status = StatusCode::CONFLICT;
    shown.show(app, visit)
}

/// The page with the contents of the role.
fn back(detail: &RoleDetail) -> String {
    Tab::Contents.path(detail.role.id)
}

impl<'a> Shown<'a> {
    const fn new(detail: &'a RoleDetail, typed: Typed, key: String) -> Self {
        Self {
            detail,
            typed,
            errors: FieldErrors::new(),
            plan: None,
            note: Note::None,
            status: StatusCode::OK,
            key,
        }
    }

    async fn apply(
        &self,
        service: &Service,
        visit: &Visit,
        opened: Instant,
        posted: &Posted,
    ) -> Result<Applied, Error> {
        let cx = visit.cx_once(posted.once());
        let (id, draft) = (self.detail.role.id, self.typed.draft());
        roles::change_contents(service, &cx, id, opened, &draft, posted.get("hash")).await
    }

    /// Shows problems; those that came first stay.
    fn refused(&mut self, errors: FieldErrors) {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        if self.errors.is_empty() {
            self.errors = errors;
        }
    }

    fn show(&self, app: &App, visit: &Visit) -> Response {
        let name = self.detail.role.content.display_name.clone();
        let role = Tab::Overview.path(self.detail.role.id);
        let page = Page::new(format!("Change contents of {name}"), routes::ROLES)
            .called("Change contents")
            .under(&[("Roles", routes::ROLES), (&name, &role)])
            .status(self.status);
        app.page(visit, page, || {
            let version = self.detail.role.recorded_from.micros().to_string();
            let (note, body) = (self.note(visit), self.body(visit));
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            view! {
                <PageHeader title=format!("Change contents of {name}") detail="Nothing changes before you have seen what it does." />
                {note}
                <div class="contents-form">
                    <Form idem=self.key.clone() version=version problems=problems summary=summary>{body}</Form>
                </div>
            }
            .into_any()
        })
    }

    fn body(&self, visit: &Visit) -> AnyView {
        let fields = self.typed.fields(self.detail, &self.errors);
        let cancel = back(self.detail);
        let Some(plan) = &self.plan else {
            return view! {
                {fields}
                <FormActions>
                    <Button label="See what it changes" name="step" value="plan" kind=ButtonKind::Primary />
                    <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
                </FormActions>
            }
            .into_any();
        };
        let open = self.errors.of("add").is_some();
        let note = self.typed.summary(self.detail);
        let (named, plan_view) = (self.named(), plan_view(visit, plan));
        let problem = error(&self.errors, "reason");
        let reason = self.typed.reason.clone();
        let hash = plan.hash.clone();
        let apply = apply_label(plan);
        view! {
            <Disclosure title="What will be in it" note=note open=open>{fields}</Disclosure>
            {named}
            {plan_view}
            <Hidden name="hash" value=hash />
            <FormSection title="Apply it">
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
            </FormSection>
            <FormActions>
                <Button label=apply name="step" value="apply" kind=ButtonKind::Primary />
                <Button label="See again what it changes" name="step" value="plan" />
                <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
            </FormActions>
        }
        .into_any()
    }

    /// What is taken out and what comes in, by name.
    fn named(&self) -> AnyView {
        let line = |label: &'static str, names: Vec<&str>| {
            let names = listed(&names)?;
            Some(view! { <p><b>{label}</b> {names}</p> })
        };
        let out = line("Taken out: ", self.typed.taken_out(self.detail));
        let come = line("Put in: ", self.typed.coming_in());
        view! { <div class="contents-named">{out} {come}</div> }.into_any()
    }

    fn note(&self, visit: &Visit) -> Option<AnyView> {
        let banner = match &self.note {
            Note::None => return None,
            Note::Other => other_plan(),
            Note::Same => view! { <Banner title="This changes nothing">"The role contains exactly this already."</Banner> }.into_any(),
            Note::Back(from) => {
                let same = self.typed.taken_out(self.detail).is_empty() && self.typed.coming_in().is_empty();
                let text = if same {
                    "It contained the same as now, so there is nothing to change."
                } else {
                    "What it did not have is unticked, and what is missing now stands below to be put in. Nothing changes until you apply it."
                };
                let title = format!("Filled in from the version of {}", short(*from, visit.now, &visit.zone()));
                view! { <Banner title=title>{text}</Banner> }.into_any()
            }
            Note::Faster(between) => self.faster(between.as_deref()),
        };
        Some(banner)
    }

    fn faster(&self, between: Option<&Versions>) -> AnyView {
        let lines = between.map(|between| {
            let names = |detail, whats| {
                let parts = named_in(detail, whats);
                let names: Vec<&str> = parts.into_iter().map(name_of).collect();
                listed(&names)
            };
            let added = names(&between.newer, &between.added);
            let removed = names(&between.older, &between.removed);
            let added = added.map(|names| view! { <p><b>"They put in: "</b> {names}</p> });
            let removed = removed.map(|names| view! { <p><b>"They took out: "</b> {names}</p> });
            view! { {added} {removed} }
        });
        let timeline = Tab::Timeline.path(self.detail.role.id);
        view! {
            <Banner tone=Tone::Warn title="Somebody else changed this role since you opened it">
                <p>"Nothing of yours is saved yet. The form shows the role as it is now, with what you unticked and typed. Look at it again."</p>
                {lines}
                <p><a href=timeline>"See who changed what"</a></p>
            </Banner>
        }
        .into_any()
    }
}

/// `Reader, Writer and 3 more.`; nothing without names.
fn listed(names: &[&str]) -> Option<String> {
    let first = names.get(..MOST_NAMES).unwrap_or(names).join(", ");
    match (names.len(), names.len().saturating_sub(MOST_NAMES)) {
        (0, _) => None,
        (_, 0) => Some(format!("{first}.")),
        (_, more) => Some(format!("{first} and {more} more.")),
    }
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_long_list_of_names_is_cut_and_counted() {
        assert_eq!(listed(&[]), None);
        assert_eq!(
            listed(&["Reader", "Writer"]).as_deref(),
            Some("Reader, Writer.")
        );
        let many = vec!["x"; 13];
        assert!(listed(&many).is_some_and(|text| text.ends_with("x and 3 more.")));
    }
}
