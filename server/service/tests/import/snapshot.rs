//! What is missing ends, but not by mistake.

use domain::source::FileKind::{Access, Accounts, Applications, Entitlements, Identities};
use domain::source::ImportMode::{Delta, Snapshot};
use domain::source::RunState;
use testkit::both_apps;

use crate::kit::{finish, import, lines, stage, totals};

fn people(from: u32, to: u32) -> String {
    let rows = lines((from..to).map(|n| format!("user{n}\n")));
    format!("username\n{rows}")
}

#[tokio::test]
async fn a_snapshot_that_lost_much_is_refused_without_a_reason() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, &people(0, 100))],
        )
        .await;
        let run = import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, &people(0, 50))],
        )
        .await;
        assert_eq!(run.state, RunState::Refused);
        assert!(run.message.contains("50 of 100 people"), "{}", run.message);
        assert_eq!(run.records, 0);
        // A tenth is allowed; what only adds is never asked.
        let run = import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, &people(10, 100))],
        )
        .await;
        assert_eq!(
            (run.state, totals(&run, Identities)),
            (RunState::Applied, [90, 0, 0, 10, 90, 0])
        );
        let run = import(
            app.service(),
            &cx,
            "hr",
            Delta,
            &[(Identities, &people(99, 101))],
        )
        .await;
        assert_eq!(totals(&run, Identities), [2, 1, 0, 0, 1, 0]);
        let run = stage(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, &people(60, 101))],
        )
        .await
        .expect("staged");
        let run = finish(
            app.service(),
            &cx,
            run,
            Some("The branch in Porto was sold"),
        )
        .await;
        assert_eq!(
            (run.state, totals(&run, Identities)),
            (RunState::Applied, [41, 0, 0, 50, 41, 0])
        );
        assert_eq!(
            run.allow_shrink.as_deref(),
            Some("The branch in Porto was sold")
        );
    })
    .await;
}

#[tokio::test]
async fn only_what_a_source_brought_ends_and_only_with_its_file() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(
            app.service(),
            &cx,
            "one",
            Snapshot,
            &[(Identities, &people(0, 10))],
        )
        .await;
        import(
            app.service(),
            &cx,
            "two",
            Snapshot,
            &[(Identities, &people(10, 30))],
        )
        .await;
        let run = import(
            app.service(),
            &cx,
            "two",
            Snapshot,
            &[(Identities, &people(11, 30))],
        )
        .await;
        assert_eq!(totals(&run, Identities), [19, 0, 0, 1, 19, 0]);
        let run = import(
            app.service(),
            &cx,
            "two",
            Snapshot,
            &[(Applications, "application\ncrm\n")],
        )
        .await;
        assert_eq!(
            (totals(&run, Applications), totals(&run, Identities)),
            ([1, 1, 0, 0, 0, 0], [0; 6])
        );
        // Who comes back under the same key is the same person.
        let run = import(
            app.service(),
            &cx,
            "two",
            Snapshot,
            &[(Identities, &people(10, 30))],
        )
        .await;
        assert_eq!(totals(&run, Identities), [20, 0, 1, 0, 19, 0]);
    })
    .await;
}

#[tokio::test]
async fn what_a_bad_line_names_is_not_missing() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let many = lines((0..40).map(|n| format!("user{n},,\n")));
        let good = format!("username,external_id,end_date\nana,a1,\nben,b1,\n{many}");
        import(app.service(), &cx, "hr", Snapshot, &[(Identities, &good)]).await;
        // A date that does not exist, in the line of somebody; somebody else is really gone.
        let bad = format!("username,external_id,end_date\nana,a1,2026-02-30\n{many}");
        let run = import(app.service(), &cx, "hr", Snapshot, &[(Identities, &bad)]).await;
        assert_eq!(totals(&run, Identities), [41, 0, 0, 1, 40, 1]);
        // A line of which nobody knows whom it names: then nobody is missing.
        let unclear = format!("username,external_id,end_date\n\"ana,a1,\n{many}");
        let run = import(
            app.service(),
            &cx,
            "hr",
            Snapshot,
            &[(Identities, &unclear)],
        )
        .await;
        assert_eq!(totals(&run, Identities), [41, 0, 0, 0, 40, 1]);
    })
    .await;
}

#[tokio::test]
async fn accounts_end_by_the_file_that_spoke_of_them() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let many = lines((0..30).map(|n| format!("user{n},crm,read\n")));
        let base: &[_] = &[(Identities, &*people(0, 30)), (Applications, "application\ncrm\n"), (Entitlements, "application,entitlement\ncrm,read\n")];
        let accounts = "application,account,username,status,last_used_at\ncrm,svc-backup,,enabled,2026-01-02\ncrm,admin1,user1,disabled,\n";
        let access = format!("username,application,entitlement\n{many}");
        let first: Vec<_> = base.iter().copied().chain([(Accounts, accounts), (Access, &*access)]).collect();
        let run = import(app.service(), &cx, "crm", Snapshot, &first).await;
        assert_eq!((totals(&run, Accounts), totals(&run, Access)), ([2, 32, 0, 0, 0, 0], [30, 30, 0, 0, 0, 0]));
        let run = import(app.service(), &cx, "crm", Snapshot, &first).await;
        assert_eq!(run.records, 0);
        // Only accounts.csv: those that only access spoke of stay.
        let used = accounts.replace("2026-01-02", "2026-01-03");
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Accounts, &used)]).await;
        assert_eq!(totals(&run, Accounts), [2, 0, 1, 0, 1, 0]);
        // Somebody loses the access, and with it the account that only it spoke of.
        let less = access.replace("user7,crm,read\n", "");
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Access, &less)]).await;
        assert_eq!(totals(&run, Access), [29, 0, 0, 1, 29, 0]);
        assert_eq!(totals(&run, Accounts), [0, 0, 0, 1, 29, 0]);
    })
    .await;
}
