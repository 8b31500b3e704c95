//! A watched folder: looked at again and again, and imported once.

use std::path::Path;
use std::sync::Arc;

use domain::id::SourceId;
use domain::source::{RunState, SourceDraft, SourceRun};
use domain::time::HOUR;
use service::jobs::{self, Stop};
use service::{Cx, Service, housekeeping, imports, sources};
use testkit::{TestApp, both_apps};

use crate::jobs::work;

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
