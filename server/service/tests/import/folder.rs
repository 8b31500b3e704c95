//! A watched folder: looked at again and again, and imported once.

use std::path::Path;
use std::sync::Arc;

use domain::id::SourceId;
use domain::source::FileKind::Identities;
use domain::source::ImportMode::Snapshot;
use domain::source::{RunState, SourceDraft, SourceRun};
use domain::time::{HOUR, MINUTE, SECOND};
use service::imports::{Progress, Worker};
use service::jobs::{self, Stop};
use service::{Cx, Service, housekeeping, imports, sources};
use sqlx::AssertSqlSafe;
use storage::Store;
use testkit::{TestApp, both_apps};

use crate::jobs::work;
use crate::kit::{done, stage};

async fn watched(app: &TestApp, cx: &Cx, folder: &Path) -> SourceId {
    let draft = SourceDraft {
        name: "hr".to_owned(),
        folder: folder.to_string_lossy().into_owned(),
        every_minutes: "5".to_owned(),
        mode: "snapshot".to_owned(),
        ..SourceDraft::default()
    };
    let id = sources::create(app.service(), cx, &draft)
        .await
        .expect("a source");
    housekeeping::round(app.service()).await;
    id
}

/// The next look, and the runs of the source after it.
async fn look(app: &TestApp, cx: &Cx, id: SourceId) -> Vec<RunState> {
    app.clock().advance(HOUR);
    work(app.service()).await;
    states(&runs(app.service(), cx, id).await)
}

async fn runs(service: &Service, cx: &Cx, id: SourceId) -> Vec<SourceRun> {
    sources::runs(service, cx, id, None).await.expect("runs")
}

fn states(runs: &[SourceRun]) -> Vec<RunState> {
    runs.iter().map(|run| run.state).collect()
}

#[tokio::test]
async fn the_same_files_are_imported_once_and_refused_once() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("identities.csv");
        std::fs::write(&file, "username\nana\nben\n").expect("a file");
        let id = watched(app, &cx, folder.path()).await;
        for _ in 0..3 {
            assert_eq!(look(app, &cx, id).await, [RunState::Applied]);
        }
        std::fs::write(&file, "username\nana\n").expect("a file");
        let both = [RunState::Refused, RunState::Applied];
        for _ in 0..3 {
            assert_eq!(look(app, &cx, id).await, both);
        }
        // Columns that are called otherwise are a reason to look again.
        let read = imports::staged(app.service(), &cx, runs(app.service(), &cx, id).await[0].id);
        assert_eq!(read.await.expect("a run").files.len(), 1);
        std::fs::write(&file, "login\nana\nben\ncleo\n").expect("a file");
        assert_eq!(look(app, &cx, id).await.len(), 3);
        assert_eq!(look(app, &cx, id).await.len(), 3);
        app.clock().advance(HOUR);
        let run = imports::begin(app.service(), &cx, id, domain::source::ImportMode::Snapshot)
            .await
            .expect("a run");
        let mapping = [("username".to_owned(), "login".to_owned())].into();
        imports::map(
            app.service(),
            &cx,
            run,
            domain::source::FileKind::Identities,
            mapping,
        )
        .await
        .expect("mapped");
        imports::cancel(app.service(), &cx, run)
            .await
            .expect("cancelled");
        let states = look(app, &cx, id).await;
        assert_eq!((states.len(), states[0]), (5, RunState::Applied));
    })
    .await;
}

#[tokio::test]
async fn a_folder_that_is_not_there_is_said_on_the_page_of_the_source() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("drop");
        let id = watched(app, &cx, &path).await;
        assert_eq!(look(app, &cx, id).await, []);
        let said = async || {
            let view = sources::read(app.service(), &cx, id).await;
            view.expect("a source").folder_problem
        };
        assert!(
            said()
                .await
                .is_some_and(|said| said.contains("cannot be read"))
        );
        std::fs::create_dir(&path).expect("a folder");
        assert_eq!(look(app, &cx, id).await, []);
        assert!(
            said()
                .await
                .is_some_and(|said| said.contains("no file to import"))
        );
        std::fs::write(path.join("identities.csv"), "username\nana\n").expect("a file");
        assert_eq!(look(app, &cx, id).await, [RunState::Applied]);
        assert_eq!(said().await, None);
    })
    .await;
}

