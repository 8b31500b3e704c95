//! Carrying out jobs: beside their heartbeat, once also after a crash, and stopped when the program ends.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::json;
use service::jobs::{
    self, Ended, Handlers, Job, JobKind, JobProblem, JobState, JobView, LEASE, NewJob, Stop, Work,
};
use service::{Cx, Result, Service};
use testkit::{SeededEntropy, TestApp, both_apps};
use tokio::sync::{Semaphore, watch};

/// Rings when the first of the two steps is committed.
static HALF: Semaphore = Semaphore::const_new(0);
/// Closed, so that the first attempt stands in the middle until it is cut off.
static NEVER: Semaphore = Semaphore::const_new(0);

/// Rings when the patient one has begun.
static BEGUN: Semaphore = Semaphore::const_new(0);

/// Two steps, each a transaction that leaves one line; goes on where the attempt before was.
#[derive(Serialize, Deserialize)]
struct TwoSteps;

fn line(text: &str) -> [JobProblem; 1] {
    [JobProblem {
        subject: String::new(),
        message: text.to_owned(),
    }]
}

impl Job for TwoSteps {
    const KIND: JobKind = JobKind::BulkPeople;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        let entropy = Arc::new(SeededEntropy::new(9));
        if work.done_before() == 0 {
            let mut tx = service
                .store()
                .write(service.now(), entropy.clone())
                .await?;
            work.note_problems(&mut tx, &line("one")).await?;
            work.progress(1, Some(2));
            work.keep(&mut tx).await?;
            tx.commit_unaudited("a test").await?;
            HALF.add_permits(1);
            let _never = NEVER.acquire().await;
        }
        let mut tx = service.store().write(service.now(), entropy).await?;
        work.note_problems(&mut tx, &line("two")).await?;
        work.progress(2, Some(2));
        work.finish(&mut tx, &json!({ "steps": 2 })).await?;
        tx.commit_unaudited("a test").await?;
        Ok(Ended::Settled)
    }
}

/// Breaks off.
#[derive(Serialize, Deserialize)]
struct Panics;

impl Job for Panics {
    const KIND: JobKind = JobKind::CheckImport;

    async fn run(self, _: &Service, _: &Work) -> Result<Ended> {
        panic!("a job that breaks off, on purpose");
    }
}

/// Works until it is told to stop.
#[derive(Serialize, Deserialize)]
struct Patient;

impl Job for Patient {
    const KIND: JobKind = JobKind::ApplyImport;

    async fn run(self, _: &Service, work: &Work) -> Result<Ended> {
        BEGUN.add_permits(1);
        while work.stopping().is_none() {
            tokio::task::yield_now().await;
        }
        assert_eq!(work.stopping(), Some(Stop::Shutdown));
        Ok(Ended::Stopped)
    }
}

fn handlers() -> Handlers {
    Handlers::default()
        .with::<TwoSteps>()
        .with::<Panics>()
        .with::<Patient>()
}

async fn ask<J: Job>(app: &TestApp, cx: &Cx, job: &J) -> impl AsyncFn() -> JobView {
    let mut tx = app.db().write().await;
    let job = NewJob::of(job).expect("a payload");
    let id = jobs::enqueue(&mut tx, cx, &job).await.expect("a job");
    tx.commit_unaudited("a test").await.expect("a commit");
    let (service, cx) = (Arc::clone(app.service()), cx.clone());
    async move || jobs::read(&service, &cx, id).await.expect("the job")
}

async fn claim(app: &TestApp) -> Option<Arc<Work>> {
    jobs::claim(app.service(), &handlers())
        .await
        .expect("the queue can be read")
}

#[tokio::test]
async fn a_worker_that_crashes_in_the_middle_is_followed_by_one_that_ends_the_job_once() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let job = ask(app, &cx, &TwoSteps).await;
        let (_stop, stopped) = watch::channel(false);
        let work = claim(app).await.expect("a job waits");
        let id = work.job();
        let first = tokio::spawn(worker::carry_out(
            Arc::clone(app.service()),
            handlers(),
            work,
            stopped.clone(),
        ));
        HALF.acquire().await.expect("the middle").forget();
        first.abort();
        assert!(first.await.expect_err("it was cut off").is_cancelled());
        assert_eq!(job().await.job.state, JobState::Running);
        assert!(claim(app).await.is_none(), "its lease still holds");

        app.clock().advance(LEASE + 1);
        let work = claim(app).await.expect("its lease has run out");
        assert_eq!((work.job(), work.done_before()), (id, 1));
        let service = Arc::clone(app.service());
        worker::carry_out(service, handlers(), work, stopped).await;
        let view = job().await;
        assert_eq!((view.job.state, view.job.attempts), (JobState::Done, 2));
        assert_eq!(view.job.result, Some(json!({ "steps": 2 })));
        let (lines, more) = jobs::problems(app.service(), &cx, id, 0)
            .await
            .expect("the lines");
        let texts: Vec<_> = lines.into_iter().map(|(_, line)| line.message).collect();
        assert_eq!(
            (texts, more),
            (vec!["one".to_owned(), "two".to_owned()], false)
        );
        assert!(claim(app).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_job_that_panics_has_failed_and_says_so_without_internals() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let job = ask(app, &cx, &Panics).await;
        let (_stop, stopped) = watch::channel(false);
        let work = claim(app).await.expect("a job waits");
        let service = Arc::clone(app.service());
        worker::carry_out(service, handlers(), work, stopped).await;
        let view = job().await;
        assert_eq!(view.job.state, JobState::Failed);
        let failure = view.job.failure.expect("a sentence");
        assert!(failure.starts_with("It failed on our side."), "{failure}");
        assert!(!failure.contains("purpose"), "{failure}");
        assert!(view.may.resume);
    })
    .await;
}

#[tokio::test]
async fn when_the_program_ends_the_job_is_given_back_at_once() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let job = ask(app, &cx, &Patient).await;
        let (stop, stopped) = watch::channel(false);
        let work = claim(app).await.expect("a job waits");
        let service = Arc::clone(app.service());
        let running = tokio::spawn(worker::carry_out(service, handlers(), work, stopped));
        BEGUN.acquire().await.expect("the middle").forget();
        stop.send_replace(true);
        running.await.expect("it stops by itself");
        let view = job().await;
        assert_eq!((view.job.state, view.job.attempts), (JobState::Queued, 0));
        assert!(claim(app).await.is_some(), "another worker can have it now");
    })
    .await;
}
