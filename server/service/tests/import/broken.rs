//! What breaks off ends with a sentence: nothing goes round for ever, and nothing is imported that was not brought in.

use domain::source::FileKind::{Identities, RoleMembers, Roles};
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::imports::{self, Progress, Upload, Worker};
use service::jobs::{self, Stop};
use std::sync::Arc;
use testkit::both_apps;

use crate::killed::killed_after;
use crate::kit::{done, import, lines, places, stage, totals};

#[tokio::test]
async fn an_end_beyond_the_calendar_is_no_end_and_years_before_the_first_are_none() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let members = "username,role,valid_from,valid_until\nana,a,,9999-12-31\nana,b,,9999-12-30\nana,c,0000-01-01,\n\
                       ana,d,-000001-01-01,\nana,e,0001-01-01,9998-12-31\nana,f,9999-12-31,\nana,g,,-000002-01-01T00:00:00Z\n";
        let files: &[_] = &[
            (Identities, "username\nana\n"),
            (Roles, "role\na\nb\nc\nd\ne\nf\ng\n"),
            (RoleMembers, members),
        ];
        let run = import(service, &cx, "hr", Snapshot, files).await;
        assert_eq!((run.state, run.message.as_str()), (RunState::Applied, ""));
        assert_eq!(totals(&run, RoleMembers), [7, 3, 0, 0, 0, 4]);
        let from = |line| (line, "valid_from".to_owned());
        let expected = [from(4), from(5), from(7), (8, "valid_until".to_owned())];
        assert_eq!(places(service, &cx, &run).await, expected);
        let again = import(service, &cx, "hr", Snapshot, files).await;
        assert_eq!((again.state, again.records), (RunState::Applied, 0));
    })
    .await;
}

#[tokio::test]
async fn an_error_that_would_come_again_ends_the_run() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let files: &[_] = &[(Identities, "username\nana\n")];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        imports::check(service, &cx, run, &Progress::silent())
            .await
            .expect("a check");
        let mut tx = app.db().write().await;
        tx.delete_run_chunks(run, 9).await.expect("deleted");
        tx.commit_unaudited("a test").await.expect("committed");
        let worker = Worker::named("a test");
        let run = done(
            imports::apply(service, &cx, run, None, worker, &Progress::silent())
                .await
                .expect("an end"),
        );
        assert_eq!(run.state, RunState::Failed);
        assert!(run.message.contains("import the same files again"));
        let run = import(service, &cx, "hr", Snapshot, files).await;
        assert_eq!(run.state, RunState::Applied);
    })
    .await;
}

#[tokio::test]
async fn a_file_that_was_only_half_brought_in_is_not_imported() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let files: &[_] = &[(Identities, "username\nana\n")];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        let mut upload = Upload::begin(service, &cx, run, Identities, "identities.csv")
            .await
            .expect("an upload");
        upload.push(service, b"username\nben").await.expect("bytes");
        drop(upload);
        let checked = imports::check(service, &cx, run, &Progress::silent()).await;
        let run = done(checked.expect("an end"));
        assert_eq!(run.state, RunState::Refused);
        assert!(run.message.contains("no file"), "{}", run.message);
    })
    .await;
}

#[tokio::test]
async fn a_file_whose_pieces_are_not_its_own_is_refused() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        for other in ["username\nben\n", "username\nan", "username\nanna\n"] {
            let files: &[_] = &[(Identities, "username\nana\n")];
            let run = stage(service, &cx, "hr", Snapshot, files)
                .await
                .expect("staged");
            let mut tx = app.db().write().await;
            tx.append_run_chunk(run, Identities, 0, other.as_bytes())
                .await
                .expect("written");
            tx.commit_unaudited("a test").await.expect("committed");
            let silent = Progress::silent();
            let check = imports::check(service, &cx, run, &silent);
            let checked = killed_after(10_000, check).await.expect("it ends");
            let run = done(checked.expect("an end"));
            assert_eq!(run.state, RunState::Refused, "{other}");
            assert!(run.message.contains("Bring it in again"), "{}", run.message);
        }
    })
    .await;
}

#[tokio::test]
async fn a_file_of_another_kind_is_the_same_file() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let text = format!(
            "username\n{}",
            lines((0..60_000).map(|n| format!("user{n}\n")))
        );
        let run = stage(service, &cx, "hr", Snapshot, &[(Roles, &*text)])
            .await
            .expect("staged");
        // What an upload left behind that did not come to its end.
        let mut tx = app.db().write().await;
        tx.append_run_chunk(run, Roles, 3, b"old\n")
            .await
            .expect("written");
        tx.commit_unaudited("a test").await.expect("committed");
        imports::change_kind(service, &cx, run, Roles, Identities)
            .await
            .expect("another kind");
        let staged = imports::staged(service, &cx, run).await.expect("staged");
        assert_eq!(staged.files.len(), 1);
        assert_eq!(staged.files[0].bytes, text.len() as u64);
    })
    .await;
}

#[tokio::test]
async fn a_check_that_is_called_off_leaves_the_run_as_it_was_brought_in() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let people = lines((0..2100).map(|n| format!("user{n}\n")));
        let files: &[_] = &[(Identities, &*format!("username\n{people}"))];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        imports::ask_check(service, &cx, run).await.expect("asked");
        let handlers = jobs::handlers();
        let work = jobs::claim(service, &handlers)
            .await
            .expect("claims")
            .expect("a job");
        work.stop(Stop::Cancel);
        let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
        jobs::settle(service, &work, ended).await.expect("settled");
        let view = imports::run(service, &cx, run).await.expect("a run");
        assert_eq!((view.run.state, view.may.check), (RunState::Staged, true));
        imports::discard(service, &cx, run, Identities)
            .await
            .expect("discarded");
    })
    .await;
}