#[tokio::test]
async fn a_look_that_is_stopped_leaves_no_run_behind() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("identities.csv"), "username\nana\n").expect("a file");
        let id = watched(app, &cx, folder.path()).await;
        app.clock().advance(HOUR);
        let handlers = jobs::handlers();
        let work = jobs::claim(service, &handlers)
            .await
            .expect("claims")
            .expect("a job");
        work.stop(Stop::Shutdown);
        let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.expect("settled");
        assert_eq!(states(&runs(service, &cx, id).await), [RunState::Cancelled]);
        assert_eq!(
            look(app, &cx, id).await,
            [RunState::Applied, RunState::Cancelled]
        );
    })
    .await;
}

/// An import of these people that breaks off for good.
async fn broken(app: &TestApp, cx: &Cx, people: &str) {
    let service = app.service();
    let run = stage(service, cx, "hr", Snapshot, &[(Identities, people)])
        .await
        .expect("staged");
    let silent = Progress::silent();
    let checked = imports::check(service, cx, run, &silent).await;
    assert_eq!(done(checked.expect("a check")).state, RunState::Checked);
    let mut tx = app.db().write().await;
    tx.delete_run_chunks(run, 9).await.expect("deleted");
    tx.commit_unaudited("a test").await.expect("committed");
    let worker = Worker::named("a test");
    let broken = imports::apply(service, cx, run, None, worker, &silent).await;
    assert_eq!(done(broken.expect("an end")).state, RunState::Failed);
}

#[tokio::test]
async fn files_that_failed_are_tried_again_after_a_growing_pause_or_when_they_change() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("identities.csv");
        let people = "username\nana\nben\n";
        std::fs::write(&file, people).expect("a file");
        let id = watched(app, &cx, folder.path()).await;
        let after = async |pause: i64| {
            app.clock().advance(pause);
            work(app.service()).await;
            states(&runs(app.service(), &cx, id).await)
        };
        let held_back = async || {
            let view = sources::read(app.service(), &cx, id).await;
            let until = view.expect("a source").held_back;
            until.map(|at| at.since(app.service().now()) / MINUTE)
        };
        for (failures, pause) in [(1, 5), (2, 15), (3, 60), (4, 60)] {
            broken(app, &cx, people).await;
            assert_eq!(held_back().await, Some(pause));
            let runs = after(pause * MINUTE - SECOND).await;
            assert_eq!(runs, vec![RunState::Failed; failures]);
        }
        assert_eq!(after(5 * MINUTE).await[0], RunState::Applied);
        assert_eq!(held_back().await, None);
        // Other files have nothing to wait for.
        broken(app, &cx, "username\nana\nben\ncleo\n").await;
        std::fs::write(&file, "username\nana\nben\ndora\n").expect("a file");
        assert_eq!(after(5 * MINUTE).await[0], RunState::Applied);
        assert_eq!(held_back().await, None);
    })
    .await;
}

/// Says something of Kim Lee that no program would.
async fn damage(app: &TestApp, attributes: &str) {
    let sql = AssertSqlSafe(format!(
        "UPDATE identity SET attributes = '{attributes}' WHERE username_key = 'kim.lee'"
    ));
    let done = match app.db().store() {
        Store::Sqlite { writer, .. } => sqlx::query(sql).execute(writer).await.map(drop),
        Store::Postgres { pool, .. } => sqlx::query(sql).execute(pool).await.map(drop),
    };
    done.expect("the change is possible");
}

#[tokio::test]
async fn a_look_that_fails_on_our_side_counts_as_a_failed_import_and_the_timer_goes_on() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("identities.csv"), "username\nkim.lee\n")
            .expect("a file");
        let id = watched(app, &cx, folder.path()).await;
        damage(app, "[]").await;
        assert_eq!(look(app, &cx, id).await, [RunState::Failed]);
        app.clock().advance(MINUTE);
        housekeeping::round(app.service()).await;
        let due = app.db().read().await.job_due(app.service().now()).await;
        assert_eq!(due.ok(), Some(false));
        damage(app, "{}").await;
        assert_eq!(look(app, &cx, id).await[0], RunState::Applied);
    })
    .await;
}
