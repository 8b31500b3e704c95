//! The buttons of a job: pause, resume, cancel.

use axum::extract::{Path, State};
use axum::response::Response;
use domain::id::JobId;
use domain::job::JobStep;
use service::{Error, Result, jobs};

use crate::page::done;
use crate::posted::Posted;
use crate::routes;
use crate::state::App;
use crate::visit::Visit;

pub(super) async fn pause(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    act(&app, &visit, &id, &posted, JobStep::Pause).await
}

pub(super) async fn resume(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    act(&app, &visit, &id, &posted, JobStep::Resume).await
}

pub(super) async fn cancel(
    State(app): State<App>,
    visit: Visit,
    Path(id): Path<String>,
    posted: Posted,
) -> Response {
    act(&app, &visit, &id, &posted, JobStep::Cancel).await
}

async fn act(app: &App, visit: &Visit, id: &str, posted: &Posted, step: JobStep) -> Response {
    match taken(app, visit, id, posted, step).await {
        Ok((id, code)) => done(&routes::job(id), code),
        Err(error) => app.refuse(visit, error),
    }
}

async fn taken(
    app: &App,
    visit: &Visit,
    id: &str,
    posted: &Posted,
    step: JobStep,
) -> Result<(JobId, &'static str)> {
    let id = super::id(id)?;
    let (service, cx) = (&app.service, visit.cx_once(posted.once()));
    let code = match step {
        JobStep::Pause => {
            jobs::pause(service, &cx, id).await?;
            "job-paused"
        }
        JobStep::Resume => {
            jobs::resume(service, &cx, id).await?;
            "job-resumed"
        }
        JobStep::Cancel => {
            jobs::cancel(service, &cx, id).await?;
            "job-cancelled"
        }
        // These are a worker's.
        JobStep::Claim | JobStep::Finish | JobStep::Fail | JobStep::GiveBack => {
            return Err(Error::NotFound);
        }
    };
    Ok((id, code))
}
