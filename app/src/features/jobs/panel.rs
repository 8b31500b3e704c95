//! How far a job is, for its own page and for pages of what it is about: a bar, a line, and counts of how items ended.

use frontend::api::JobNow;
use frontend::job_progress::JobProgress;
use leptos::prelude::*;
use service::jobs::JobView;

use super::words::{line, state};
use crate::format::number;
use crate::routes;

/// The panel. With scripts it follows the job by itself and loads the page anew when the state changes; a page without
/// scripts wants [`Page::refresh`](crate::page::Page::refresh) while the job is not over.
pub fn progress(view: &JobView) -> AnyView {
    view! { <JobProgress endpoint=routes::api_job(view.job.id) first=now(view) /> }.into_any()
}

/// The same for whoever may see what the job is about and not the job: `endpoint` answers with [`now`].
pub fn progress_at(view: &JobView, endpoint: String) -> AnyView {
    view! { <JobProgress endpoint=endpoint first=now(view) /> }.into_any()
}

/// What the island is told.
pub fn now(view: &JobView) -> JobNow {
    let job = &view.job;
    let counts = job.progress.counts.iter();
    JobNow {
        state: job.state.word().to_owned(),
        label: state(job).to_owned(),
        title: job.title.clone(),
        note: job.progress.note.clone(),
        line: line(job, view.pace),
        done: job.progress.done,
        total: job.progress.total.unwrap_or(0),
        counts: counts
            .map(|(name, count)| (name.clone(), number(*count)))
            .collect(),
        over: job.state.is_over(),
    }
}
