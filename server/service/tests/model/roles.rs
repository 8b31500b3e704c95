//! Roles: what is in them, who has it by them, and what a change of them would do.

use service::Error;
use service::effective::{explain, explain_by_names};
use service::plan::Applied;
use service::roles::{ContentsDraft, change_contents, compare, plan_contents, read, versions};
use testkit::both_apps;

use crate::kit::{Kit, set};

#[tokio::test]
async fn access_comes_through_roles_and_says_why() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post", "pay"]).await;
        let ana = kit.person("Ana Silva").await;
        kit.role("reader", "sap/read").await;
        kit.role("clerk", "role:reader\nsap/post").await;
        kit.give(ana, "role:clerk").await;
        assert_eq!(kit.has(ana, None).await, set(&[("post", "role"), ("read", "role")]));
        let (_, why) = explain_by_names(app.service(), &kit.cx, "ana.silva", "sap/read", None)
            .await
            .expect("an answer");
        assert_eq!(
            why.sentence,
            "Ana Silva has The read in SAP because Kim Lee gave the role CLERK, which includes READER."
        );
        assert_eq!(why.must_end.len(), 1);
        let also: Vec<_> = why.also.iter().map(|named| named.name.as_str()).collect();
        assert_eq!(also, ["post"]);
        // A second reason keeps it.
        kit.give(ana, "sap/read").await;
        let (_, why) = explain(app.service(), &kit.cx, ana, kit.entitlements[0], None)
            .await
            .expect("an answer");
        assert_eq!(why.must_end.len(), 2);
        assert!(why.sentence.ends_with("There is one more reason."), "{}", why.sentence);
    })
    .await;
}

#[tokio::test]
async fn a_circle_of_roles_is_refused_with_the_way_round() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let inner = kit.role("inner", "sap/read").await;
        kit.role("middle", "role:inner").await;
        kit.role("outer", "role:middle").await;
        let draft = ContentsDraft {
            add: "role:outer".to_owned(),
            reason: "Round".to_owned(),
            ..ContentsDraft::default()
        };
        let refused = plan_contents(app.service(), &kit.cx, inner, &draft).await;
        let Err(Error::Invalid(errors)) = refused else {
            panic!("it was not refused: {refused:?}");
        };
        let said = errors.of("add").unwrap_or_default();
        for way in [
            "INNER includes OUTER includes MIDDLE includes INNER",
            "MIDDLE includes INNER includes OUTER includes MIDDLE",
            "OUTER includes MIDDLE includes INNER includes OUTER",
        ] {
            if said.contains(way) {
                return;
            }
        }
        panic!("the way round is missing: {said}");
    })
    .await;
}

#[tokio::test]
async fn a_plan_names_who_gains_and_loses_and_is_made_only_when_it_still_does_that() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let (ana, ben, cy) = (
            kit.person("Ana Silva").await,
            kit.person("Ben Ode").await,
            kit.person("Cy Tran").await,
        );
        let clerk = kit.role("clerk", "sap/read").await;
        kit.give(ana, "role:clerk").await;
        kit.give(ben, "role:clerk").await;
        kit.give(ben, "sap/read").await;
        let (service, cx) = (app.service(), &kit.cx);
        // Out with reading, in with posting: Ben keeps reading, because it was given to him, too.
        let draft = ContentsDraft {
            add: "sap/post".to_owned(),
            reason: "Clerks post".to_owned(),
            ..ContentsDraft::default()
        };
        let planned = plan_contents(service, cx, clerk, &draft)
            .await
            .expect("a plan");
        assert_eq!(
            (planned.plan.gains, planned.plan.losses, planned.plan.people),
            (2, 1, 2)
        );
        let lost: Vec<_> = planned
            .plan
            .lines
            .iter()
            .filter(|line| !line.gains)
            .collect();
        assert_eq!((lost.len(), lost[0].person), (1, ana));
        // Somebody else becomes a clerk: the plan is not the same any more.
        kit.give(cy, "role:clerk").await;
        let version = planned.role.recorded_from;
        let old = planned.plan.hash;
        let answer = change_contents(service, cx, clerk, version, &draft, &old)
            .await
            .expect("an answer");
        let Applied::Different(now) = answer else {
            panic!("it was made: {answer:?}")
        };
        assert_eq!((now.gains, now.losses, now.people), (3, 2, 3));
        assert_eq!(kit.has(ana, None).await, set(&[("read", "role")]));
        let answer = change_contents(service, cx, clerk, version, &draft, &now.hash).await;
        assert_eq!(answer.expect("an answer"), Applied::Done);
        assert_eq!(kit.has(ana, None).await, set(&[("post", "role")]));
        assert_eq!(
            kit.has(ben, None).await,
            set(&[("post", "role"), ("read", "direct")])
        );
        // A second editor who opened the version before is told so.
        let again = change_contents(service, cx, clerk, version, &draft, &now.hash).await;
        assert!(matches!(again, Err(Error::Conflict)), "{again:?}");
    })
    .await;
}

#[tokio::test]
async fn yesterday_is_as_it_was_and_versions_stand_side_by_side() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let ana = kit.person("Ana Silva").await;
        let clerk = kit.role("clerk", "sap/read").await;
        let empty = kit.later();
        kit.give(ana, "role:clerk").await;
        let reading = kit.later();
        let read_id = kit.entitlements[0].to_string();
        kit.contents(clerk, &[&read_id], "sap/post").await;
        let posting = kit.later();
        assert!(kit.has(ana, Some(empty)).await.is_empty());
        assert_eq!(kit.has(ana, Some(reading)).await, set(&[("read", "role")]));
        assert_eq!(kit.has(ana, Some(posting)).await, set(&[("post", "role")]));
        assert_eq!(kit.has(ana, None).await, kit.has(ana, Some(posting)).await);
        assert_eq!(
            kit.holders(kit.entitlements[0], Some(reading)).await.len(),
            1
        );
        assert!(kit.holders(kit.entitlements[0], None).await.is_empty());
        let (_, all) = versions(app.service(), &kit.cx, clerk)
            .await
            .expect("the versions");
        assert_eq!(all.len(), 3);
        let two = compare(
            app.service(),
            &kit.cx,
            clerk,
            all[0].recorded_from,
            all[1].recorded_from,
        )
        .await
        .expect("two versions");
        assert_eq!((two.added.len(), two.removed.len()), (1, 1));
        let then = read(app.service(), &kit.cx, clerk, Some(reading))
            .await
            .expect("the role");
        assert_eq!(then.gives[0].name, "read");
    })
    .await;
}

#[tokio::test]
async fn rights_in_the_console_cannot_be_put_into_a_role() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let role = kit.role("clerk", "sap/read").await;
        let draft = ContentsDraft {
            add: "bailiwick/administer".to_owned(),
            reason: "Why not".to_owned(),
            ..ContentsDraft::default()
        };
        let refused = plan_contents(app.service(), &kit.cx, role, &draft).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    })
    .await;
}
