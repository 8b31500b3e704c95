//! An import that goes on later may no more than it might when it began.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use domain::permission::ConsoleRight::{Administer, ManageIdentities};
use domain::source::FileKind::Identities;
use domain::source::ImportMode::Delta;
use domain::source::{RunState, SourceDraft};
use domain::time::HOUR;
use service::imports::{self, Outcome, Progress, Worker};
use service::{Error, housekeeping, jobs, sources};
use testkit::both_apps;

use crate::jobs::work;
use crate::kit::{done, stage, totals};
use crate::people::person;

/// Stops as soon as it can once it has begun to read.
fn soon() -> Progress {
    let flag: Arc<AtomicBool> = Arc::default();
    let stop = Arc::clone(&flag);
    Progress::new(move |_| stop.store(true, Ordering::SeqCst), flag)
}

#[tokio::test]
async fn what_goes_on_later_changes_nobody_whom_it_might_not_change_before() {
    both_apps(async |app| {
        let (service, _) = (app.service(), app.welcome().await);
        let manager = app.someone("Mia Berg", &[ManageIdentities]).await;
        let file: &[_] = &[(Identities, "username,title\nana,Clerk\nkim.lee,Intern\n")];
        let run = stage(service, &manager, "hr", Delta, file)
            .await
            .expect("staged");
        let checked = imports::check(service, &manager, run, &Progress::silent()).await;
        assert_eq!(
            done(checked.expect("a check")).totals[&Identities].rejected,
            1
        );
        let worker = Worker::named("a test");
        let stopped = imports::apply(service, &manager, run, None, worker, &soon()).await;
        assert_eq!(stopped.ok(), Some(Outcome::Stopped));
        app.clock().advance(HOUR);
        imports::take_up(service).await.expect("taken up");
        work(service).await;
        let view = imports::run(service, &manager, run).await.expect("a run");
        assert_eq!(view.run.state, RunState::Applied);
        assert_eq!(totals(&view.run, Identities), [2, 1, 0, 0, 0, 1]);
        assert_eq!(person(app, "kim.lee").await.content.title, "");
    })
    .await;
}

#[tokio::test]
async fn only_administrators_choose_a_folder_because_its_files_come_in_with_all_rights() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let manager = app.someone("Mia Berg", &[ManageIdentities]).await;
        let draft = |name: &str, folder: &str, mode: &str| SourceDraft {
            name: name.to_owned(),
            folder: folder.to_owned(),
            every_minutes: if folder.is_empty() { "" } else { "5" }.to_owned(),
            mode: mode.to_owned(),
            ..SourceDraft::default()
        };
        let denied = sources::create(service, &manager, &draft("hr", "/tmp/hr", "delta")).await;
        assert!(matches!(denied, Err(Error::Denied { .. })));
        let id = sources::create(service, &manager, &draft("hr", "", "delta"))
            .await
            .expect("a source");
        let view = sources::read(service, &manager, id)
            .await
            .expect("a source");
        assert!(!view.may_watch);
        let version = view.source.recorded_from;
        let watched = draft("hr", "/tmp/hr", "delta");
        let denied = sources::edit(service, &manager, id, version, &watched).await;
        assert!(matches!(denied, Err(Error::Denied { .. })));
        sources::edit(service, &cx, id, version, &watched)
            .await
            .expect("watched");
        let view = sources::read(service, &cx, id).await.expect("a source");
        assert!(view.may_watch);
        let version = view.source.recorded_from;
        // The same folder with another meaning would be as bad; another name is not.
        let other = draft("hr", "/tmp/hr", "snapshot");
        let refused = sources::edit(service, &manager, id, version, &other).await;
        assert!(matches!(refused, Err(Error::Invalid(errors)) if errors.of("mode").is_some()));
        let named = draft("people", "/tmp/hr", "delta");
        assert!(
            sources::edit(service, &manager, id, version, &named)
                .await
                .is_ok()
        );
    })
    .await;
}

#[tokio::test]
async fn a_folder_waits_for_the_import_that_somebody_paused() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        app.someone("Zoe Ray", &[Administer]).await;
        let file: &[_] = &[(Identities, "username,title\nana,Clerk\n")];
        let run = stage(service, &cx, "hr", Delta, file)
            .await
            .expect("staged");
        imports::check(service, &cx, run, &Progress::silent())
            .await
            .expect("a check");
        let worker = Worker::named("a test");
        let stopped = imports::apply(service, &cx, run, None, worker, &soon()).await;
        assert_eq!(stopped.ok(), Some(Outcome::Stopped));
        app.clock().advance(HOUR);
        imports::take_up(service).await.expect("taken up");
        let view = imports::run(service, &cx, run).await.expect("a run");
        let job = domain::id::JobId::from_raw(view.run.job.expect("a job"));
        jobs::pause(service, &cx, job).await.expect("paused");
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("identities.csv"), "username\nben\n").expect("a file");
        let source = sources::read(service, &cx, view.source.id)
            .await
            .expect("a source");
        let draft = SourceDraft {
            name: "hr".to_owned(),
            folder: folder.path().to_string_lossy().into_owned(),
            every_minutes: "5".to_owned(),
            mode: "delta".to_owned(),
            ..SourceDraft::default()
        };
        sources::edit(
            service,
            &cx,
            view.source.id,
            source.source.recorded_from,
            &draft,
        )
        .await
        .expect("watched");
        housekeeping::round(service).await;
        work(service).await;
        let runs = sources::runs(service, &cx, view.source.id, None)
            .await
            .expect("runs");
        assert_eq!(runs.len(), 1);
        assert_eq!(runs[0].state, RunState::Applying);
        jobs::resume(service, &cx, job).await.expect("resumed");
        work(service).await;
        let view = imports::run(service, &cx, run).await.expect("a run");
        assert_eq!(view.run.state, RunState::Applied);
    })
    .await;
}

#[tokio::test]
async fn one_run_that_cannot_be_taken_up_keeps_no_other_from_it() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let mut runs = Vec::new();
        for source in ["broken", "whole"] {
            let file = format!("username\n{source}\n");
            let run = stage(service, &cx, source, Delta, &[(Identities, &file)])
                .await
                .expect("staged");
            imports::check(service, &cx, run, &Progress::silent())
                .await
                .expect("a check");
            let worker = Worker::named("a test");
            let stopped = imports::apply(service, &cx, run, None, worker, &soon()).await;
            assert_eq!(stopped.ok(), Some(Outcome::Stopped));
            runs.push(run);
        }
        app.clock().advance(HOUR);
        damage(
            app.db().store(),
            "UPDATE source SET mapping = '5' WHERE name = 'broken'",
        )
        .await;
        imports::take_up(service).await.expect("the others");
        work(service).await;
        let view = imports::run(service, &cx, runs[1]).await.expect("a run");
        assert_eq!(view.run.state, RunState::Applied);
        damage(
            app.db().store(),
            "UPDATE source SET mapping = '{}' WHERE name = 'broken'",
        )
        .await;
        imports::take_up(service).await.expect("this one, too");
        work(service).await;
        let view = imports::run(service, &cx, runs[0]).await.expect("a run");
        assert_eq!(view.run.state, RunState::Applied);
    })
    .await;
}

async fn damage(store: &service::Store, text: &'static str) {
    match store {
        service::Store::Sqlite { writer, .. } => {
            sqlx::raw_sql(text).execute(writer).await.map(drop)
        }
        service::Store::Postgres { pool, .. } => sqlx::raw_sql(text).execute(pool).await.map(drop),
    }
    .expect("the database answers");
}
