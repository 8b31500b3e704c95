//! Imports as jobs: asked for on a page, carried out by a worker.

use std::collections::BTreeMap;

use domain::source::FileKind::Identities;
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::{Cx, Error, Service, imports, jobs};
use std::sync::Arc;
use testkit::both_apps;

use crate::kit::{import, stage, totals};

pub(crate) async fn work(service: &Arc<Service>) {
    let handlers = jobs::handlers();
    let work = jobs::claim(service, &handlers)
        .await
        .expect("claims")
        .expect("a job");
    let ended = handlers.run(Arc::clone(service), Arc::clone(&work)).await;
    jobs::settle(service, &work, ended).await.expect("settled");
}

async fn state(service: &Service, cx: &Cx, run: domain::id::SourceRunId) -> RunState {
    imports::run(service, cx, run)
        .await
        .expect("a run")
        .run
        .state
}

#[tokio::test]
async fn a_run_is_mapped_checked_and_applied_by_jobs() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let id = stage(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, "Login,Full name\nana,Ana Silva\n")],
        )
        .await
        .expect("staged");
        let staged = imports::staged(app.service(), &cx, id)
            .await
            .expect("staged");
        assert_eq!(staged.files[0].problems.len(), 1);
        assert_eq!(staged.files[0].rows, [["ana", "Ana Silva"]]);
        let mapping = BTreeMap::from([
            ("username".to_owned(), "Login".to_owned()),
            ("display_name".to_owned(), "Full name".to_owned()),
        ]);
        imports::map(app.service(), &cx, id, Identities, mapping)
            .await
            .expect("mapped");
        imports::ask_check(app.service(), &cx, id)
            .await
            .expect("asked");
        work(app.service()).await;
        assert_eq!(state(app.service(), &cx, id).await, RunState::Checked);
        let sample = imports::sample(app.service(), &cx, id)
            .await
            .expect("a sample");
        assert_eq!(
            (sample.len(), sample[0].name.as_str(), sample[0].line),
            (1, "Ana Silva", 2)
        );
        imports::ask_apply(app.service(), &cx, id, None)
            .await
            .expect("asked");
        work(app.service()).await;
        assert_eq!(state(app.service(), &cx, id).await, RunState::Applied);
        // The mapping is remembered.
        let run = import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, "Login,Full name\nana,Ana Silva\n")],
        )
        .await;
        assert_eq!(totals(&run, Identities), [1, 0, 0, 0, 1, 0]);
    })
    .await;
}

#[tokio::test]
async fn what_would_end_too_much_asks_for_a_reason() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, "username\nana\nben\n")],
        )
        .await;
        let id = stage(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, "username\nana\n")],
        )
        .await
        .expect("staged");
        imports::ask_check(app.service(), &cx, id)
            .await
            .expect("asked");
        work(app.service()).await;
        let view = imports::run(app.service(), &cx, id).await.expect("a run");
        assert_eq!((view.shrink.len(), view.may.apply), (1, true));
        let refused = imports::ask_apply(app.service(), &cx, id, Some(" ")).await;
        assert!(
            matches!(refused, Err(Error::Invalid(errors)) if errors.of("allow_shrink").is_some())
        );
        imports::ask_apply(app.service(), &cx, id, Some("Ben left"))
            .await
            .expect("asked");
        work(app.service()).await;
        assert_eq!(state(app.service(), &cx, id).await, RunState::Applied);
    })
    .await;
}
