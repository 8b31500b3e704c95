//! Jobs: asked for with the change that needs them, claimed by one worker at a time, begun again after a crash.

use domain::context::Clock;
use domain::id::{IdentityId, JobId, ObjectKind, ObjectRef};
use domain::job::{JobKind, JobProgress, JobState, JobWish};
use domain::time::{DAY, Instant, MINUTE, SECOND};
use serde_json::json;
use storage::jobs::{JobFile, JobProblem, Lease, MOST_PROBLEMS, NewJob, Settled};
use storage::{Error, WriteTx};
use testkit::{START, TestStore, both_engines};

pub(crate) fn export(title: &str) -> NewJob {
    NewJob {
        kind: JobKind::Export,
        payload: json!({ "list": "people", "odd": "a\u{0}b" }),
        live_key: None,
        subject: None,
        title: title.to_owned(),
        run_at: None,
        cancellable: true,
        created_by: None,
    }
}

pub(crate) async fn asked(db: &TestStore, job: &NewJob) -> JobId {
    let mut tx = db.write().await;
    let id = tx.enqueue(job).await.expect("a job");
    kept(tx).await;
    id
}

pub(crate) async fn kept(tx: WriteTx) {
    tx.commit_unaudited("a test").await.expect("a commit");
}

/// Claims for a minute at a moment after [`START`].
async fn claim(db: &TestStore, owner: &str, now: Instant) -> Option<Lease> {
    let mut tx = db.write().await;
    let job = tx
        .claim_job(owner, now, now.plus(MINUTE))
        .await
        .expect("the database answers")?;
    kept(tx).await;
    let owner = owner.to_owned();
    Some(Lease { job: job.id, owner })
}

fn far(done: u64) -> JobProgress {
    JobProgress {
        done,
        total: Some(10),
        problems: 1,
        note: "Reading".to_owned(),
        counts: vec![("Added".to_owned(), done)],
    }
}

#[tokio::test]
async fn a_job_is_kept_as_it_was_asked_for_and_only_with_its_transaction() {
    both_engines(async |db| {
        let subject = ObjectRef {
            kind: ObjectKind::Identity,
            raw: 7,
        };
        let job = NewJob {
            subject: Some(subject),
            created_by: Some(IdentityId::from_raw(7)),
            run_at: Some(START.plus(DAY)),
            ..export("Export of\u{0} people")
        };
        let mut tx = db.write().await;
        let gone = tx.enqueue(&job).await.unwrap();
        drop(tx);
        assert_eq!(db.read().await.job(gone).await.unwrap(), None);
        let id = asked(db, &job).await;
        let found = db.read().await.job(id).await.unwrap().unwrap();
        assert_eq!(found.title, "Export of\u{fffd} people");
        assert_eq!(
            (found.kind, found.state, found.payload),
            (JobKind::Export, JobState::Queued, job.payload)
        );
        assert_eq!(
            (found.subject, found.created_by),
            (Some(subject), job.created_by)
        );
        assert_eq!((found.run_at, found.attempts), (START.plus(DAY), 0));
        assert!(found.cancellable && found.wish.is_none() && found.result.is_none());
        assert_eq!(found.progress, JobProgress::default());
    })
    .await;
}

#[tokio::test]
async fn a_key_has_one_job_that_is_not_over() {
    both_engines(async |db| {
        let job = NewJob {
            live_key: Some("watch:src_1".to_owned()),
            ..export("Watch")
        };
        let id = asked(db, &job).await;
        assert_eq!(asked(db, &job).await, id);
        assert_eq!(
            db.read().await.live_job("watch:src_1").await.unwrap(),
            Some(id)
        );
        assert_eq!(db.read().await.live_job("other").await.unwrap(), None);
        let mut tx = db.write().await;
        tx.move_job(id, JobState::Queued, JobState::Cancelled)
            .await
            .unwrap();
        kept(tx).await;
        assert_eq!(db.read().await.live_job("watch:src_1").await.unwrap(), None);
        let last = async |key| {
            let job = db.read().await.last_job(key).await.unwrap();
            job.map(|job| job.id)
        };
        assert_eq!(last("watch:src_1").await, Some(id));
        assert_eq!(last("other").await, None);
        let next = asked(db, &job).await;
        assert_ne!(next, id);
        assert_eq!(last("watch:src_1").await, Some(next));
    })
    .await;
}

