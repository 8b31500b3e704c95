//! Changing a rule. A draft, and one that is observed, is saved at once; of an active one it is shown first what that does,
//! and it is saved only when it still does that.
//!
//! One form carries all of it. A plan is made anew at every step and never kept.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::RuleId;
use domain::rule::RuleState;
use domain::time::Instant;
use http::StatusCode;
use leptos::prelude::*;
use policy::Vocabulary;
use service::plan::{Applied, Plan};
use service::rules::{self, RuleDetail, RuleDraft};
use service::{Error, Service};

use super::condition::Written;
use super::controls::{Controls, Press, draft};
use super::detail::{Tab, may_edit};
use crate::conflict::{conflict_banner, differences};
use crate::features::assignments::technical;
use crate::fields::Fields;
use crate::page::{Page, done};
use crate::plan::{apply_label, other_plan, plan_view};
use crate::posted::{Posted, error, problems, summary};
use crate::routes;
use crate::state::App;
use crate::ui::{
    Banner, Button, ButtonKind, Change, Disclosure, Form, FormActions, FormSection, Hidden,
    PageHeader, TextArea,
};
use crate::visit::Visit;

/// What the fields of the form are called beside each other.
const FIELDS: Fields = &[
    ("name", "Name"),
    ("description", "What it is for"),
    ("condition", "Condition"),
    ("what", "Gives"),
    ("hand_over_days", "Days of hand-over"),
    ("owner", "Owner"),
];

/// What stands above the form.
enum Note {
    None,
    /// The plan is not the one that was looked at.
    Other,
    /// Somebody else was faster; what is recorded now and differs.
    Faster(Vec<Change>),
    /// What was typed is recorded already.
    Same,
}

/// A rule that the visitor may change, with what its form needs.
struct Open {
    detail: RuleDetail,
    /// What it gives, as the form takes it.
    what: String,
    vocabulary: Vocabulary,
}

/// The page.
struct Shown {
    open: Open,
    posted: Posted,
    written: Written,
    errors: FieldErrors,
    plan: Option<Plan>,
    note: Note,
    status: StatusCode,
    /// The version that the next save is meant for.
    version: Instant,
    key: String,
}

pub(super) async fn page(State(app): State<App>, visit: Visit, Path(id): Path<String>) -> Response {
    let open = match Open::read(&app, &visit, &id).await {
        Ok(open) => open,
        Err(error) => return app.refuse(&visit, error),
    };
    let posted = Posted::filled(open.fields());
    let written = Written::of(&open.detail.rule.content.condition, &open.vocabulary);
    let (version, key) = (open.detail.rule.recorded_from, app.form_key());
    Shown::new(open, posted, written, version, key).show(&app, &visit)
}

pub(super) async fn send(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let open = match Open::read(&app, &visit, &id).await {
        Ok(open) => open,
        Err(error) => return app.refuse(&visit, error),
    };
    let press = Press::of(&posted);
    let mut errors = FieldErrors::new();
    let written = Written::sent(&posted, press.asked(), &open.vocabulary, &mut errors);
    let (version, key) = (posted.version(), posted.once().to_owned());
    let mut shown = Shown::new(open, posted, written, version, key);
    if !errors.is_empty() {
        shown.refused(errors);
        return shown.show(&app, &visit);
    }
    let result = match press {
        Press::Write(_) => return shown.show(&app, &visit),
        Press::Plan if version != shown.open.detail.rule.recorded_from => Err(Error::Conflict),
        Press::Plan => shown.plan(&app.service, &visit).await,
        Press::Save => match shown.save(&app.service, &visit).await {
            Ok(Applied::Done) => return done(&shown.back(), "saved"),
            Ok(Applied::Same) => return done(&shown.back(), "same"),
            Ok(Applied::Different(plan)) => {
                shown.differs(*plan, app.form_key());
                Ok(())
            }
            Err(error) => Err(error),
        },
    };
    match result {
        Ok(()) => {}
        Err(Error::Invalid(errors)) => {
            // The reason stands beside the plan, so a missing one is said there.
            if press == Press::Save
                && errors.iter().all(|error| error.field == "reason")
                && let Err(error) = shown.plan(&app.service, &visit).await
            {
                return app.refuse(&visit, error);
            }
            shown.refused(errors);
        }
        // Read again: what is shown must be what the next save replaces.
        Err(Error::Conflict) => match Open::read(&app, &visit, &id).await {
            Ok(open) => shown.faster(&visit, open, app.form_key()),
            Err(error) => return app.refuse(&visit, error),
        },
        Err(error) => return app.refuse(&visit, error),
    }
    shown.show(&app, &visit)
}

/// The rule as it is now, if the visitor may change it.
pub(super) async fn editable(app: &App, visit: &Visit, id: &str) -> Result<RuleDetail, Error> {
    let id: RuleId = id.parse().map_err(|_| Error::NotFound)?;
    let detail = rules::read(&app.service, &visit.cx(), id).await?;
    if !may_edit(&detail) {
        // An edit of this version with nothing in it is refused in the service's words, and in the log.
        let (version, nothing) = (detail.rule.recorded_from, RuleDraft::default());
        rules::edit(&app.service, &visit.cx(), id, version, &nothing, "").await?;
    }
    Ok(detail)
}

