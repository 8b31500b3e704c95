//! Jobs as people see them: who sees and stops which, what happens when one fails, and files of long lists.

use std::sync::Arc;

use domain::audit::AuditAction;
use domain::page::ListQuery;
use domain::permission::{Actor, ConsoleRight, Rights};
use domain::search::Search;
use domain::time::{DAY, MINUTE, SECOND};
use serde::{Deserialize, Serialize};
use serde_json::json;
use service::exports::{self, ExportAsk, ExportList};
use service::jobs::{
    self, Ended, Handlers, Job, JobKind, JobState, JobWish, LEASE, NewJob, Stop, Work, handlers,
};
use service::{Cx, Error, Result, Service, audit, people, rights};
use testkit::{TestApp, both_apps};

/// Does what its payload says.
#[derive(Serialize, Deserialize)]
enum Script {
    Busy,
    Wrong,
    Timer,
    UntilStopped,
}

impl Job for Script {
    const KIND: JobKind = JobKind::BulkPeople;

    async fn run(self, service: &Service, work: &Work) -> Result<Ended> {
        match self {
            Self::Busy => Err(Error::Busy),
            Self::Wrong => Err(Error::Refused("the folder is not there".to_owned())),
            Self::Timer => Ok(Ended::Again(service.now().plus(MINUTE))),
            Self::UntilStopped => {
                while work.stopping().is_none() {
                    tokio::task::yield_now().await;
                }
                Ok(Ended::Stopped)
            }
        }
    }
}

fn scripts() -> Handlers {
    handlers().with::<Script>()
}

async fn asked(app: &TestApp, cx: &Cx, script: &Script) -> domain::id::JobId {
    let mut tx = app.db().write().await;
    let job = NewJob::of(script).expect("a payload").title("A script");
    let id = jobs::enqueue(&mut tx, cx, &job).await.expect("a job");
    tx.commit_unaudited("a test").await.expect("a commit");
    id
}

async fn claim(app: &TestApp) -> Option<Arc<Work>> {
    jobs::claim(app.service(), &scripts())
        .await
        .expect("the queue can be read")
}

/// Claims the next job and carries it out to its end.
async fn run(app: &TestApp) {
    let work = claim(app).await.expect("a job waits");
    let ended = scripts()
        .run(Arc::clone(app.service()), Arc::clone(&work))
        .await;
    jobs::settle(app.service(), &work, ended)
        .await
        .expect("it is written down");
}

async fn entries(app: &TestApp, cx: &Cx, action: AuditAction) -> u64 {
    let query = ListQuery {
        search: Search::parse(&format!("action:{}", action.word())),
        ..ListQuery::default()
    };
    let found = audit::list(app.service(), cx, &query, &jiff::tz::TimeZone::UTC).await;
    found.expect("the log").page.total
}

#[tokio::test]
async fn who_asked_sees_and_stops_a_job_auditors_only_see_it_and_others_know_nothing() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let ana = app.someone("Ana Silva", &[]).await;
        let ben = app.someone("Ben Ode", &[]).await;
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let id = asked(app, &ana, &Script::Busy).await;
        let service = app.service();
        for (cx, controls) in [(&ana, true), (&admin, true), (&auditor, false)] {
            let view = jobs::read(service, cx, id).await.expect("it is seen");
            assert_eq!((view.may.pause, view.may.cancel), (controls, controls));
            assert_eq!(view.asked_by.as_deref(), Some("Ana Silva"));
            let list = jobs::list(service, cx, &ListQuery::default()).await;
            assert_eq!(list.expect("a list").page.rows.len(), 1);
        }
        let hidden = jobs::read(service, &ben, id).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
        let list = jobs::list(service, &ben, &ListQuery::default()).await;
        assert!(list.expect("a list").page.rows.is_empty());
        let refused = jobs::cancel(service, &auditor, id).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
        let hidden = jobs::cancel(service, &ben, id).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
        assert_eq!(entries(app, &admin, AuditAction::Denied).await, 3);
        jobs::cancel(service, &ana, id).await.expect("cancelled");
        let again = jobs::pause(service, &ana, id).await;
        assert!(matches!(again, Err(Error::State(_))), "{again:?}");
        assert_eq!(entries(app, &admin, AuditAction::JobCancelled).await, 1);
        assert!(claim(app).await.is_none());
    })
    .await;
}

