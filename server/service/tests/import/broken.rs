//! What breaks off ends with a sentence: nothing goes round for ever, and nothing is imported that was not brought in.

use domain::source::FileKind::{Identities, RoleMembers, Roles};
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::imports::{self, Progress, Worker};
use testkit::both_apps;

use crate::kit::{done, import, places, stage, totals};

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
