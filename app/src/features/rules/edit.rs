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
use service::plan::{Applied, Plan};
use service::rules::{self, RuleDraft};
use service::{Error, Service};

use super::condition::Written;
use super::controls::{Press, draft};
use super::detail::Tab;
use super::open::{FIELDS, Open};
use crate::conflict::differences;
use crate::page::done;
use crate::posted::Posted;
use crate::state::App;
use crate::ui::Change;
use crate::visit::Visit;

/// What stands above the form.
pub(super) enum Note {
    None,
    /// The plan is not the one that was looked at.
    Other,
    /// Somebody else was faster; what is recorded now and differs.
    Faster(Vec<Change>),
    /// What was typed is recorded already.
    Same,
}

/// The page.
pub(super) struct Shown {
    pub(super) open: Open,
    pub(super) posted: Posted,
    pub(super) written: Written,
    pub(super) errors: FieldErrors,
    pub(super) plan: Option<Plan>,
    pub(super) note: Note,
    pub(super) status: StatusCode,
    /// The version that the next save is meant for.
    pub(super) version: Instant,
    pub(super) key: String,
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
            // The reason and the number stand beside the plan, so missing ones are said there.
            if press == Press::Save
                && errors
                    .iter()
                    .all(|error| matches!(error.field, "reason" | "confirm"))
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

    pub(super) const fn id(&self) -> RuleId {
        self.open.detail.rule.id
    }

    /// Whether what is saved changes access.
    pub(super) fn gives(&self) -> bool {
        self.open.detail.rule.content.state == RuleState::Active
    }

    pub(super) fn back(&self) -> String {
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
}