#[tokio::test]
async fn a_running_job_pauses_goes_on_and_is_called_off_at_its_safe_points() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let id = asked(app, &cx, &Script::UntilStopped).await;
        let service = app.service();
        for (wish, state) in [
            (JobWish::Pause, JobState::Paused),
            (JobWish::Cancel, JobState::Cancelled),
        ] {
            let work = claim(app).await.expect("a job waits");
            let running = tokio::spawn({
                let (service, work) = (Arc::clone(service), Arc::clone(&work));
                async move { scripts().run(service, work).await }
            });
            match wish {
                JobWish::Pause => jobs::pause(service, &cx, id).await,
                JobWish::Cancel => jobs::cancel(service, &cx, id).await,
            }
            .expect("it is asked");
            let view = jobs::read(service, &cx, id).await.expect("the job");
            assert_eq!(
                (view.job.state, view.job.wish),
                (JobState::Running, Some(wish))
            );
            assert!(view.may.resume && !view.may.cancel);
            jobs::beat(service, &work).await.expect("a heartbeat");
            let ended = running.await.expect("it stops");
            jobs::settle(service, &work, ended)
                .await
                .expect("it is written down");
            let view = jobs::read(service, &cx, id).await.expect("the job");
            assert_eq!((view.job.state, view.job.wish), (state, None));
            if state == JobState::Paused {
                assert!(claim(app).await.is_none());
                jobs::resume(service, &cx, id).await.expect("it goes on");
                app.clock().advance(SECOND);
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_worker_that_was_too_slow_cannot_keep_what_it_does() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        asked(app, &cx, &Script::Timer).await;
        let slow = claim(app).await.expect("a job waits");
        app.clock().advance(LEASE + 1);
        let quick = claim(app).await.expect("the lease has run out");
        assert_eq!(slow.job(), quick.job());
        let mut tx = app.db().write().await;
        let late = slow.keep(&mut tx).await;
        assert!(matches!(late, Err(Error::Conflict)), "{late:?}");
        assert_eq!(slow.stopping(), Some(Stop::Lost));
        drop(tx);
        let done = Ok(Ended::Done(json!("slow")));
        jobs::settle(app.service(), &slow, done)
            .await
            .expect("nothing to say");
        let done = Ok(Ended::Done(json!("quick")));
        jobs::settle(app.service(), &quick, done)
            .await
            .expect("it is written down");
        let view = jobs::read(app.service(), &cx, quick.job()).await;
        assert_eq!(view.expect("the job").job.result, Some(json!("quick")));
    })
    .await;
}

#[tokio::test]
async fn what_passes_is_tried_again_later_and_what_does_not_fails_with_a_sentence() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let id = asked(app, &cx, &Script::Busy).await;
        for wait in [SECOND, 2 * SECOND, 4 * SECOND] {
            run(app).await;
            assert!(claim(app).await.is_none());
            app.clock().advance(wait);
        }
        let view = jobs::read(app.service(), &cx, id).await.expect("the job");
        assert_eq!((view.job.state, view.job.attempts), (JobState::Queued, 3));
        assert_eq!(view.job.failure.as_deref(), Some("The server is busy."));
        jobs::cancel(app.service(), &cx, id)
            .await
            .expect("cancelled");

        let id = asked(app, &cx, &Script::Wrong).await;
        run(app).await;
        let view = jobs::read(app.service(), &cx, id).await.expect("the job");
        assert_eq!(view.job.state, JobState::Failed);
        assert_eq!(
            view.job.failure.as_deref(),
            Some("The folder is not there.")
        );
        assert!(view.may.resume);
    })
    .await;
}

#[tokio::test]
async fn a_timer_is_one_job_that_waits_for_its_time() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let id = asked(app, &cx, &Script::Timer).await;
        for _ in 0..3 {
            run(app).await;
            assert!(claim(app).await.is_none());
            app.clock().advance(MINUTE);
        }
        let view = jobs::read(app.service(), &cx, id).await.expect("the job");
        assert_eq!((view.job.state, view.job.attempts), (JobState::Queued, 0));
    })
    .await;
}

#[tokio::test]
async fn a_job_that_crashes_its_worker_again_and_again_is_given_up() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let id = asked(app, &cx, &Script::Timer).await;
        let mut claims = 0;
        while claim(app).await.is_some() {
            claims += 1;
            app.clock().advance(LEASE + 1);
        }
        assert_eq!(claims, domain::job::MOST_ATTEMPTS);
        let view = jobs::read(app.service(), &cx, id).await.expect("the job");
        assert_eq!(view.job.state, JobState::Failed);
    })
    .await;
}

