//! Observing, activating and ending a rule, and making it a draft again: a page that shows what it would do and asks why.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::RuleId;
use domain::rule::RuleState;
use http::StatusCode;
use leptos::prelude::*;
use service::Error;
use service::plan::{Applied, Plan};
use service::rules::{self, Asked, RuleDetail};

use super::detail::Tab;
use super::life::{effect, flash, from_word, is_planned, verb};
use super::open::editable;
use crate::page::{Page, done};
use crate::plan::{number_field, other_plan, plan_view, sentence};
use crate::posted::{Posted, error};
use crate::routes;
use crate::state::App;
use crate::ui::{Banner, Confirm, Crumb, Hidden, TextArea, Tone};
use crate::visit::Visit;

/// What stands above the question.
enum Note {
    None,
    /// The plan is not the one that was looked at.
    Other,
    /// Somebody else changed the rule.
    Faster,
}

/// What the page says besides what it would do.
struct Said {
    next: RuleState,
    reason: String,
    confirm: String,
    key: String,
    note: Note,
    errors: FieldErrors,
    status: StatusCode,
}

impl Said {
    const fn new(next: RuleState, key: String) -> Self {
        Self {
            next,
            reason: String::new(),
            confirm: String::new(),
            key,
            note: Note::None,
            errors: FieldErrors::new(),
            status: StatusCode::OK,
        }
    }
}

pub(super) async fn page(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
) -> Response {
    let Some(next) = from_word(&word) else {
        return app.nothing_here(&visit);
    };
    let said = Said::new(next, app.form_key());
    ask(&app, &visit, &id, said, None).await
}

pub(super) async fn take(
    State(app): State<App>,
    visit: Visit,
    Path((id, word)): Path<(String, String)>,
    posted: Posted,
) -> Response {
    let (Some(next), Ok(parsed)) = (from_word(&word), id.parse::<RuleId>()) else {
        return app.nothing_here(&visit);
    };
    let asked = Asked {
        reason: posted.text("reason"),
        hash: posted.text("hash"),
        confirm: posted.text("confirm"),
    };
    let cx = visit.cx_once(posted.once());
    let mut said = Said::new(next, posted.once().to_owned());
    said.reason.clone_from(&asked.reason);
    said.confirm.clone_from(&asked.confirm);
    let version = posted.version();
    let mut plan = None;
    match rules::step(&app.service, &cx, parsed, version, next, &asked).await {
        Ok(Applied::Done) => return done(&Tab::Overview.path(parsed), flash(next)),
        Ok(Applied::Same) => return done(&Tab::Overview.path(parsed), "same"),
        Ok(Applied::Different(other)) => {
            plan = Some(*other);
            said.note = Note::Other;
            said.status = StatusCode::CONFLICT;
            said.key = app.form_key();
        }
        Err(Error::Conflict) => {
            said.note = Note::Faster;
            said.status = StatusCode::CONFLICT;
            said.key = app.form_key();
        }
        Err(Error::Invalid(errors)) => {
            said.status = StatusCode::UNPROCESSABLE_ENTITY;
            said.errors = errors;
        }
        Err(error) => return app.refuse(&visit, error),
    }
    ask(&app, &visit, &id, said, plan).await
}

/// Shows what the step would do; it is planned here unless that was done already.
async fn ask(app: &App, visit: &Visit, id: &str, said: Said, plan: Option<Plan>) -> Response {
    let detail = match editable(app, visit, id).await {
        Ok(detail) => detail,
        Err(error) => return app.refuse(visit, error),
    };
    let from = detail.rule.content.state;
    if let Err(impossible) = from.to(said.next) {
        return app.refuse(visit, impossible.into());
    }
    if plan.is_some() || !is_planned(from, said.next) {
        return said.show(app, visit, &detail, plan.as_ref());
    }
    match rules::plan_step(&app.service, &visit.cx(), detail.rule.id, said.next).await {
        Ok(plan) => said.show(app, visit, &detail, Some(&plan)),
        Err(error) => app.refuse(visit, error),
    }
}

impl Said {
    fn show(self, app: &App, visit: &Visit, detail: &RuleDetail, plan: Option<&Plan>) -> Response {
        let next = self.next;
        let name = detail.rule.content.name.clone();
        let back = Tab::Overview.path(detail.rule.id);
        let title = match next {
            RuleState::Draft => format!("Make {name} a draft again"),
            next => format!("{} {name}", verb(next)),
        };
        let page = Page {
            crumbs: vec![Crumb::here(verb(next))],
            ..Page::new(title.clone(), routes::RULES)
        };
        let page = page
            .under(&[("Rules", routes::RULES), (&name, &back)])
            .status(self.status);
        app.page(visit, page, || {
            let note = self.note(detail);
            let question = self.question(detail, plan, &title, back);
            let plan = plan.map(|plan| plan_view(visit, plan));
            view! { {note} {question} {plan} }.into_any()
        })
    }

    fn note(&self, detail: &RuleDetail) -> Option<AnyView> {
        match self.note {
            Note::None => None,
            Note::Other => Some(other_plan()),
            Note::Faster => {
                let timeline = Tab::Timeline.path(detail.rule.id);
                let banner = view! {
                    <Banner tone=Tone::Warn title="Somebody else changed this rule since you opened it">
                        <p>"Nothing was done. This is the rule as it is now; look at it again."</p>
                        <p><a href=timeline>"See who changed what"</a></p>
                    </Banner>
                };
                Some(banner.into_any())
            }
        }
    }

    fn question(
        &self,
        detail: &RuleDetail,
        plan: Option<&Plan>,
        title: &str,
        back: String,
    ) -> AnyView {
        let from = detail.rule.content.state;
        let changes = from == RuleState::Active || self.next == RuleState::Active;
        let says = plan.map(|plan| {
            let sentence = sentence(plan);
            let text = if changes {
                sentence
            } else {
                format!("If it were active: {sentence}")
            };
            view! { <p><b>{text}</b></p> }
        });
        let confirm = plan
            .filter(|_| changes)
            .and_then(|plan| number_field(plan, self.confirm.clone(), &self.errors));
        let verb = match self.next {
            RuleState::Draft => "Make it a draft".to_owned(),
            next => format!("{} rule", verb(next)),
        };
        let hash = plan.map(|plan| plan.hash.clone()).unwrap_or_default();
        let version = detail.rule.recorded_from.micros().to_string();
        let effect = effect(from, self.next);
        let problem = error(&self.errors, "reason");
        let (reason, key) = (self.reason.clone(), self.key.clone());
        let danger = self.next == RuleState::Ended;
        view! {
            <Confirm title=format!("{title}?") verb=verb danger=danger idem=key version=version cancel=back>
                <p>{effect}</p>
                {says}
                <Hidden name="hash" value=hash />
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
                {confirm}
            </Confirm>
        }
        .into_any()
    }
}
