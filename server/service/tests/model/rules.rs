//! Rules: whom they apply to, what follows for joiners, movers and leavers, and what a change of them would do.

use domain::identity::IdentityDraft;
use domain::rule::RuleState;
use domain::time::DAY;
use service::Error;
use service::people::{End, edit, end, read as read_person};
use service::plan::Applied;
use service::rules::{
    Asked, RuleDraft, create, edit as edit_rule, plan_edit, plan_step, read, step,
};
use testkit::both_apps;

use crate::kit::{Kit, set};

fn finance(what: &str) -> RuleDraft {
    RuleDraft {
        name: "Finance".to_owned(),
        condition: "principal.department == \"Finance\"".to_owned(),
        what: what.to_owned(),
        ..RuleDraft::default()
    }
}

/// Moves a rule on, as planned.
async fn to(kit: &Kit<'_>, id: domain::id::RuleId, next: RuleState) -> u64 {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let plan = plan_step(service, cx, id, next).await.expect("a plan");
    let version = read(service, cx, id)
        .await
        .expect("the rule")
        .rule
        .recorded_from;
    let asked = Asked {
        reason: "As agreed".to_owned(),
        hash: plan.hash.clone(),
        ..Asked::default()
    };
    let done = step(service, cx, id, version, next, &asked)
        .await
        .expect("the step");
    assert_eq!(done, Applied::Done);
    kit.later();
    plan.people
}

async fn department(kit: &Kit<'_>, id: domain::id::IdentityId, department: &str) {
    let person = read_person(kit.app.service(), &kit.cx, id)
        .await
        .expect("the person")
        .identity;
    let content = person.content;
    let draft = IdentityDraft {
        username: content.username,
        display_name: content.display_name,
        department: department.to_owned(),
        kind: content.kind.word().to_owned(),
        ..IdentityDraft::default()
    };
    edit(kit.app.service(), &kit.cx, id, person.recorded_from, &draft)
        .await
        .expect("edited");
    kit.later();
}

#[tokio::test]
async fn joiners_movers_and_leavers_follow_in_the_same_transaction() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let ana = kit.person("Ana Silva").await;
        department(&kit, ana, "Finance").await;
        kit.role("clerk", "sap/read\nsap/post").await;
        let rule = create(app.service(), &kit.cx, &finance("role:clerk"))
            .await
            .expect("a rule");
        kit.later();
        assert!(kit.has(ana, None).await.is_empty(), "a draft gives nothing");
        assert_eq!(
            to(&kit, rule, RuleState::Observing).await,
            1,
            "it shows who would gain"
        );
        assert!(
            kit.has(ana, None).await.is_empty(),
            "observing gives nothing"
        );
        to(&kit, rule, RuleState::Active).await;
        let both = set(&[("post", "rule"), ("read", "rule")]);
        assert_eq!(kit.has(ana, None).await, both);
        // A joiner.
        let draft = IdentityDraft {
            username: "ben".to_owned(),
            display_name: "Ben Ode".to_owned(),
            department: "Finance".to_owned(),
            kind: "employee".to_owned(),
            ..IdentityDraft::default()
        };
        let ben = service::people::create(app.service(), &kit.cx, &draft)
            .await
            .expect("a joiner");
        let joined = kit.later();
        assert_eq!(kit.has(ben, None).await, both);
        // A mover.
        department(&kit, ben, "Sales").await;
        assert!(kit.has(ben, None).await.is_empty());
        assert_eq!(
            kit.has(ben, Some(joined)).await,
            both,
            "as it was before the move"
        );
        // A leaver.
        let leaving = End {
            reason: "Left".to_owned(),
            last_day: None,
        };
        end(app.service(), &kit.cx, ana, &leaving)
            .await
            .expect("ended");
        kit.later();
        assert!(kit.has(ana, None).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_mover_keeps_what_the_rule_gave_until_the_hand_over_is_done() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let ana = kit.person("Ana Silva").await;
        department(&kit, ana, "Finance").await;
        let draft = RuleDraft {
            hand_over_days: "14".to_owned(),
            ..finance("sap/read")
        };
        let rule = create(app.service(), &kit.cx, &draft)
            .await
            .expect("a rule");
        kit.later();
        to(&kit, rule, RuleState::Observing).await;
        to(&kit, rule, RuleState::Active).await;
        department(&kit, ana, "Sales").await;
        assert_eq!(kit.has(ana, None).await.len(), 1, "the hand-over");
        // Back again in time: without an end.
        department(&kit, ana, "Finance").await;
        app.clock().advance(20 * DAY);
        assert_eq!(kit.has(ana, None).await.len(), 1);
        department(&kit, ana, "Sales").await;
        app.clock().advance(13 * DAY);
        assert_eq!(kit.has(ana, None).await.len(), 1);
        app.clock().advance(2 * DAY);
        assert!(kit.has(ana, None).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn another_condition_is_planned_and_made_only_when_it_still_does_that() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        department(&kit, ana, "Finance").await;
        department(&kit, ben, "Sales").await;
        let rule = create(app.service(), &kit.cx, &finance("sap/read"))
            .await
            .expect("a rule");
        kit.later();
        to(&kit, rule, RuleState::Observing).await;
        to(&kit, rule, RuleState::Active).await;
        let (service, cx) = (app.service(), &kit.cx);
        let sales = RuleDraft {
            condition: "principal.department == \"Sales\"".to_owned(),
            reason: "It is Sales that reads".to_owned(),
            ..finance("sap/read")
        };
        let plan = plan_edit(service, cx, rule, &sales).await.expect("a plan");
        assert_eq!((plan.gains, plan.losses, plan.people), (1, 1, 2));
        let version = read(service, cx, rule)
            .await
            .expect("the rule")
            .rule
            .recorded_from;
        let cy = kit.person("Cy Tran").await;
        department(&kit, cy, "Sales").await;
        let answer = edit_rule(service, cx, rule, version, &sales, &plan.hash)
            .await
            .expect("an answer");
        let Applied::Different(now) = answer else {
            panic!("it was made")
        };
        assert_eq!(now.gains, 2);
        let answer = edit_rule(service, cx, rule, version, &sales, &now.hash).await;
        assert_eq!(answer.expect("an answer"), Applied::Done);
        kit.later();
        assert!(kit.has(ana, None).await.is_empty());
        assert_eq!(kit.has(ben, None).await, set(&[("read", "rule")]));
        assert_eq!(to(&kit, rule, RuleState::Ended).await, 2);
        assert!(kit.has(ben, None).await.is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_condition_that_is_wrong_says_where_and_what_was_expected() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        for (text, expected) in [
            ("principal.departement == \"Finance\"", "department"),
            ("principal.department == 3", "text"),
            ("principal.department ==", "line 1"),
            (
                "true } ; permit(principal, action, resource) when { true",
                "",
            ),
        ] {
            let draft = RuleDraft {
                condition: text.to_owned(),
                ..finance("sap/read")
            };
            let refused = create(app.service(), &kit.cx, &draft).await;
            let Err(Error::Invalid(errors)) = refused else {
                panic!("{text} was taken: {refused:?}")
            };
            let said = errors.of("condition").unwrap_or_default().to_lowercase();
            assert!(
                !said.is_empty() && said.contains(expected),
                "{text}: {said}"
            );
        }
    })
    .await;
}
