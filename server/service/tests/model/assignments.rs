//! What is given to people and taken from them, and what they are excluded from.

use domain::assignment::AssignmentStep;
use domain::permission::ConsoleRight;
use domain::time::DAY;
use service::Error;
use service::assignments::{
    ExclusionDraft, GiveDraft, end_due, end_exclusion, exclude, exclusion, extend, give, read, step,
};
use service::effective::explain;
use testkit::both_apps;

use crate::kit::{Kit, set};

#[tokio::test]
async fn what_is_time_bound_begins_and_ends_by_itself() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let ana = kit.person("Ana Silva").await;
        let today = app
            .service()
            .now()
            .day(&jiff::tz::TimeZone::get("Europe/Lisbon").expect("a zone"));
        let draft = GiveDraft {
            what: "sap/read".to_owned(),
            reason: "For the close".to_owned(),
            from: today.plus_days(2).to_string(),
            until: today.plus_days(3).to_string(),
        };
        let id = give(app.service(), &kit.cx, ana, &draft)
            .await
            .expect("given");
        assert!(kit.has(ana, None).await.is_empty(), "it has not begun");
        let soon = app.service().now().plus(2 * DAY + DAY / 2);
        assert_eq!(kit.has(ana, Some(soon)).await.len(), 1, "it is scheduled");
        app.clock().advance(2 * DAY + DAY / 2);
        assert_eq!(kit.has(ana, None).await, set(&[("read", "direct")]));
        app.clock().advance(2 * DAY);
        assert!(kit.has(ana, None).await.is_empty(), "its last day is over");
        let system = service::Cx::of(domain::permission::Actor::System);
        assert_eq!(end_due(app.service(), &system).await.expect("ended"), 1);
        assert_eq!(end_due(app.service(), &system).await.expect("nothing"), 0);
        let detail = read(app.service(), &kit.cx, id)
            .await
            .expect("the assignment");
        assert_eq!(detail.assignment.content.state.word(), "ended");
    })
    .await;
}

#[tokio::test]
async fn access_is_suspended_restored_extended_and_ended() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let ana = kit.person("Ana Silva").await;
        let id = kit.give(ana, "sap/read").await;
        let (service, cx) = (app.service(), &kit.cx);
        let version = async || {
            let detail = read(service, cx, id).await.expect("the assignment");
            detail.assignment.recorded_from
        };
        step(
            service,
            cx,
            id,
            version().await,
            AssignmentStep::Suspend,
            "Leave",
        )
        .await
        .expect("suspended");
        kit.later();
        assert!(kit.has(ana, None).await.is_empty());
        step(
            service,
            cx,
            id,
            version().await,
            AssignmentStep::Restore,
            "Back",
        )
        .await
        .expect("restored");
        kit.later();
        assert_eq!(kit.has(ana, None).await.len(), 1);
        let stale = version().await;
        extend(service, cx, id, stale, "2099-01-01", "Longer")
            .await
            .expect("extended");
        kit.later();
        let late = step(service, cx, id, stale, AssignmentStep::End, "Over").await;
        assert!(matches!(late, Err(Error::Conflict)), "two editors at once");
        let past = extend(
            service,
            cx,
            id,
            version().await,
            "2001-01-01",
            "Back in time",
        )
        .await;
        assert!(matches!(past, Err(Error::Invalid(_))));
        step(
            service,
            cx,
            id,
            version().await,
            AssignmentStep::End,
            "Over",
        )
        .await
        .expect("ended");
        kit.later();
        assert!(kit.has(ana, None).await.is_empty());
        let again = step(
            service,
            cx,
            id,
            version().await,
            AssignmentStep::Restore,
            "Again",
        )
        .await;
        assert!(
            matches!(again, Err(Error::State(_))),
            "what ended stays ended"
        );
    })
    .await;
}

#[tokio::test]
async fn an_exclusion_takes_away_what_a_role_gives_and_the_explanation_says_so() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read", "post"]).await;
        let ana = kit.person("Ana Silva").await;
        let ben = kit.person("Ben Ode").await;
        kit.role("clerk", "sap/read\nsap/post").await;
        kit.give(ana, "role:clerk").await;
        kit.give(ben, "role:clerk").await;
        let draft = ExclusionDraft {
            what: "sap/post".to_owned(),
            reason: "Conflict of interest".to_owned(),
            ..ExclusionDraft::default()
        };
        let id = exclude(app.service(), &kit.cx, ana, &draft)
            .await
            .expect("excluded");
        kit.later();
        assert_eq!(kit.has(ana, None).await, set(&[("read", "role")]));
        assert_eq!(kit.holders(kit.entitlements[1], None).await, [ben].into());
        let (_, why) = explain(app.service(), &kit.cx, ana, kit.entitlements[1], None)
            .await
            .expect("an answer");
        assert!(
            why.sentence.contains("does not have") && why.sentence.contains("Conflict of interest"),
            "{}",
            why.sentence
        );
        let twice = exclude(app.service(), &kit.cx, ana, &draft).await;
        assert!(matches!(twice, Err(Error::Invalid(_))));
        let version = exclusion(app.service(), &kit.cx, id)
            .await
            .expect("it")
            .exclusion
            .recorded_from;
        end_exclusion(app.service(), &kit.cx, id, version, "Solved")
            .await
            .expect("ended");
        kit.later();
        assert_eq!(kit.has(ana, None).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn only_who_manages_the_model_gives_access_and_nobody_to_themselves() {
    both_apps(async |app| {
        let kit = Kit::new(app, &["read"]).await;
        let ana = app
            .someone("Ana Silva", &[ConsoleRight::ManageAccessModel])
            .await;
        let ben = app.someone("Ben Ode", &[ConsoleRight::Audit]).await;
        let (ana_id, ben_id) = (ana.me().expect("Ana"), ben.me().expect("Ben"));
        let draft = GiveDraft {
            what: "sap/read".to_owned(),
            reason: "Needed".to_owned(),
            ..GiveDraft::default()
        };
        let own = give(app.service(), &ana, ana_id, &draft).await;
        assert!(matches!(own, Err(Error::Denied { .. })), "{own:?}");
        let auditor = give(app.service(), &ben, ana_id, &draft).await;
        assert!(matches!(auditor, Err(Error::Denied { .. })), "{auditor:?}");
        give(app.service(), &ana, ben_id, &draft)
            .await
            .expect("given");
        kit.later();
        let console = GiveDraft {
            what: "bailiwick/administer".to_owned(),
            ..draft
        };
        let refused = give(app.service(), &ana, ben_id, &console).await;
        assert!(matches!(refused, Err(Error::Invalid(_))), "{refused:?}");
    })
    .await;
}
