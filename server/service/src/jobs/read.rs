//! Reading jobs: the list, one with what may be done to it, its problems and its file.

use domain::audit::AuditAction;
use domain::id::{JobId, ObjectRef};
use domain::job::{Job, JobKind, JobState, Pace};
use domain::page::{Facet, ListQuery, Page};
use domain::permission::{Action, Facts, visible_jobs};
use domain::time::Instant;
use storage::ReadTx;
use storage::jobs::{JobFile, JobProblem, JobRow, TOKENS};

use crate::boxed;
use crate::people::list_guard;
use crate::search::{unknown_tokens, wanted_facets};
use crate::{Cx, Error, Result, Service, exports};

/// Bytes of a piece of a file.
pub const FILE_PIECE: usize = 256 * 1024;
/// Problems a page.
const PROBLEMS: i64 = 100;

/// A page of jobs with what narrows it.
#[derive(Debug, Clone)]
pub struct JobsPage {
    /// The newest first.
    pub page: Page<JobRow>,
    /// Values to narrow by.
    pub facets: Vec<Facet>,
    /// Keys in the search that mean nothing here.
    pub unknown: Vec<String>,
}

/// What the reader may do to a job now.
#[expect(
    clippy::struct_excessive_bools,
    reason = "four rights that are independent of each other"
)]
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct May {
    /// Stop it, to go on later.
    pub pause: bool,
    /// Let it go on.
    pub resume: bool,
    /// Call it off.
    pub cancel: bool,
    /// Fetch its file.
    pub fetch: bool,
}

/// A job with what its page shows.
#[derive(Debug, Clone, PartialEq)]
pub struct JobView {
    /// The job.
    pub job: Job,
    /// The name of who asked for it.
    pub asked_by: Option<String>,
    /// What it is about, with its name.
    pub subject: Option<(ObjectRef, String)>,
    /// How fast it goes.
    pub pace: Option<Pace>,
    /// The file that it made, while it is kept.
    pub file: Option<JobFile>,
    /// Why the reader would not be given the file that it made, in a sentence.
    pub withheld: Option<String>,
    /// What the reader may do to it.
    pub may: May,
}

/// A page of the jobs the actor may see: their own, or all.
#[boxed]
pub async fn list(service: &Service, cx: &Cx, query: &ListQuery) -> Result<JobsPage> {
    list_guard(cx)?;
    let visibility = visible_jobs(cx.actor);
    let mut tx = service.store.read().await?;
    Ok(JobsPage {
        page: tx.jobs(visibility, cx.me(), query).await?,
        facets: wanted_facets(query, tx.job_facets(visibility, cx.me(), &query.search)).await?,
        unknown: unknown_tokens(&query.search, TOKENS),
    })
}

/// A job. Looking at one is not recorded: its page is looked at every second.
#[boxed]
pub async fn read(service: &Service, cx: &Cx, id: JobId) -> Result<JobView> {
    let result = view(service, cx, id).await;
    service.noted(cx, result).await
}

async fn view(service: &Service, cx: &Cx, id: JobId) -> Result<JobView> {
    let mut tx = service.store.read().await?;
    let (job, facts) = visible(&mut tx, cx, id).await?;
    let controls = cx
        .decide(Action::ControlJob, Some(id.into()), facts)
        .is_ok();
    let now = service.now();
    let file = kept(&mut tx, id, now).await?;
    let withheld = match &file {
        // A file is as its owner may see the list; nobody else may have it, administrators make their own.
        Some(_) if !facts.is_owner => {
            Some("Only who asked for this file can download it.".to_owned())
        }
        Some(_) => refusal(exports::still_allowed(&mut tx, cx, now, &job).await)?,
        None if job.kind == JobKind::Export && job.state == JobState::Done => {
            Some("It was kept for a week and is gone. Export the list again.".to_owned())
        }
        None if job.kind == JobKind::ExportEvidence && job.state == JobState::Done => {
            Some("It was kept for a week and is gone. Make the evidence pack again.".to_owned())
        }
        None => None,
    };
    let stopping = job.state == JobState::Running && job.wish.is_some();
    let objects = job
        .subject
        .into_iter()
        .chain(job.created_by.map(Into::into));
    let names = crate::audit::names(&mut tx, objects.collect()).await?;
    let name = |object: ObjectRef| names.get(&object).cloned();
    Ok(JobView {
        asked_by: job.created_by.and_then(|by| name(by.into())),
        subject: job.subject.map(|subject| {
            let name = name(subject).unwrap_or_else(|| subject.to_string());
            (subject, name)
        }),
        pace: job.pace(),
        may: May {
            pause: controls
                && !stopping
                && matches!(job.state, JobState::Queued | JobState::Running),
            resume: controls
                && (stopping || matches!(job.state, JobState::Paused | JobState::Failed)),
            cancel: controls && job.cancellable && !job.state.is_over() && !stopping,
            fetch: file.is_some() && withheld.is_none(),
        },
        file,
        withheld,
        job,
    })
}

