//! What the buttons of a run's page do. Each leads back to that page.

use std::collections::BTreeMap;

use axum::extract::{Path, State};
use axum::response::Response;
use domain::field::FieldErrors;
use domain::id::SourceRunId;
use domain::source::FileKind;
use service::{Error, imports};

use crate::page::{done, see_other};
use crate::posted::Posted;
use crate::state::App;
use crate::visit::Visit;

/// How the columns of a file are called; remembered by the source.
pub(super) async fn columns(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (run, kind) = match about(&id, &posted) {
        Ok(about) => about,
        Err(error) => return app.refuse(&visit, error),
    };
    let columns: BTreeMap<String, String> = kind
        .required()
        .iter()
        .chain(kind.optional())
        .map(|ours| {
            let theirs = posted.text(&format!("{}.{ours}", kind.word()));
            ((*ours).to_owned(), theirs)
        })
        .collect();
    let cx = visit.cx_once(posted.once());
    match imports::map(&app.service, &cx, run, kind, columns).await {
        Ok(()) => done(&super::path(run), "columns-saved"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// A file has something else in it than its name says.
pub(super) async fn kind(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (run, kind) = match about(&id, &posted) {
        Ok(about) => about,
        Err(error) => return app.refuse(&visit, error),
    };
    let becomes = posted.get(&format!("{}.becomes", kind.word()));
    let becomes = FileKind::from_word(becomes).unwrap_or(kind);
    let cx = visit.cx_once(posted.once());
    match imports::change_kind(&app.service, &cx, run, kind, becomes).await {
        Ok(()) => done(&super::path(run), "saved"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Takes a file out again.
pub(super) async fn discard(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let (run, kind) = match about(&id, &posted) {
        Ok(about) => about,
        Err(error) => return app.refuse(&visit, error),
    };
    let cx = visit.cx_once(posted.once());
    match imports::discard(&app.service, &cx, run, kind).await {
        Ok(()) => done(&super::path(run), "taken-out"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Asks for the dry run.
pub(super) async fn check(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let cx = visit.cx_once(posted.once());
    let asked = match super::id(&id) {
        Ok(run) => imports::ask_check(&app.service, &cx, run)
            .await
            .map(|_| run),
        Err(error) => Err(error),
    };
    match asked {
        Ok(run) => see_other(&super::path(run)),
        Err(error) => app.refuse(&visit, error),
    }
}

/// Asks for the run to be applied. One that would end much needs a reason, which is asked for on the same page.
pub(super) async fn apply(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    match ask_apply(&app, &visit, &id, &posted).await {
        Ok(run) => see_other(&super::path(run)),
        Err(Error::Invalid(errors)) => super::run::again(&app, &visit, &id, &posted, &errors).await,
        Err(Error::Conflict) => super::run::otherwise(&app, &visit, &id).await,
        Err(error) => app.refuse(&visit, error),
    }
}

async fn ask_apply(
    app: &App,
    visit: &Visit,
    id: &str,
    posted: &Posted,
) -> service::Result<SourceRunId> {
    let run = super::id(id)?;
    let view = imports::run(&app.service, &visit.cx(), run).await?;
    let mut errors = FieldErrors::new();
    let reason = if view.shrink.is_empty() {
        None
    } else {
        Some(errors.required("reason", "The reason", posted.get("reason"), 500))
    };
    let reason = errors.or(reason)?;
    let cx = visit.cx_once(posted.once());
    let (service, reason) = (&app.service, reason.as_deref());
    match posted.get("plan") {
        // Its check is of an older version, or the form is not ours: what the run says now is taken.
        "" => imports::ask_apply(service, &cx, run, reason).await?,
        seen => imports::ask_apply_as_seen(service, &cx, run, reason, seen).await?,
    };
    Ok(run)
}

/// Calls it off before anything is written.
pub(super) async fn cancel(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    let cx = visit.cx_once(posted.once());
    let cancelled = match super::id(&id) {
        Ok(run) => imports::cancel(&app.service, &cx, run).await.map(|()| run),
        Err(error) => Err(error),
    };
    match cancelled {
        Ok(run) => done(&super::path(run), "import-cancelled"),
        Err(error) => app.refuse(&visit, error),
    }
}

/// The run and the kind of file that a form is about.
fn about(id: &str, posted: &Posted) -> Result<(SourceRunId, FileKind), Error> {
    let kind = FileKind::from_word(posted.get("kind")).ok_or_else(|| {
        Error::Refused(
            "The form does not say which file it is about. Open the import again.".to_owned(),
        )
    })?;
    Ok((super::id(id)?, kind))
}
