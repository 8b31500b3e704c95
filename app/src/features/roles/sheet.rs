//! The page on which the contents of a role are changed: the form, what stands above it, and below it what it would do.

use axum::response::Response;
use domain::field::FieldErrors;
use domain::lifecycle::Lifecycle;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use service::plan::Plan;
use service::roles::{RoleDetail, Versions};

use super::detail::Tab;
use super::draft::{Typed, named_in};
use super::parts::name_of;
use crate::format::exact;
use crate::page::Page;
use crate::plan::{apply_label, number_field, other_plan, plan_view};
use crate::posted::{error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Disclosure, Form, FormActions, FormSection, Hidden, PageHeader,
    TextArea, Tone,
};
use crate::visit::Visit;

/// Names in a sentence; more are counted.
const MOST_NAMES: usize = 10;

/// What stands above the form.
pub(super) enum Note {
    None,
    /// It begins with a past version, of which these are missing now.
    Back(Instant, Vec<String>),
    /// What was typed is in the role already.
    Same,
    /// The plan is not the one that was looked at.
    Other,
    /// Somebody else was faster; what they did, as far as it is known.
    Faster(Option<Box<Versions>>),
}

/// The page.
pub(super) struct Shown<'a> {
    pub(super) detail: &'a RoleDetail,
    pub(super) typed: Typed,
    pub(super) errors: FieldErrors,
    pub(super) plan: Option<Plan>,
    pub(super) note: Note,
    pub(super) status: StatusCode,
    pub(super) key: String,
}

/// The page with the contents of the role.
pub(super) fn back(detail: &RoleDetail) -> String {
    Tab::Contents.path(detail.role.id)
}

impl<'a> Shown<'a> {
    /// The form without a plan.
    pub(super) const fn new(detail: &'a RoleDetail, typed: Typed, key: String) -> Self {
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

    /// The answer.
    pub(super) fn show(&self, app: &App, visit: &Visit) -> Response {
        let name = self.detail.role.content.display_name.clone();
        let role = Tab::Overview.path(self.detail.role.id);
        let page = Page::new(format!("Change contents of {name}"), routes::ROLES)
            .called("Change contents")
            .under(&[("Roles", routes::ROLES), (&name, &role)])
            .status(self.status);
        app.page(visit, page, || {
            let version = self.detail.role.recorded_from.micros().to_string();
            let (note, rests, body) = (self.note(visit), self.rests(), self.body(visit));
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            view! {
                <PageHeader title=format!("Change contents of {name}") detail="Nothing changes before you have seen what it does." />
                {note}
                {rests}
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
        let (named, plan_view) = (self.named(plan), plan_view(visit, plan));
        let problem = error(&self.errors, "reason");
        let reason = self.typed.reason.clone();
        let hash = plan.hash.clone();
        let apply = apply_label(plan);
        let confirm = number_field(plan, self.typed.confirm.clone(), &self.errors);
        // Enter in a field sends the first button there is.
        view! {
            <button type="submit" name="step" value="plan" class="unseen" tabindex="-1">"See again what it changes"</button>
            <Disclosure title="What will be in it" note=note open=open>{fields}</Disclosure>
            {named}
            {plan_view}
            <Hidden name="hash" value=hash />
            <FormSection title="Apply it">
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
                {confirm}
            </FormSection>
            <FormActions>
                <Button label=apply name="step" value="apply" kind=ButtonKind::Primary />
                <Button label="See again what it changes" name="step" value="plan" />
                <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
            </FormActions>
        }
        .into_any()
    }

    /// What is taken out and what comes in, by name as far as the plan knows it.
    fn named(&self, plan: &Plan) -> AnyView {
        let named = |id: &str| {
            let mut all = plan.effects.iter().map(|effect| &effect.entitlement);
            all.find(|named| named.id.to_string() == id)
        };
        let come = self.typed.coming_in().into_iter();
        let come = come.map(|line| named(line).map_or(line, |named| named.display_name.as_str()));
        let come: Vec<&str> = come.collect();
        let out = line("Taken out: ", &self.typed.taken_out(self.detail));
        let come = line("Put in: ", &come);
        view! { <div class="contents-named">{out} {come}</div> }.into_any()
    }

    fn note(&self, visit: &Visit) -> Option<AnyView> {
        let banner = match &self.note {
            Note::None => return None,
            Note::Other => other_plan(),
            Note::Same => view! { <Banner title="This changes nothing">"The role contains exactly this already."</Banner> }.into_any(),
            Note::Back(from, missing) => self.back(*from, missing, visit),
            Note::Faster(between) => self.faster(between.as_deref()),
        };
        Some(banner)
    }

    /// Why nobody gains or loses anything by a role that is not in use.
    fn rests(&self) -> Option<AnyView> {
        let (title, text) = match self.detail.role.content.status {
            Lifecycle::Active => return None,
            Lifecycle::Suspended => (
                "This role is suspended",
                "So nobody gains or loses anything by this change now. Who does is shown before somebody resumes the role.",
            ),
            Lifecycle::Ended => (
                "This role has ended",
                "So nobody gains or loses anything by this change.",
            ),
        };
        Some(view! { <Banner title=title>{text}</Banner> }.into_any())
    }

    fn back(&self, from: Instant, missing: &[String], visit: &Visit) -> AnyView {
        let out = self.typed.taken_out(self.detail);
        let text = if out.is_empty() && missing.is_empty() {
            "It contained the same as now, so there is nothing to change."
        } else {
            "Nothing changes until you apply it."
        };
        let names: Vec<&str> = missing.iter().map(String::as_str).collect();
        let (out, come) = (line("Unticked: ", &out), line("To be put in: ", &names));
        let at = exact(from, &visit.zone());
        let title = format!("Filled in from the version of {at}");
        view! {
            <Banner title=title>
                <p>{text}</p>
                {out}
                {come}
            </Banner>
        }
        .into_any()
    }

    fn faster(&self, between: Option<&Versions>) -> AnyView {
        let lines = between.map(|between| {
            let names = |label, detail, whats| {
                let parts = named_in(detail, whats);
                let names: Vec<&str> = parts.into_iter().map(name_of).collect();
                line(label, &names)
            };
            let added = names("They put in: ", &between.newer, &between.added);
            let removed = names("They took out: ", &between.older, &between.removed);
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

/// A line with names; nothing without any.
fn line(label: &'static str, names: &[&str]) -> Option<AnyView> {
    let names = listed(names)?;
    Some(view! { <p><b>{label}</b> {names}</p> }.into_any())
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
