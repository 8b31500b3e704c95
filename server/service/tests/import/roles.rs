//! Roles, what they include, and who has them.

use domain::source::FileKind::{Applications, Entitlements, Identities, RoleMembers, Roles};
use domain::source::ImportMode::{Delta, Snapshot};
use testkit::both_apps;

use crate::kit::{Files, import, places, problems, totals};

const BASE: Files<'_> = &[
    (Identities, "username\nana\nben\ncy\n"),
    (Applications, "application\ncrm\n"),
    (
        Entitlements,
        "application,entitlement\ncrm,read\ncrm,write\n",
    ),
];

#[tokio::test]
async fn what_is_included_is_written_before_what_includes_it() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        let roles = "role,includes_role,application,entitlement,display_name,owner\ntop,middle,,,The top,ana\nmiddle,base,,,,\nmiddle,,crm,write,,\nbase,,crm,read,,\nempty,,,,,\n";
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Roles, roles)]).await;
        assert_eq!(totals(&run, Roles), [5, 4, 0, 0, 0, 0]);
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Roles, roles)]).await;
        assert_eq!((totals(&run, Roles), run.records), ([5, 0, 0, 0, 4, 0], 0));
        let more = roles.replace("empty,,,,,\n", "empty,,crm,read,,\n");
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Roles, &more)]).await;
        assert_eq!(totals(&run, Roles), [5, 0, 1, 0, 3, 0]);
        let mut tx = app.db().read().await;
        let top = tx.role_by_name("TOP").await.expect("reads").expect("is there");
        assert_eq!((top.content.display_name.as_str(), top.content.parts.len()), ("The top", 1));
    })
    .await;
}

#[tokio::test]
async fn circles_are_cut_at_the_line_that_closes_them() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        let roles = "role,includes_role,application,entitlement\na,b,,\nb,c,,\nc,a,,\nc,,crm,read\nd,d,,\nd,unknown,,\nd,a,crm,read\n";
        let run = import(app.service(), &cx, "crm", Snapshot, &[(Roles, roles)]).await;
        // A role of which nothing is left is not made.
        assert_eq!(totals(&run, Roles), [7, 3, 0, 0, 0, 4]);
        let found = problems(app.service(), &cx, &run).await;
        assert!(found.iter().any(|problem| problem.line == 4 && problem.message.contains(" → ")), "{found:?}");
        let mut lines: Vec<u64> = places(app.service(), &cx, &run).await.into_iter().map(|(line, _)| line).collect();
        lines.sort_unstable();
        assert_eq!(lines, [4, 6, 7, 8]);
        // A later file cannot close a circle over what is recorded.
        let run = import(app.service(), &cx, "crm", Delta, &[(Roles, "role,includes_role,application,entitlement\nc,a,,\n")]).await;
        assert_eq!(totals(&run, Roles), [1, 0, 0, 0, 1, 1]);
    })
    .await;
}

#[tokio::test]
async fn members_are_assignments_that_end_when_they_are_gone() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        import(app.service(), &cx, "crm", Snapshot, BASE).await;
        import(app.service(), &cx, "crm", Snapshot, &[(Roles, "role\nteam\nboard\n")]).await;
        let members = "username,role,valid_from,valid_until,reason\nana,team,,,\nben,team,2026-01-01,2026-12-31,Project\nana,TEAM,,,\nzed,team,,,\ncy,crew,,,\ncy,team,2026-02-01,2026-01-01,\n";
        let run = import(app.service(), &cx, "crm", Delta, &[(RoleMembers, members)]).await;
        assert_eq!(totals(&run, RoleMembers), [6, 2, 0, 0, 0, 4]);
        let ben = app.db().read().await.identity_by_username("ben").await.expect("reads").expect("is there").id;
        let held = app.db().read().await.assignments_of(ben).await.expect("reads");
        assert_eq!((held.len(), held[0].content.reason.as_str()), (1, "Project"));
        // The zone of the organisation is Lisbon: the last day ends with its midnight.
        assert_eq!(held[0].content.valid_until.map(|at| at.to_string()), Some("2027-01-01T00:00:00.000000Z".to_owned()));
        let fewer = "username,role,valid_from,valid_until,reason\nana,team,,,Head of it\n";
        let run = import(app.service(), &cx, "crm", Delta, &[(RoleMembers, fewer)]).await;
        assert_eq!(totals(&run, RoleMembers), [1, 0, 1, 0, 0, 0]);
        let id = crate::kit::stage(app.service(), &cx, "crm", Snapshot, &[(RoleMembers, fewer)]).await.expect("staged");
        let run = crate::kit::finish(app.service(), &cx, id, Some("The project is over")).await;
        assert_eq!(totals(&run, RoleMembers), [1, 0, 0, 1, 1, 0]);
        assert!(app.db().read().await.assignments_of(ben).await.expect("reads").is_empty());
    })
    .await;
}
