//! What nobody can tell ends nothing: lines that are shifted, and people of whom nobody has decided who they are.

use domain::source::FileKind::{
    Access, Accounts, Applications, Entitlements, Identities, RoleMembers, Roles,
};
use domain::source::ImportMode::Snapshot;
use domain::source::{FileKind, RunState};
use testkit::both_apps;

use crate::kit::{import, lines, totals};

#[tokio::test]
async fn a_shifted_line_that_seems_to_name_another_object_protects_all() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let many = |row: fn(u32) -> String| lines((2..40).map(row));
        // Kind, header, the line of one object, of another, the shifted line of the second, and everything else.
        let cases: [(FileKind, &str, &str, &str, &str, String); 5] = [
            (
                Identities,
                "deputy,username",
                ",a0",
                "a0,a1",
                "x,a0,a1",
                many(|n| format!(",a{n}\n")),
            ),
            (
                Identities,
                "deputy,external_id,username",
                ",A0,a0",
                ",A1,a1",
                "x,A9,a0,A1,a1",
                many(|n| format!(",A{n},a{n}\n")),
            ),
            (
                Applications,
                "note,application",
                ",a0",
                ",a1",
                "x,a0,a1",
                many(|n| format!(",a{n}\n")),
            ),
            (
                Entitlements,
                "application,note,entitlement",
                "a2,,r0",
                "a2,,r1",
                "a2,see,r0,r1",
                many(|n| format!("a2,,r{n}\n")),
            ),
            (
                Accounts,
                "application,note,account",
                "a2,,s0",
                "a2,,s1",
                "a2,see,s0,s1",
                many(|n| format!("a2,,s{n}\n")),
            ),
        ];
        for (number, (kind, header, one, other, shifted, rest)) in cases.into_iter().enumerate() {
            let source = format!("source {number}");
            let good = format!("{header}\n{one}\n{other}\n{rest}");
            let run = import(service, &cx, &source, Snapshot, &[(kind, &good)]).await;
            assert_eq!(run.state, RunState::Applied, "{header}");
            let bad = format!("{header}\n{one}\n{shifted}\n{rest}");
            let run = import(service, &cx, &source, Snapshot, &[(kind, &bad)]).await;
            assert_eq!(totals(&run, kind)[3..], [0, 39, 1], "{header}");
        }
    })
    .await;
}

#[tokio::test]
async fn who_waits_for_a_decision_keeps_the_access_that_was_known_before() {
    both_apps(async |app| {
        let (service, cx) = (app.service(), app.welcome().await);
        let people = lines((0..40).map(|n| format!("user{n},u{n}@example.com\n")));
        let hr = format!("username,email\nana,ana@example.com\nben,ben@example.com\n{people}");
        import(service, &cx, "hr", Snapshot, &[(Identities, &hr)]).await;
        let access = lines((0..40).map(|n| format!("user{n},crm,read\n")));
        let access = format!("username,application,entitlement\nana,crm,read\n{access}");
        let members = lines((0..40).map(|n| format!("user{n},reader\n")));
        let members = format!("username,role\nana,reader\n{members}");
        let accounts = lines((0..40).map(|n| format!("crm,adm{n},user{n}\n")));
        let accounts = format!("application,account,username\ncrm,adm,ana\n{accounts}");
        let base: &[_] = &[
            (Applications, "application\ncrm\n"),
            (Entitlements, "application,entitlement\ncrm,read\n"),
            (Roles, "role\nreader\n"),
            (RoleMembers, &*members),
            (Accounts, &*accounts),
            (Access, &*access),
        ];
        import(service, &cx, "crm", Snapshot, base).await;
        // Now it tells of people, too, and by name and mail ana could be two of them.
        let told = format!("username,email\nana,ben@example.com\n{people}");
        let all: Vec<_> = base.iter().copied().chain([(Identities, &*told)]).collect();
        let run = import(service, &cx, "crm", Snapshot, &all).await;
        assert_eq!(run.state, RunState::Applied);
        assert_eq!(totals(&run, Identities), [41, 0, 40, 0, 0, 1]);
        assert_eq!(totals(&run, RoleMembers), [41, 0, 0, 0, 40, 1]);
        assert_eq!(totals(&run, Access), [41, 0, 0, 0, 40, 1]);
        assert_eq!(totals(&run, Accounts), [41, 0, 0, 0, 82, 0]);
    })
    .await;
}
