//! Access for some hours: activated when it is needed, or taken in an emergency.

use domain::approval::Vote;
use domain::request::ItemState;
use domain::time::HOUR;
use service::requests;
use testkit::both_apps;

use crate::kit::Kit;

#[tokio::test]
async fn eligible_access_is_active_for_some_hours_only() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |flow| flow.activation_hours = Some(4))
            .await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        assert!(!kit.has(&kit.ana, kit.post).await, "eligible is not active");
        let base = kit.items(request).await[0].item.content.assignment;
        let base = base.expect("an eligible assignment");
        let long = requests::activate(app.service(), &kit.ana, base, "5", "An incident").await;
        assert!(matches!(long, Err(service::Error::Invalid(_))), "{long:?}");
        let other = requests::activate(app.service(), &kit.bo, base, "2", "For Ana").await;
        assert!(
            matches!(other, Err(service::Error::Denied { .. })),
            "{other:?}"
        );
        requests::activate(app.service(), &kit.ana, base, "4", "An incident")
            .await
            .expect("activated");
        app.clock().advance(HOUR);
        assert!(kit.has(&kit.ana, kit.post).await);
        let again = requests::activate(app.service(), &kit.ana, base, "4", "Again").await;
        assert!(
            matches!(again, Err(service::Error::Refused(_))),
            "{again:?}"
        );
        app.clock().advance(4 * HOUR);
        assert!(!kit.has(&kit.ana, kit.post).await);
        kit.round().await;
        requests::activate(app.service(), &kit.ana, base, "1", "Another incident")
            .await
            .expect("activated once more");
        app.clock().advance(domain::time::SECOND);
        assert!(kit.has(&kit.ana, kit.post).await);
        requests::give_back(app.service(), &kit.ana, base, "Not needed any more")
            .await
            .expect("given back");
        app.clock().advance(domain::time::SECOND);
        assert!(
            !kit.has(&kit.ana, kit.post).await,
            "also what is active ends"
        );
    })
    .await;
}

#[tokio::test]
async fn an_activation_that_needs_approval_waits_for_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |flow| {
            flow.activation_hours = Some(4);
            flow.activation_approval = true;
        })
        .await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        let base = kit.items(request).await[0].item.content.assignment;
        let asked = requests::activate(
            app.service(),
            &kit.ana,
            base.expect("eligible"),
            "2",
            "An incident",
        )
        .await
        .expect("a request");
        app.clock().advance(domain::time::SECOND);
        assert!(!kit.has(&kit.ana, kit.post).await);
        let id = kit.first(asked).await;
        kit.decide(&kit.bo, id, Vote::Approve)
            .await
            .expect("a decision");
        assert!(kit.has(&kit.ana, kit.post).await);
    })
    .await;
}

#[tokio::test]
async fn breaking_the_glass_works_at_once_is_told_and_asks_for_a_look() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let usual = requests::take_at_once(app.service(), &kit.ana, "sap/post", "It burns").await;
        assert!(
            matches!(usual, Err(service::Error::Refused(_))),
            "{usual:?}"
        );
        kit.flow(kit.post, |flow| flow.emergency_hours = Some(2))
            .await;
        let request = requests::take_at_once(app.service(), &kit.ana, "sap/post", "It burns")
            .await
            .expect("access at once");
        app.clock().advance(domain::time::SECOND);
        assert!(kit.has(&kit.ana, kit.post).await);
        let item = &kit.items(request).await[0];
        assert_eq!(item.item.content.state, ItemState::Granted);
        // To set it up, and to look into it.
        assert_eq!(item.tasks.len(), 2, "{:?}", item.tasks);
        assert_eq!(kit.waits_for(&kit.olga).await, 2);
        app.clock().advance(2 * HOUR);
        assert!(!kit.has(&kit.ana, kit.post).await);
    })
    .await;
}