/// The job when the actor may see it, and whether they asked for it.
async fn visible(tx: &mut ReadTx, cx: &Cx, id: JobId) -> Result<(Job, Facts)> {
    let job = tx.job(id).await?.ok_or(Error::NotFound)?;
    let facts = Facts {
        is_owner: job.created_by.is_some() && job.created_by == cx.me(),
        ..Facts::default()
    };
    cx.decide(Action::ReadJob, Some(id.into()), facts)?;
    Ok((job, facts))
}

/// The problems of a job after the one with this number, a page of them, each with its number; and whether more follow.
#[boxed]
pub async fn problems(
    service: &Service,
    cx: &Cx,
    id: JobId,
    after: i64,
) -> Result<(Vec<(i64, JobProblem)>, bool)> {
    let result = async {
        let mut tx = service.store.read().await?;
        visible(&mut tx, cx, id).await?;
        Ok(tx.job_problems(id, after, PROBLEMS + 1).await?)
    };
    let mut found = service.noted(cx, result.await).await?;
    let more = found.len() > usize::try_from(PROBLEMS).unwrap_or(usize::MAX);
    found.truncate(usize::try_from(PROBLEMS).unwrap_or(usize::MAX));
    Ok((found, more))
}

/// The file that a job made, for whoever asked for it. Recorded in the log; its bytes come from [`file_piece`].
#[boxed]
pub async fn file(service: &Service, cx: &Cx, id: JobId) -> Result<JobFile> {
    let result = fetch(service, cx, id).await;
    service.noted(cx, result).await
}

async fn fetch(service: &Service, cx: &Cx, id: JobId) -> Result<JobFile> {
    let mut tx = service.store.read().await?;
    let (job, facts) = visible(&mut tx, cx, id).await?;
    let now = service.now();
    let found = kept(&mut tx, id, now).await?;
    let file = found.filter(|_| facts.is_owner).ok_or(Error::NotFound)?;
    // The week in which it is kept is long: rights may have been taken away since.
    exports::still_allowed(&mut tx, cx, now, &job).await?;
    drop(tx);
    let tx = service.begin(cx).await?;
    let event = cx.about(AuditAction::ExportFetched, id);
    service.commit(cx, tx, id, event, Vec::new()).await?;
    Ok(file)
}

/// The file of a job unless its time is over; housekeeping removes it a little later.
async fn kept(tx: &mut ReadTx, id: JobId, now: Instant) -> Result<Option<JobFile>> {
    let found = tx.job_file(id).await?;
    Ok(found.filter(|file| file.expires > now))
}

/// Why a file is not given out, in a sentence; failures of our own stay failures.
fn refusal(allowed: Result<()>) -> Result<Option<String>> {
    match allowed {
        Ok(()) => Ok(None),
        Err(Error::Refused(sentence)) => Ok(Some(sentence)),
        Err(Error::Denied { .. } | Error::NotFound) => Ok(Some(
            "You may no longer see what is in it. Ask an administrator for the right to."
                .to_owned(),
        )),
        Err(error) => Err(error),
    }
}

/// A piece of a file that [`file`] has allowed; none after the last.
#[boxed]
pub async fn file_piece(service: &Service, id: JobId, ordinal: i64) -> Result<Option<Vec<u8>>> {
    let mut tx = service.store.read().await?;
    Ok(tx.job_file_chunk(id, ordinal).await?)
}
