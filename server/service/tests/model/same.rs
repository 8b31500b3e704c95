//! Giving a person what a colleague has: what is offered where the two stand side by side, and as what.

use domain::entitlement::EntitlementDraft;
use domain::id::EntitlementId;
use domain::permission::ConsoleRight;
use domain::rule::RuleState;
use service::Did;
use service::effective::{Offer, compare};
use service::people::{End, end};
use service::rules::{Asked, RuleDraft, plan_step, read as read_rule, step};
use service::{entitlements, rules};
use testkit::both_apps;

use crate::give::{asking, done, excluded, items, planned, sent};
use crate::kit::{Kit, set};

/// An active rule that gives something to one of them.
async fn by_rule(kit: &Kit<'_>, what: &str) {
    let (service, cx) = (kit.app.service(), &kit.cx);
    let draft = RuleDraft {
        name: "Everybody".to_owned(),
        condition: "principal.kind == \"employee\" && principal.username == \"ben.ode\"".to_owned(),
        what: what.to_owned(),
        ..RuleDraft::default()
    };
    let id = rules::create(service, cx, &draft).await.expect("a rule");
    kit.later();
    for next in [RuleState::Observing, RuleState::Active] {
        let plan = plan_step(service, cx, id, next).await.expect("a plan");
        let version = read_rule(service, cx, id)
            .await
            .expect("it")
            .rule
            .recorded_from;
        let asked = Asked {
            reason: "As agreed".to_owned(),
            hash: plan.hash,
            ..Asked::default()
        };
        step(service, cx, id, version, next, &asked)
            .await
            .expect("the step");
        kit.later();
    }
}

#[tokio::test]
async fn what_a_colleague_has_is_offered_as_it_was_given() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post", "pay", "close", "print"]).await;
        let (service, cx) = (app.service(), &kit.cx);
        let wild = EntitlementDraft {
            application: "sap".to_owned(),
            name: "wipe".to_owned(),
            display_name: "The wipe".to_owned(),
            kind: "permission".to_owned(),
            risk: "critical".to_owned(),
            ..EntitlementDraft::default()
        };
        let wipe = entitlements::create(service, cx, &wild)
            .await
            .expect("wipe");
        let [read, post, pay, close, print] = kit.entitlements[..] else {
            panic!("five entitlements");
        };
        let (ana, ben) = (kit.person("Ana Silva").await, kit.person("Ben Ode").await);
        kit.role("reader", "sap/read").await;
        let clerk = kit.role("clerk", "role:reader\nsap/post").await;
        kit.give(ben, "role:clerk").await;
        kit.give(ben, "sap/pay").await;
        kit.give(ben, "sap/wipe").await;
        kit.give(ben, "sap/print").await;
        kit.give(ana, "sap/print").await;
        by_rule(&kit, "sap/close").await;
        excluded(&kit, ana, "sap/post").await;
        let found = compare(service, cx, ana, ben, None).await.expect("both");
        let offers = found.offers.expect("an administrator may give");
        let [role] = &offers.roles[..] else {
            panic!("only the role that was given: {:?}", offers.roles);
        };
        assert_eq!((role.role.id, role.gives, role.brings), (clerk, 2, 1));
        assert!(role.refused.is_none() && !role.high);
        let of = |id: EntitlementId| offers.entitlements.get(&id);
        assert_eq!(of(read), Some(&Offer::With(vec!["CLERK".to_owned()])));
        assert_eq!(of(pay), Some(&Offer::Itself { high: false }));
        assert_eq!(of(wipe), Some(&Offer::Itself { high: true }), "not ticked");
        let not = |id: EntitlementId, why: &str| match of(id) {
            Some(Offer::Not(text)) => assert!(text.contains(why), "{text}"),
            other => panic!("offered: {other:?}"),
        };
        not(
            post,
            "Ana Silva is excluded from it (“Conflict of interest”)",
        );
        not(close, "rule “Everybody”");
        assert_eq!(of(print), None, "both have it");
        // What is ticked is given, as it was offered.
        let ask = asking(&[ana], &[&clerk.to_string(), &pay.to_string()]);
        let plan = planned(&kit, &ask).await;
        assert_eq!((plan.given, plan.plan.gains), (2, 2));
        let gave = items(sent(&kit, &ask, &plan.plan.hash, "form").await);
        assert_eq!(done(&gave), [Some(Did::Done); 2]);
        let has = set(&[("pay", "direct"), ("print", "direct"), ("read", "role")]);
        assert_eq!(kit.has(ana, None).await, has);
        // Nothing is offered of the past, nor to who may not give.
        let then = compare(service, cx, ana, ben, Some(service.now().plus(-1))).await;
        assert!(then.expect("both").offers.is_none());
        let auditor = app.someone("Ada Audit", &[ConsoleRight::Audit]).await;
        let seen = compare(service, &auditor, ana, ben, None).await;
        assert!(seen.expect("both").offers.is_none());
        // Nor is anything offered to oneself, or to somebody who has left.
        let me = cx.me().expect("Kim");
        let own = compare(service, cx, me, ben, None).await;
        assert!(own.expect("both").offers.is_none());
        let left = End {
            reason: "Left".to_owned(),
            last_day: None,
        };
        end(service, cx, ana, &left).await.expect("ended");
        kit.later();
        let gone = compare(service, cx, ana, ben, None).await;
        assert!(gone.expect("both").offers.is_none());
    })
    .await;
}