#[tokio::test]
async fn one_worker_at_a_time_has_a_job_until_its_lease_runs_out() {
    both_engines(async |db| {
        assert!(!db.read().await.job_due(START).await.unwrap());
        let id = asked(db, &export("First")).await;
        let later = NewJob {
            run_at: Some(START.plus(MINUTE)),
            ..export("Later")
        };
        let later = asked(db, &later).await;
        let now = START.plus(SECOND);
        assert!(db.read().await.job_due(now).await.unwrap());
        let one = claim(db, "one", now).await.unwrap();
        assert_eq!(one.job, id);
        assert!(!db.read().await.job_due(now).await.unwrap());
        assert_eq!(claim(db, "two", now).await, None);

        let mut tx = db.write().await;
        let until = now.plus(MINUTE);
        assert_eq!(tx.keep_job(&one, now, until, &far(4)).await.unwrap(), None);
        kept(tx).await;
        let job = db.read().await.job(id).await.unwrap().unwrap();
        assert_eq!((job.progress.clone(), job.attempts), (far(4), 1));
        assert_eq!((job.started, job.attempt_from), (Some(now), 0));

        let dead = now.plus(MINUTE + 1);
        assert!(db.read().await.job_due(dead).await.unwrap());
        let two = claim(db, "two", dead).await.unwrap();
        assert_eq!(two.job, id);
        let job = db.read().await.job(id).await.unwrap().unwrap();
        assert_eq!((job.attempts, job.attempt_from), (2, 4));
        assert_eq!((job.started, job.attempt_started), (Some(now), Some(dead)));
        // Who has lost it has no say any more.
        let mut tx = db.write().await;
        let late = tx.keep_job(&one, dead, until, &far(5)).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
        let late = tx.settle_job(&one, dead, &Settled::Paused, &far(5)).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
        assert!(!tx.hold_job(&one).await.unwrap());
        // An attempt that begins from the start has its rate from there.
        let until = dead.plus(MINUTE);
        tx.keep_job(&two, dead, until, &far(1)).await.unwrap();
        kept(tx).await;
        let job = db.read().await.job(id).await.unwrap().unwrap();
        assert_eq!(job.attempt_from, 1);
        assert_eq!(claim(db, "three", dead).await.unwrap().job, later);
    })
    .await;
}