impl Open {
    async fn read(app: &App, visit: &Visit, id: &str) -> Result<Self, Error> {
        let detail = editable(app, visit, id).await?;
        Ok(Self {
            what: technical(app, visit, detail.rule.content.gives).await,
            vocabulary: rules::vocabulary(&app.service, &visit.cx()).await?,
            detail,
        })
    }

    /// What is recorded, as the form has it.
    fn fields(&self) -> Vec<(&'static str, String)> {
        let content = &self.detail.rule.content;
        let owner = self.detail.owner.as_ref();
        let days = match content.hand_over_days {
            0 => String::new(),
            days => days.to_string(),
        };
        vec![
            ("name", content.name.clone()),
            ("description", content.description.clone()),
            ("condition", content.condition.clone()),
            ("what", self.what.clone()),
            ("hand_over_days", days),
            (
                "owner",
                owner
                    .map(|owner| owner.username.clone())
                    .unwrap_or_default(),
            ),
        ]
    }
}

impl Shown {
    const fn new(
        open: Open,
        posted: Posted,
        written: Written,
        version: Instant,
        key: String,
    ) -> Self {
        Self {
            open,
            posted,
            written,
            errors: FieldErrors::new(),
            plan: None,
            note: Note::None,
            status: StatusCode::OK,
            version,
            key,
        }
    }

    const fn id(&self) -> RuleId {
        self.open.detail.rule.id
    }

    /// Whether what is saved changes access.
    fn gives(&self) -> bool {
        self.open.detail.rule.content.state == RuleState::Active
    }

    fn back(&self) -> String {
        Tab::Overview.path(self.id())
    }

    fn draft(&self) -> RuleDraft {
        let mut draft = draft(&self.posted, &self.written);
        // An owner who has left may stay as long as nobody touches the field: the service knows that one by the id.
        if let Some(owner) = &self.open.detail.owner
            && owner.username == draft.owner.trim()
        {
            draft.owner = owner.id.to_string();
        }
        draft
    }

    async fn plan(&mut self, service: &Service, visit: &Visit) -> Result<(), Error> {
        let plan = rules::plan_edit(service, &visit.cx(), self.id(), &self.draft()).await?;
        let recorded = self.open.fields();
        let same = differences(visit, recorded, &self.as_typed(), FIELDS).is_empty();
        if same {
            self.note = Note::Same;
        } else {
            self.plan = Some(plan);
        }
        Ok(())
    }

    async fn save(&self, service: &Service, visit: &Visit) -> Result<Applied, Error> {
        let cx = visit.cx_once(self.posted.once());
        let hash = self.posted.get("hash");
        rules::edit(service, &cx, self.id(), self.version, &self.draft(), hash).await
    }

    /// What was typed, with the condition as it was written from the rows.
    fn as_typed(&self) -> Posted {
        let typed = FIELDS.iter().map(|(name, _)| match *name {
            "condition" => (*name, self.written.text.clone()),
            name => (name, self.posted.text(name)),
        });
        Posted::filled(typed)
    }

    fn refused(&mut self, errors: FieldErrors) {
        self.status = StatusCode::UNPROCESSABLE_ENTITY;
        self.errors = errors;
    }

    fn differs(&mut self, plan: Plan, key: String) {
        self.status = StatusCode::CONFLICT;
        self.note = Note::Other;
        self.plan = Some(plan);
        self.key = key;
    }

    fn faster(&mut self, visit: &Visit, open: Open, key: String) {
        let theirs = differences(visit, open.fields(), &self.as_typed(), FIELDS);
        self.status = StatusCode::CONFLICT;
        self.note = Note::Faster(theirs);
        self.version = open.detail.rule.recorded_from;
        self.open = open;
        self.key = key;
    }

    fn show(&self, app: &App, visit: &Visit) -> Response {
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
            let (problems, summary) = (problems(&self.errors), summary(&self.errors));
            view! {
                <PageHeader title=format!("Edit {name}") detail=detail />
                {note}
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
        let controls = Controls {
            posted: &self.posted,
            written: &self.written,
            errors: &self.errors,
            vocabulary: &self.open.vocabulary,
            owner,
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
        // Enter in a field sends the first button there is, which must not be one that writes the condition anew.
        view! {
            <button type="submit" name="step" value=step class="unseen" tabindex="-1">{label}</button>
            {fields}
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
        let plan = plan_view(visit, plan);
        view! {
            <button type="submit" name="step" value="plan" class="unseen" tabindex="-1">"See again what it changes"</button>
            <Disclosure title="The rule as it will be" note="Open it to change more.">{fields}</Disclosure>
            {plan}
            {hand_over}
            <Hidden name="hash" value=hash />
            <FormSection title="Apply it">
                <TextArea name="reason" label="Reason" value=reason error=problem required=true maxlength=500 rows=2 hint="Stays in the log." />
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
            "Who is lost by the condition keeps what the rule gave for a hand-over of {}.",
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