#[tokio::test]
async fn the_file_of_a_long_list_is_that_of_a_short_one_and_only_for_who_asked() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let service = app.service();
        for n in 0..40 {
            app.someone(&format!("Person {n:02}"), &[]).await;
        }
        let query = ListQuery {
            search: Search::parse("status:active"),
            ..ListQuery::default()
        };
        let ask = ExportAsk::of(ExportList::People, &query, &jiff::tz::TimeZone::UTC)
            .columns(vec!["username".to_owned(), "id".to_owned()])
            .view("Active people");
        let id = exports::ask(service, &admin, &ask).await.expect("a job");
        // Half a file of an attempt that was cut off.
        let mut tx = app.db().write().await;
        tx.add_job_file_chunk(id, 0, b"half")
            .await
            .expect("a piece");
        tx.commit_unaudited("a test").await.expect("a commit");
        run(app).await;
        let view = jobs::read(service, &admin, id).await.expect("the job");
        assert_eq!(view.job.state, JobState::Done, "{:?}", view.job.failure);
        assert_eq!(view.job.progress.done, 41);
        assert_eq!(entries(app, &admin, AuditAction::Exported).await, 1);
        let file = jobs::file(service, &admin, id).await.expect("the file");
        assert!(
            file.name.starts_with("people-Active-people-20260105T"),
            "{}",
            file.name
        );
        let mut bytes = Vec::new();
        for ordinal in 0.. {
            match jobs::file_piece(service, id, ordinal)
                .await
                .expect("a piece")
            {
                Some(piece) => bytes.extend(piece),
                None => break,
            }
        }
        assert_eq!(bytes.len() as u64, file.bytes);
        let at_once = exports::file(service, &admin, &ask).await.expect("a file");
        assert_eq!(bytes, at_once);
        assert!(bytes.starts_with(b"id,username\r\n"));

        let other = app.someone("Otto Other", &[ConsoleRight::Administer]).await;
        let view = jobs::read(service, &other, id).await.expect("it is seen");
        assert!(view.file.is_some() && !view.may.fetch && view.withheld.is_some());
        let hidden = jobs::file(service, &other, id).await;
        assert!(matches!(hidden, Err(Error::NotFound)), "{hidden:?}");
        assert_eq!(entries(app, &admin, AuditAction::ExportFetched).await, 1);
        app.clock().advance(7 * DAY);
        let gone = jobs::file(service, &admin, id).await;
        assert!(matches!(gone, Err(Error::NotFound)), "{gone:?}");
        // Housekeeping has not been yet, and then it has.
        for _ in 0..2 {
            let view = jobs::read(service, &admin, id).await.expect("it is seen");
            assert!(view.file.is_none() && !view.may.fetch);
            assert!(view.withheld.expect("a sentence").contains("is gone"));
            service::housekeeping::round(service).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_is_made_with_the_rights_of_the_moment_it_is_made() {
    both_apps(async |app| {
        let admin = app.welcome().await;
        let service = app.service();
        let ana = app.someone("Ana Silva", &[ConsoleRight::Audit]).await;
        let me = ana.me().expect("a person");
        let of = |list| ExportAsk::of(list, &ListQuery::default(), &jiff::tz::TimeZone::UTC);
        let log = of(ExportList::Audit);
        let id = exports::ask(service, &ana, &log).await.expect("a job");
        rights::end(service, &admin, me, ConsoleRight::Audit, "Done")
            .await
            .expect("ended");
        app.clock().advance(SECOND);
        run(app).await;
        let view = jobs::read(service, &admin, id).await.expect("the job");
        assert_eq!(view.job.state, JobState::Failed);
        assert!(view.file.is_none());

        let people = of(ExportList::People);
        let id = exports::ask(service, &ana, &people).await.expect("a job");
        people::suspend(service, &admin, me, "Away")
            .await
            .expect("suspended");
        app.clock().advance(SECOND);
        run(app).await;
        let view = jobs::read(service, &admin, id).await.expect("the job");
        let failure = view.job.failure.expect("a sentence");
        assert!(failure.contains("Ana Silva"), "{failure}");
        let refused = exports::ask(service, &app.someone("Eve", &[]).await, &log).await;
        assert!(matches!(refused, Err(Error::Denied { .. })), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_file_is_given_out_with_the_rights_of_the_moment_it_is_fetched() {
    both_apps(async |app| {
        app.welcome().await;
        let service = app.service();
        let ana = app.someone("Ana Silva", &[ConsoleRight::Audit]).await;
        let nothing = Cx::of(Actor::Person {
            id: ana.me().expect("a person"),
            rights: Rights::NONE,
        });
        for list in [ExportList::Audit, ExportList::People, ExportList::Access] {
            let ask = ExportAsk::of(list, &ListQuery::default(), &jiff::tz::TimeZone::UTC);
            let id = exports::ask(service, &ana, &ask).await.expect("a job");
            run(app).await;
            assert!(jobs::file(service, &ana, id).await.is_ok());
            let refused = jobs::file(service, &nothing, id).await;
            assert!(
                matches!(
                    refused,
                    Err(Error::Denied { .. } | Error::Refused(_) | Error::NotFound)
                ),
                "{refused:?}"
            );
            let view = jobs::read(service, &ana, id).await.expect("it is seen");
            assert!(view.may.fetch && view.withheld.is_none());
            let view = jobs::read(service, &nothing, id).await.expect("it is seen");
            assert!(view.file.is_some() && !view.may.fetch && view.withheld.is_some());
        }
        // What was made of the little they see stays theirs.
        let people = ExportAsk::of(
            ExportList::People,
            &ListQuery::default(),
            &jiff::tz::TimeZone::UTC,
        );
        let otto = app.someone("Otto Other", &[]).await;
        let id = exports::ask(service, &otto, &people).await.expect("a job");
        run(app).await;
        assert!(jobs::file(service, &otto, id).await.is_ok());
    })
    .await;
}