#[tokio::test]
async fn a_worker_leaves_a_job_in_each_way() {
    both_engines(async |db| {
        let again = |at: Instant, fresh: bool| Settled::Again {
            at,
            failure: (!fresh).then(|| "Busy.".to_owned()),
            fresh,
        };
        for (settled, state, attempts) in [
            (Settled::Done(json!({ "rows": 1 })), JobState::Done, 1),
            (Settled::Failed("Broken.".to_owned()), JobState::Failed, 1),
            (Settled::Paused, JobState::Paused, 1),
            (Settled::Cancelled, JobState::Cancelled, 1),
            (again(START.plus(DAY), false), JobState::Queued, 1),
            (again(START.plus(DAY), true), JobState::Queued, 0),
        ] {
            let id = asked(db, &export("One")).await;
            let now = START.plus(SECOND);
            let lease = claim(db, "one", now).await.unwrap();
            let mut tx = db.write().await;
            tx.settle_job(&lease, now, &settled, &far(9)).await.unwrap();
            kept(tx).await;
            let job = db.read().await.job(id).await.unwrap().unwrap();
            assert_eq!((job.state, job.attempts), (state, attempts));
            assert_eq!(job.progress, far(9));
            let over = state.is_over().then_some(now);
            assert_eq!(job.finished, over);
            match settled {
                Settled::Done(result) => assert_eq!(job.result, Some(result)),
                Settled::Failed(reason) => assert_eq!(job.failure, Some(reason)),
                Settled::Again { at, failure, .. } => {
                    assert_eq!((job.run_at, job.failure), (at, failure));
                }
                Settled::Paused | Settled::Cancelled => assert_eq!(job.failure, None),
            }
            assert_eq!(claim(db, "two", now).await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn a_running_job_is_asked_and_a_waiting_one_moved() {
    both_engines(async |db| {
        let id = asked(db, &export("One")).await;
        let now = START.plus(SECOND);
        let mut tx = db.write().await;
        let early = tx.wish_job(id, Some(JobWish::Pause)).await;
        assert!(matches!(early, Err(Error::Stale)), "{early:?}");
        tx.move_job(id, JobState::Queued, JobState::Paused)
            .await
            .unwrap();
        kept(tx).await;
        assert_eq!(claim(db, "one", now).await, None);
        let mut tx = db.write().await;
        tx.move_job(id, JobState::Paused, JobState::Queued)
            .await
            .unwrap();
        let twice = tx.move_job(id, JobState::Paused, JobState::Queued).await;
        assert!(matches!(twice, Err(Error::Stale)), "{twice:?}");
        kept(tx).await;
        let now = now.plus(MINUTE);
        let lease = claim(db, "one", now).await.unwrap();
        let mut tx = db.write().await;
        let running = tx
            .move_job(id, JobState::Running, JobState::Cancelled)
            .await;
        assert!(matches!(running, Err(Error::Stale)), "{running:?}");
        tx.wish_job(id, Some(JobWish::Pause)).await.unwrap();
        let until = now.plus(MINUTE);
        let wish = tx.keep_job(&lease, now, until, &far(1)).await.unwrap();
        assert_eq!(wish, Some(JobWish::Pause));
        tx.wish_job(id, None).await.unwrap();
        assert_eq!(
            tx.keep_job(&lease, now, until, &far(1)).await.unwrap(),
            None
        );
        // What is asked of a job that is given back is heard by who claims it next.
        tx.wish_job(id, Some(JobWish::Cancel)).await.unwrap();
        let again = Settled::Again {
            at: now,
            failure: None,
            fresh: true,
        };
        tx.settle_job(&lease, now, &again, &far(1)).await.unwrap();
        let job = tx.claim_job("two", now, until).await.unwrap().unwrap();
        assert_eq!(job.wish, Some(JobWish::Cancel));
        kept(tx).await;
    })
    .await;
}

#[tokio::test]
async fn from_a_point_on_a_job_cannot_be_called_off() {
    both_engines(async |db| {
        let (id, other) = (
            asked(db, &export("One")).await,
            asked(db, &export("Two")).await,
        );
        let now = START.plus(SECOND);
        let lease = claim(db, "one", now).await.unwrap();
        let mut tx = db.write().await;
        assert!(tx.hold_job(&lease).await.unwrap());
        assert!(tx.hold_job(&lease).await.unwrap());
        let late = tx.wish_job(id, Some(JobWish::Cancel)).await;
        assert!(matches!(late, Err(Error::Stale)), "{late:?}");
        tx.wish_job(id, Some(JobWish::Pause)).await.unwrap();
        kept(tx).await;
        assert!(!db.read().await.job(id).await.unwrap().unwrap().cancellable);

        let lease = claim(db, "two", now).await.unwrap();
        let mut tx = db.write().await;
        tx.wish_job(other, Some(JobWish::Cancel)).await.unwrap();
        assert!(!tx.hold_job(&lease).await.unwrap());
        kept(tx).await;
    })
    .await;
}

#[tokio::test]
async fn problems_are_numbered_and_stop_at_a_limit() {
    both_engines(async |db| {
        let id = asked(db, &export("One")).await;
        let problem = |n: i64| JobProblem {
            subject: format!("idn_{n}"),
            message: "Is\u{0} gone.".to_owned(),
        };
        let mut tx = db.write().await;
        tx.add_job_problems(id, &[problem(1), problem(2)])
            .await
            .unwrap();
        tx.add_job_problems(id, &[problem(3)]).await.unwrap();
        let found = tx.job_problems(id, 1, 2).await.unwrap();
        let kept_as = |n: i64| JobProblem {
            message: "Is\u{fffd} gone.".to_owned(),
            ..problem(n)
        };
        assert_eq!(found, [(2, kept_as(2)), (3, kept_as(3))]);
        let many: Vec<JobProblem> = (4..MOST_PROBLEMS + 10).map(problem).collect();
        tx.add_job_problems(id, &many).await.unwrap();
        tx.add_job_problems(id, &many).await.unwrap();
        let last = tx.job_problems(id, MOST_PROBLEMS - 1, 9).await.unwrap();
        assert_eq!(last.len(), 1);
        tx.clear_job_problems(id).await.unwrap();
        assert_eq!(tx.job_problems(id, 0, 9).await.unwrap(), []);
        kept(tx).await;
    })
    .await;
}

#[tokio::test]
async fn a_file_is_whole_or_not_there_and_goes_when_it_expires() {
    both_engines(async |db| {
        let id = asked(db, &export("One")).await;
        let file = JobFile {
            name: "people.csv".to_owned(),
            bytes: 9,
            expires: START.plus(7 * DAY),
        };
        let mut tx = db.write().await;
        tx.add_job_file_chunk(id, 0, b"first").await.unwrap();
        assert_eq!(tx.job_file(id).await.unwrap(), None);
        tx.clear_job_file(id).await.unwrap();
        tx.add_job_file_chunk(id, 0, b"first").await.unwrap();
        tx.add_job_file_chunk(id, 1, b"rest").await.unwrap();
        tx.finish_job_file(id, &file).await.unwrap();
        kept(tx).await;
        let mut tx = db.read().await;
        assert_eq!(tx.job_file(id).await.unwrap(), Some(file.clone()));
        let piece = tx.job_file_chunk(id, 1).await.unwrap();
        assert_eq!(piece.as_deref(), Some(&b"rest"[..]));
        assert_eq!(tx.job_file_chunk(id, 2).await.unwrap(), None);
        drop(tx);
        let mut tx = db.write().await;
        let twice = tx.finish_job_file(id, &file).await;
        assert!(matches!(twice, Err(Error::Duplicate)), "{twice:?}");
        drop(tx);
        for (now, there) in [(6 * DAY, true), (7 * DAY, false)] {
            let mut tx = db.write().await;
            tx.forget_jobs(START.plus(now), START).await.unwrap();
            assert_eq!(tx.job_file(id).await.unwrap().is_some(), there);
            assert_eq!(tx.job_file_chunk(id, 0).await.unwrap().is_some(), there);
            assert!(tx.job(id).await.unwrap().is_some());
            kept(tx).await;
        }
    })
    .await;
}

#[tokio::test]
async fn old_jobs_are_forgotten_and_live_ones_stay() {
    both_engines(async |db| {
        let (over, live) = (
            asked(db, &export("Over")).await,
            asked(db, &export("Live")).await,
        );
        let now = START.plus(SECOND);
        let lease = claim(db, "one", now).await.unwrap();
        let mut tx = db.write().await;
        let done = Settled::Done(json!({}));
        tx.settle_job(&lease, now, &done, &far(1)).await.unwrap();
        tx.add_job_file_chunk(over, 0, b"x").await.unwrap();
        tx.forget_jobs(now, now).await.unwrap();
        assert!(tx.job(over).await.unwrap().is_some());
        tx.forget_jobs(now, now.plus(1)).await.unwrap();
        assert_eq!(tx.job(over).await.unwrap(), None);
        assert_eq!(tx.job_file_chunk(over, 0).await.unwrap(), None);
        assert!(tx.job(live).await.unwrap().is_some());
        kept(tx).await;
    })
    .await;
}

#[tokio::test]
async fn jobs_of_a_kind_that_say_nothing_are_forgotten_soon() {
    both_engines(async |db| {
        let mail = NewJob {
            kind: JobKind::SendMail,
            ..export("Send mail")
        };
        for job in [&mail, &export("A list")] {
            let id = asked(db, job).await;
            let lease = claim(db, "one", db.clock().now()).await.unwrap();
            assert_eq!(lease.job, id);
            let mut tx = db.write().await;
            let done = Settled::Done(json!({}));
            tx.settle_job(&lease, START, &done, &far(1)).await.unwrap();
            kept(tx).await;
        }
        let waiting = asked(db, &mail).await;
        let mut tx = db.write().await;
        let kind = JobKind::SendMail;
        tx.forget_done_jobs(kind, START.plus(1), START.plus(DAY))
            .await
            .unwrap();
        assert!(tx.job(JobId::from_raw(1)).await.unwrap().is_some());
        tx.forget_done_jobs(kind, START, START.plus(DAY))
            .await
            .unwrap();
        assert!(tx.job(JobId::from_raw(1)).await.unwrap().is_none());
        assert!(tx.job(JobId::from_raw(2)).await.unwrap().is_some());
        assert!(tx.job(waiting).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn the_jobs_about_an_object_come_newest_first() {
    both_engines(async |db| {
        let of = |raw| ObjectRef {
            kind: ObjectKind::Campaign,
            raw,
        };
        let mut ids = Vec::new();
        for (kind, about) in [
            (JobKind::ExportEvidence, Some(of(1))),
            (JobKind::ExportEvidence, Some(of(2))),
            (JobKind::LaunchReview, Some(of(1))),
            (JobKind::ExportEvidence, Some(of(1))),
            (JobKind::ExportEvidence, None),
        ] {
            let job = NewJob {
                kind,
                subject: about,
                ..export("A job")
            };
            ids.push(asked(db, &job).await);
        }
        let mut read = db.read().await;
        let mut found = async |most| -> Vec<JobId> {
            let all = read.jobs_about(of(1), JobKind::ExportEvidence, most).await;
            all.unwrap().into_iter().map(|job| job.id).collect()
        };
        assert_eq!(found(10).await, [ids[3], ids[0]]);
        assert_eq!(found(1).await, [ids[3]]);
    })
    .await;
}
