//! Who may import, and whom an import may not touch.

use domain::permission::ConsoleRight::{Administer, Audit, ManageAccessModel, ManageIdentities};
use domain::source::FileKind::Identities;
use domain::source::ImportMode::{Delta, Snapshot};
use service::imports::Worker;
use service::{Error, imports, sources};
use testkit::both_apps;

use crate::kit::{finish, import, stage, totals};

#[tokio::test]
async fn identity_managers_import_auditors_read_and_others_neither() {
    both_apps(async |app| {
        app.welcome().await;
        let manager = app.someone("Mia Berg", &[ManageIdentities]).await;
        let auditor = app.someone("Ada Novak", &[Audit]).await;
        let modeller = app.someone("Max Roth", &[ManageAccessModel]).await;
        let run = import(
            app.service(),
            &manager,
            "hr",
            Snapshot,
            &[(Identities, "username\nana\n")],
        )
        .await;
        assert!(imports::run(app.service(), &auditor, run.id).await.is_ok());
        assert!(
            imports::rows(app.service(), &auditor, run.id, None)
                .await
                .is_ok_and(|page| page.rows.len() == 1)
        );
        let proof = imports::prove_row(app.service(), &auditor, run.id, 0)
            .await
            .expect("a proof");
        assert_eq!((proof.size, proof.path.len()), (1, 0));
        assert!(matches!(
            stage(app.service(), &auditor, "hr", Snapshot, &[]).await,
            Err(Error::Denied { .. })
        ));
        assert!(matches!(
            imports::cancel(app.service(), &auditor, run.id).await,
            Err(Error::Denied { .. })
        ));
        assert!(matches!(
            sources::list(app.service(), &modeller).await,
            Err(Error::Denied { .. })
        ));
        assert!(matches!(
            imports::run(app.service(), &modeller, run.id).await,
            Err(Error::Denied { .. })
        ));
    })
    .await;
}

#[tokio::test]
async fn only_administrators_import_changes_of_those_who_hold_rights() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let manager = app.someone("Mia Berg", &[ManageIdentities]).await;
        let file: &[_] = &[(Identities, "username,title\nkim.lee,Intern\nana,Clerk\n")];
        let run = import(app.service(), &manager, "hr", Delta, file).await;
        assert_eq!(totals(&run, Identities), [2, 1, 0, 0, 0, 1]);
        let run = import(app.service(), &cx, "hr", Delta, file).await;
        assert_eq!(totals(&run, Identities), [2, 0, 1, 0, 1, 0]);
        // Nobody ends the last administrator by a file.
        let only: &[_] = &[(Identities, "username\nana\n")];
        let id = stage(app.service(), &cx, "hr", Snapshot, only)
            .await
            .expect("staged");
        let done = imports::check(app.service(), &cx, id, &imports::Progress::silent()).await;
        assert!(done.is_ok());
        let applied = imports::apply(
            app.service(),
            &cx,
            id,
            Some("A test"),
            Worker::named("a test"),
            &imports::Progress::silent(),
        )
        .await
        .expect("applied");
        assert_eq!(totals(&crate::kit::done(applied), Identities)[3], 0);
        // With a second administrator it can be.
        app.someone("Zoe Ray", &[Administer]).await;
        let id = stage(app.service(), &cx, "hr", Snapshot, only)
            .await
            .expect("staged");
        let run = finish(app.service(), &cx, id, Some("A test")).await;
        assert_eq!(totals(&run, Identities)[3], 1);
    })
    .await;
}
