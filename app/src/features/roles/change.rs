//! Changing what is in a role: the form, what it would do, and the change, if it still does that.
//!
//! One form carries all of it, so what is applied is what stands on the page. A plan is made anew at every step and never
//! kept: its hash tells whether it is the one that was looked at.

use axum::extract::{Path, Query, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::time::Instant;
use http::StatusCode;
use serde::Deserialize;
use service::plan::Applied;
use service::{Error, Service, roles};

use super::draft::Typed;
use super::form::editable;
use super::parts::{id_of, name_of};
use super::sheet::{Note, Shown, back};
use crate::page::done;
use crate::posted::Posted;
use crate::state::App;
use crate::visit::Visit;

/// What the form begins with: a version to go back to, or else what is in the role.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Begin {
    from: String,
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
        let past = match roles::read(&app.service, &visit.cx(), id, Some(from)).await {
            Ok(past) => past,
            Err(error) => return app.refuse(&visit, error),
        };
        let there = Typed::present(&detail).keep;
        let missing = past.parts.iter();
        let missing = missing.filter(|part| !there.contains(&id_of(part.what())));
        shown.note = Note::Back(from, missing.map(|part| name_of(part).to_owned()).collect());
        shown.typed = Typed::back_to(&detail, &past);
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
    if posted.get("step") == "add" && opened == detail.role.recorded_from {
        return shown.show(&app, &visit);
    }
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

impl Shown<'_> {
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
}
