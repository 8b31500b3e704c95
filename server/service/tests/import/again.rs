//! Again: what was checked is what is applied, so whoever changes a run has to check it again; and what the console
//! exports it can import again.

use std::collections::BTreeMap;

use domain::id::SourceRunId;
use domain::source::FileKind::{Access, Accounts, Applications, Entitlements, Identities};
use domain::source::ImportMode::Snapshot;
use domain::source::RunState;
use service::exports::{self, ExportAsk, ExportList};
use service::imports::{self, Outcome, Progress, Upload, Worker};
use service::{Cx, Error, Result, Service};
use testkit::both_apps;

use crate::kit::{done, import, stage, totals};

async fn checked(service: &Service, cx: &Cx, run: SourceRunId) {
    let outcome = imports::check(service, cx, run, &Progress::silent())
        .await
        .expect("a check");
    assert_eq!(done(outcome).state, RunState::Checked);
}

async fn apply(service: &Service, cx: &Cx, run: SourceRunId) -> Result<Outcome> {
    let worker = Worker::named("a test");
    imports::apply(service, cx, run, None, worker, &Progress::silent()).await
}

/// What the console exports of a list.
async fn file(service: &Service, cx: &Cx, list: ExportList, search: &str) -> String {
    let ask = ExportAsk {
        list: list.word().to_owned(),
        search: search.to_owned(),
        ..ExportAsk::default()
    };
    let file = exports::file(service, cx, &ask).await.expect("a file");
    String::from_utf8(file).expect("text")
}

fn says<T>(result: Result<T>, sentence: &str) -> bool {
    matches!(result, Err(Error::Refused(said)) if said.contains(sentence))
}

#[tokio::test]
async fn a_checked_run_that_is_changed_is_checked_again_before_it_is_applied() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let full = "username\nana\nben\ncleo\n";
        import(service, &cx, "hr", Snapshot, &[(Identities, full)]).await;
        let files: &[_] = &[(Identities, full), (Applications, "application\ncrm\n")];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        let state = async || {
            let view = imports::run(service, &cx, run).await.expect("a run");
            (view.run.state, view.may.apply)
        };
        // Another file in place of the one that was checked.
        checked(service, &cx, run).await;
        let mut upload = Upload::begin(service, &cx, run, Identities, "identities.csv")
            .await
            .expect("an upload");
        upload
            .push(service, b"username\nana\n")
            .await
            .expect("bytes");
        upload.finish(service).await.expect("a file");
        assert_eq!(state().await, (RunState::Staged, false));
        assert!(says(apply(service, &cx, run).await, "Check it"));
        // A file less, other columns.
        checked(service, &cx, run).await;
        imports::discard(service, &cx, run, Applications)
            .await
            .expect("discarded");
        assert_eq!(state().await, (RunState::Staged, false));
        checked(service, &cx, run).await;
        let mapping = BTreeMap::from([("title".to_owned(), "username".to_owned())]);
        imports::map(service, &cx, run, Identities, mapping)
            .await
            .expect("mapped");
        assert_eq!(state().await, (RunState::Staged, false));
        assert!(says(apply(service, &cx, run).await, "Check it"));
    })
    .await;
}

#[tokio::test]
async fn columns_that_are_chosen_for_one_run_make_the_check_of_another_one_old() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let files: &[_] = &[(Identities, "username,login\nana,cleo\n")];
        let run = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        let other = stage(service, &cx, "hr", Snapshot, files)
            .await
            .expect("staged");
        checked(service, &cx, run).await;
        let mapping = BTreeMap::from([("username".to_owned(), "login".to_owned())]);
        imports::map(service, &cx, other, Identities, mapping)
            .await
            .expect("mapped");
        let asked = imports::ask_apply(service, &cx, run, None).await;
        assert!(says(asked, "Check it again"));
        assert!(says(apply(service, &cx, run).await, "Check it again"));
        checked(service, &cx, run).await;
        assert_eq!(
            done(apply(service, &cx, run).await.expect("an apply")).state,
            RunState::Applied
        );
    })
    .await;
}

#[tokio::test]
async fn exported_applications_and_entitlements_are_files_to_import() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let files: &[_] = &[
            (Identities, "username,display_name\nana,Ana Silva\n"),
            (
                Applications,
                "application,display_name,owner,criticality\ncrm,Customer care,ana,high\n",
            ),
            (
                Entitlements,
                "application,entitlement,kind,display_name,description,actions,resource_type,resource_id,risk,owner,requestable\n\
                 crm,read,permission,Read customers,\"All, but no more\",read;list,customer,42,low,ana,true\n\
                 crm,admin,group,Run it,,,,,,,false\n",
            ),
        ];
        import(service, &cx, "hr", Snapshot, files).await;
        let desks = file(service, &cx, ExportList::Applications, "name:crm").await;
        let rights = file(service, &cx, ExportList::Entitlements, "application:crm").await;
        let files: &[_] = &[(Applications, &*desks), (Entitlements, &*rights)];
        let run = import(service, &cx, "hr", Snapshot, files).await;
        assert_eq!(run.state, RunState::Applied, "{}", run.message);
        assert_eq!(totals(&run, Applications), [1, 0, 0, 0, 1, 0], "{desks}");
        assert_eq!(totals(&run, Entitlements), [2, 0, 0, 0, 2, 0], "{rights}");
    })
    .await;
}

#[tokio::test]
async fn exported_people_accounts_and_access_are_files_to_import() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let first: &[_] = &[
            (
                Identities,
                "username,external_id,display_name,department,manager,start_date\n\
                 ana,7,Ana Silva,Sales,,2020-01-31\nben,8,Ben Berg,Sales,ana,\n",
            ),
            (
                Applications,
                "application,display_name\ncrm,Customer care\n",
            ),
            (
                Entitlements,
                "application,entitlement,display_name\ncrm,read,Read customers\n",
            ),
            (
                Accounts,
                "application,account,username,status,last_used_at\n\
                 crm,ana.s,ana,enabled,2026-01-02\ncrm,robot,,disabled,\ncrm,ben,ben,enabled,\n",
            ),
            (
                Access,
                "username,application,entitlement,account,granted_at,last_used_at\n\
                 ana,crm,read,ana.s,2025-03-04,2026-01-02\nben,crm,read,,,2026-01-03\n",
            ),
        ];
        import(service, &cx, "hr", Snapshot, first).await;
        let people = file(service, &cx, ExportList::People, "department:Sales").await;
        let logins = file(service, &cx, ExportList::Accounts, "application:crm").await;
        let access = file(service, &cx, ExportList::Access, "application:crm").await;
        let files: &[_] = &[
            (Identities, &*people),
            (Accounts, &*logins),
            (Access, &*access),
        ];
        let run = import(service, &cx, "hr", Snapshot, files).await;
        assert_eq!(run.state, RunState::Applied, "{}", run.message);
        assert_eq!(totals(&run, Identities), [2, 0, 0, 0, 2, 0], "{people}");
        assert_eq!(totals(&run, Accounts), [3, 0, 0, 0, 3, 0], "{logins}");
        assert_eq!(totals(&run, Access), [2, 0, 0, 0, 2, 0], "{access}");
        assert!(
            logins.contains("Ana Silva") && logins.contains("Customer care"),
            "{logins}"
        );
        assert!(
            access.contains("Ben Berg") && access.contains("Read customers"),
            "{access}"
        );
    })
    .await;
}
