//! Access rows: what is new, changed, gone or named twice, and past decisions.

use domain::page::ListQuery;
use domain::permission::{Actor, Rights};
use domain::source::FileKind::{
    Access, Accounts, Applications, Decisions, Entitlements, Identities,
};
use domain::source::ImportMode::{Delta, Snapshot};
use jiff::tz::TimeZone;
use service::exports::{self, ExportAsk, ExportList};
use service::{Cx, Error};
use testkit::both_apps;

use crate::kit::{Files, import, places, problems, totals};
use crate::people::person;

const BASE: Files<'_> = &[
    (Identities, "username\nana\nben\ncy\n"),
    (Applications, "application,owner\ncrm,ana\nmail,nobody\n"),
    (
        Entitlements,
        "application,entitlement,kind,actions,risk\ncrm,read,permission,read;list,\ncrm,write,membership,write,high\nmail,send,,,\n",
    ),
];

#[tokio::test]
async fn days_change_in_place_and_doubled_rows_are_reported() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let run = import(app.service(), &cx, "crm", Snapshot, BASE).await;
        assert_eq!(places(app.service(), &cx, &run).await, [(3, "owner".to_owned())]);
        let first = "username,application,entitlement,granted_at,last_used_at\nana,crm,read,2026-01-01,\nANA,CRM,Read,,\nben,crm,write,,2026-05-01T10:00:00Z\nben,mail,send,,\n";
        let run = import(app.service(), &cx, "crm", Delta, &[(Access, first)]).await;
        assert_eq!(totals(&run, Access), [4, 3, 0, 0, 0, 1]);
        assert_eq!(places(app.service(), &cx, &run).await, [(3, String::new())]);
        let second = first.replace("2026-05-01T10:00:00Z", "2026-06-01").replace("ANA,CRM,Read,,\n", "");
        let run = import(app.service(), &cx, "crm", Delta, &[(Access, &second)]).await;
        assert_eq!(totals(&run, Access), [3, 0, 1, 0, 2, 0]);
        let run = import(app.service(), &cx, "crm", Delta, &[(Access, &second)]).await;
        assert_eq!((totals(&run, Access), run.records), ([3, 0, 0, 0, 3, 0], 0));
    })
    .await;
}

#[tokio::test]
async fn rows_that_name_what_nobody_knows_are_left_out() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        let rows = "username,application,entitlement,last_used_at\nzed,crm,read,\nana,erp,read,\nana,crm,delete,\n,crm,read,\nana,crm,read,yesterday\ncy,crm,read,\n";
        let run = import(app.service(), &cx, "crm", Delta, &[(Access, rows)]).await;
        assert_eq!(totals(&run, Access), [6, 1, 0, 0, 0, 5]);
        let expected = [(2, "username"), (3, "application"), (4, "entitlement"), (5, "username"), (6, "last_used_at")];
        assert_eq!(places(app.service(), &cx, &run).await, expected.map(|(line, column)| (line, column.to_owned())));
        assert!(problems(app.service(), &cx, &run).await[0].message.contains("“zed”"));
    })
    .await;
}

#[tokio::test]
async fn an_account_of_somebody_else_is_not_used() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        let accounts = "application,account,username\ncrm,shared,ana\ncrm,lost,zed\n";
        let access = "username,application,entitlement,account\nana,crm,read,shared\nben,crm,read,shared\nben,crm,write,lost\n";
        let run = import(app.service(), &cx, "crm", Delta, &[(Accounts, accounts), (Access, access)]).await;
        assert_eq!((totals(&run, Accounts), totals(&run, Access)), ([2, 2, 0, 0, 0, 0], [3, 2, 0, 0, 0, 1]));
        let found = problems(app.service(), &cx, &run).await;
        let places: Vec<_> = found.iter().map(|problem| (problem.kind, problem.line, problem.column.as_str())).collect();
        assert_eq!(places, [(Accounts, 3, "username"), (Access, 3, "account")]);
    })
    .await;
}

