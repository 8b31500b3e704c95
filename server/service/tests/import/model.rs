//! What imports mean for effective access: people whom rules follow, and what sources find that nothing gave.

use std::collections::BTreeSet;

use domain::assignment::AssignmentStep;
use domain::permission::Actor;
use domain::rule::RuleState;
use domain::source::FileKind::{Access, Applications, Entitlements, Identities};
use domain::source::ImportMode::Snapshot;
use domain::time::SECOND;
use service::assignments::{GiveDraft, give, read, step};
use service::effective::access_by_username;
use service::rules::{self, Asked, RuleDraft};
use service::{Cx, Service};
use testkit::both_apps;

use crate::kit::{Files, import, totals};

const THINGS: Files<'_> = &[
    (Applications, "application\ncrm\n"),
    (
        Entitlements,
        "application,entitlement\ncrm,read\ncrm,write\n",
    ),
];

/// What somebody has, and how.
async fn has(service: &Service, name: &str) -> BTreeSet<(String, &'static str)> {
    let operator = Cx::of(Actor::CommandLine);
    let (_, access) = access_by_username(service, &operator, name, None)
        .await
        .expect("the access");
    let lines = access.lines.iter();
    lines
        .map(|line| (line.entitlement.name.clone(), line.line.how().word()))
        .collect()
}

fn one(name: &str, how: &'static str) -> BTreeSet<(String, &'static str)> {
    BTreeSet::from([(name.to_owned(), how)])
}

#[tokio::test]
async fn rules_follow_people_who_come_move_and_leave_by_a_file() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let service = app.service();
        import(service, &cx, "crm", Snapshot, THINGS).await;
        let draft = RuleDraft {
            name: "Sales reads".to_owned(),
            condition: "principal.department == \"Sales\" && principal[\"cost center\"] == \"7\""
                .to_owned(),
            what: "crm/read".to_owned(),
            ..RuleDraft::default()
        };
        let file = |rows: &str| format!("username,department,cost center\n{rows}");
        let people = async |rows: &str| {
            app.clock().advance(SECOND);
            let file = file(rows);
            let run = import(service, &cx, "hr", Snapshot, &[(Identities, &file)]).await;
            app.clock().advance(SECOND);
            run
        };
        people("zoe,None,7\n").await;
        let rule = rules::create(service, &cx, &draft).await.expect("a rule");
        for next in [RuleState::Observing, RuleState::Active] {
            let plan = rules::plan_step(service, &cx, rule, next)
                .await
                .expect("a plan");
            let version = rules::read(service, &cx, rule)
                .await
                .expect("it")
                .rule
                .recorded_from;
            let asked = Asked {
                reason: "Agreed".to_owned(),
                hash: plan.hash,
                ..Asked::default()
            };
            rules::step(service, &cx, rule, version, next, &asked)
                .await
                .expect("the step");
            app.clock().advance(SECOND);
        }
        let run = people("zoe,None,7\nana,Sales,7\nben,Sales,8\n").await;
        assert_eq!(totals(&run, Identities), [3, 2, 0, 0, 1, 0]);
        assert_eq!(has(service, "ana").await, one("read", "rule"));
        assert!(has(service, "ben").await.is_empty());
        people("zoe,None,7\nana,Sales,8\nben,Sales,7\n").await;
        assert!(has(service, "ana").await.is_empty());
        assert_eq!(has(service, "ben").await, one("read", "rule"));
        let again = people("zoe,None,7\nana,Sales,8\nben,Sales,7\n").await;
        assert_eq!(
            (totals(&again, Identities), again.records),
            ([3, 0, 0, 0, 3, 0], 0)
        );
    })
    .await;
}

#[tokio::test]
async fn what_nothing_gave_is_found_and_what_was_given_once_is_left_over() {
    both_apps(async |app| {
        let cx = app.welcome().await;
        let service = app.service();
        import(service, &cx, "crm", Snapshot, THINGS).await;
        let access = "username,application,entitlement\nana,crm,read\n";
        let files: Files<'_> = &[(Identities, "username\nana\n"), (Access, access)];
        import(service, &cx, "found", Snapshot, files).await;
        app.clock().advance(SECOND);
        assert_eq!(
            has(service, "ana").await,
            one("read", "import"),
            "a baseline"
        );
        // Given here, the baseline is explained.
        let operator = Cx::of(Actor::CommandLine);
        let (person, _) = access_by_username(service, &operator, "ana", None)
            .await
            .expect("Ana");
        let draft = GiveDraft {
            what: "crm/read".to_owned(),
            reason: "Needed".to_owned(),
            ..GiveDraft::default()
        };
        let given = give(service, &cx, person.identity.id, &draft)
            .await
            .expect("given");
        app.clock().advance(SECOND);
        assert_eq!(has(service, "ana").await, one("read", "direct"));
        import(service, &cx, "found", Snapshot, files).await;
        assert_eq!(
            has(service, "ana").await,
            one("read", "direct"),
            "importing again changes nothing"
        );
        // Taken away again, it does not come back because the source still sees it.
        let version = read(service, &cx, given)
            .await
            .expect("it")
            .assignment
            .recorded_from;
        step(service, &cx, given, version, AssignmentStep::End, "Over")
            .await
            .expect("ended");
        app.clock().advance(SECOND);
        import(service, &cx, "found", Snapshot, files).await;
        app.clock().advance(SECOND);
        assert!(has(service, "ana").await.is_empty());
        let (_, access) = access_by_username(service, &operator, "ana", None)
            .await
            .expect("the access");
        assert_eq!(access.left_over.len(), 1);
    })
    .await;
}
