//! The page on which a rule is changed: its fields, and once it is planned, what the change would do and why it is made.

use axum::response::Response;
use leptos::prelude::*;
use service::plan::Plan;

use super::controls::Controls;
use super::detail::{Tab, gives_ended};
use super::edit::{Note, Shown};
use crate::conflict::conflict_banner;
use crate::page::Page;
use crate::plan::{apply_label, number_field, other_plan, plan_view};
use crate::posted::{error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Disclosure, Form, FormActions, FormSection, Hidden, PageHeader,
    TextArea,
};
use crate::visit::Visit;

impl Shown {
    /// The page.
    pub(super) fn show(&self, app: &App, visit: &Visit) -> Response {
        let name = self.open.detail.rule.content.name.clone();
        let back = self.back();
        let page = Page::new(format!("Edit {name}"), routes::RULES)
            .called("Edit")
            .under(&[("Rules", routes::RULES), (&name, &back)])
            .status(self.status);
        // A plan has tables, which need the width.
        let page = if self.plan.is_some() {
            page
        } else {
            page.text()
        };
        app.page(visit, page, || {
            let detail = if self.gives() {
                "It is active. Nothing changes before you have seen what it does."
            } else {
                "It gives nothing yet, so nobody gains or loses anything."
            };
            let version = self.version.micros().to_string();
            let (note, body) = (self.note(), self.body(visit));
            let ended = gives_ended(&self.open.detail);
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            view! {
                <PageHeader title=format!("Edit {name}") detail=detail />
                {note}
                {ended}
                <div class="rule-form">
                    <Form idem=self.key.clone() version=version problems=problems summary=summary>{body}</Form>
                </div>
            }
            .into_any()
        })
    }

    fn body(&self, visit: &Visit) -> AnyView {
        let owner = self.open.detail.owner.as_ref();
        let owner = owner.map(|owner| (owner.username.as_str(), owner.display_name.as_str()));
        let detail = &self.open.detail;
        let gives = match detail.gives_ended {
            Some(_) => format!("{}, which has ended", detail.gives),
            None => detail.gives.clone(),
        };
        let controls = Controls {
            posted: &self.posted,
            written: &self.written,
            errors: &self.errors,
            vocabulary: &self.open.vocabulary,
            owner,
            gives: Some((&self.open.what, &gives)),
        };
        let (fields, cancel) = (controls.view(), self.back());
        if let Some(plan) = &self.plan {
            return self.planned(visit, plan, fields, cancel);
        }
        let (step, label) = if self.gives() {
            ("plan", "See what it changes")
        } else {
            ("save", "Save changes")
        };
        // A reason that was typed beside a plan is not lost when the plan is not shown.
        let reason = Some(self.posted.text("reason")).filter(|reason| !reason.is_empty());
        let reason = reason.map(|reason| view! { <Hidden name="reason" value=reason /> });
        // Enter in a field sends the first button there is, which must not be one that writes the condition anew.
        view! {
            <button type="submit" name="step" value=step class="unseen" tabindex="-1">{label}</button>
            {fields}
            {reason}
            <FormActions>
                <Button label=label name="step" value=step kind=ButtonKind::Primary />
                <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
            </FormActions>
        }
        .into_any()
    }

    fn planned(&self, visit: &Visit, plan: &Plan, fields: AnyView, cancel: String) -> AnyView {
        let hand_over = self.hand_over(plan);
        let (hash, apply) = (plan.hash.clone(), apply_label(plan));
        let problem = error(&self.errors, "reason");
        let reason = self.posted.text("reason");
        let confirm = number_field(plan, self.posted.text("confirm"), &self.errors);
        let plan = plan_view(visit, plan);
        view! {
            <button type="submit" name="step" value="plan" class="unseen" tabindex="-1">"See again what it changes"</button>
            <Disclosure title="The rule as it will be" note="Open it to change more.">{fields}</Disclosure>
            {plan}
            {hand_over}
            <Hidden name="hash" value=hash />
            <FormSection title="Apply it">
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
                {confirm}
            </FormSection>
            <FormActions>
                <Button label=apply name="step" value="save" kind=ButtonKind::Primary />
                <Button label="See again what it changes" name="step" value="plan" />
                <Button label="Cancel" href=cancel kind=ButtonKind::Plain />
            </FormActions>
        }
        .into_any()
    }

    /// What the plan leaves out.
    fn hand_over(&self, plan: &Plan) -> Option<AnyView> {
        let days = self.posted.get("hand_over_days").trim().parse::<u16>();
        let days = days.ok().filter(|days| *days > 0 && plan.losses > 0)?;
        let text = format!(
            "Somebody to whom it no longer applies keeps what it gave for a hand-over of {}.",
            if days == 1 {
                "1 day".to_owned()
            } else {
                format!("{days} days")
            }
        );
        Some(view! { <p class="rule-intro">{text}</p> }.into_any())
    }

    fn note(&self) -> Option<AnyView> {
        match &self.note {
            Note::None => None,
            Note::Other => Some(other_plan()),
            Note::Same => {
                let banner = view! { <Banner title="This changes nothing">"The rule says exactly this already."</Banner> };
                Some(banner.into_any())
            }
            Note::Faster(theirs) => Some(conflict_banner(
                theirs.clone(),
                Tab::Timeline.path(self.id()),
            )),
        }
    }
}