#[tokio::test]
async fn accounts_that_several_people_use_stay_with_the_first() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        let access: Files<'_> = &[(
            Access,
            "username,application,entitlement,account\nana,crm,read,shared\nben,crm,read,shared\n",
        )];
        let run = import(app.service(), &cx, "crm", Snapshot, access).await;
        assert_eq!(
            (totals(&run, Accounts), totals(&run, Access)),
            ([0, 1, 0, 0, 0, 0], [2, 2, 0, 0, 0, 0])
        );
        let run = import(app.service(), &cx, "crm", Snapshot, access).await;
        assert_eq!(
            (run.records, totals(&run, Accounts)),
            (0, [0, 0, 0, 0, 1, 0])
        );
    })
    .await;
}

#[tokio::test]
async fn past_decisions_are_kept_with_their_moment() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        let file = "username,application,entitlement,decision,decided_at,decided_by\nana,crm,read,approved,2026-01-01,ben\nana,crm,read,denied,2025-01-01,\nben,crm,write,Denied,,nobody\nben,crm,write,approved,,\ncy,mail,send,maybe,,\n";
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Decisions, file)]).await;
        assert_eq!(totals(&run, Decisions), [5, 3, 0, 0, 0, 2]);
        assert_eq!(places(app.service(), &cx, &run).await, [(5, String::new()), (6, "decision".to_owned())]);
        let other = file.replace("ana,crm,read,denied", "ana,crm,read,approved");
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Decisions, &other)]).await;
        assert_eq!(totals(&run, Decisions), [5, 0, 1, 0, 2, 2]);
    })
    .await;
}

#[tokio::test]
async fn the_files_of_access_lists_are_for_who_may_see_the_object_on_whose_page_they_stand() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let service = app.service();
        let rows = "username,application,entitlement,account,last_used_at\nana,crm,read,,2026-01-01\nben,crm,read,,\nben,mail,send,,\n";
        let files: Vec<_> = BASE.iter().copied().chain([(Access, rows)]).collect();
        import(service, &cx, "crm", Snapshot, &files).await;
        let (ana, ben) = (person(app, "ana").await.id, person(app, "ben").await.id);
        let of_ben = service::access::person_access(service, &cx, ben, &ListQuery::default())
            .await
            .expect("what Ben holds");
        let read = of_ben.1.page.rows.iter().find(|row| row.entitlement_name == "read");
        let read = read.expect("he may read").access.key.entitlement;

        let ask = |list, of: String| ExportAsk::of(list, &ListQuery::default(), &TimeZone::UTC).about(of);
        let lines = async |cx: &Cx, list, of: String| {
            let file = exports::file(service, cx, &ask(list, of)).await;
            file.map(|file| String::from_utf8(file).expect("utf-8").lines().count() - 1)
        };
        assert_eq!(lines(&cx, ExportList::Access, read.to_string()).await.ok(), Some(2));
        assert_eq!(lines(&cx, ExportList::Access, ben.to_string()).await.ok(), Some(2));
        assert_eq!(lines(&cx, ExportList::Accounts, ben.to_string()).await.ok(), Some(2));
        assert_eq!(lines(&cx, ExportList::Accounts, String::new()).await.ok(), Some(3));
        // An entitlement has no accounts of its own, and what is no id is nothing.
        for of in [read.to_string(), "nonsense".to_owned()] {
            let refused = lines(&cx, ExportList::Accounts, of).await;
            assert!(matches!(refused, Err(Error::NotFound)), "{refused:?}");
        }
        // The owner of the application sees who is in it, everybody else only themselves.
        let owner = Cx::of(Actor::Person { id: ana, rights: Rights::NONE });
        assert_eq!(lines(&owner, ExportList::Access, read.to_string()).await.ok(), Some(2));
        let me = Cx::of(Actor::Person { id: ben, rights: Rights::NONE });
        assert_eq!(lines(&me, ExportList::Access, ben.to_string()).await.ok(), Some(2));
        for of in [ana.to_string(), read.to_string()] {
            assert!(lines(&me, ExportList::Access, of.clone()).await.is_err());
            assert!(exports::ask(service, &me, &ask(ExportList::Access, of)).await.is_err());
        }
    })
    .await;
}
