//! What time does: reminders, time-outs, approvers who leave, people who stand in.

use domain::approval::{Approver, Late, Step, Vote};
use domain::delegation::{DelegationContent, DelegationState};
use domain::request::ItemState;
use domain::time::{DAY, HOUR};
use service::people::{self, End};
use service::requests::Decided;
use testkit::both_apps;

use crate::kit::{Kit, me};

#[tokio::test]
async fn silence_escalates_and_never_approves() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        app.clock().advance(25 * HOUR);
        kit.round().await;
        let reminded = &kit.items(request).await[0];
        assert!(reminded.state.steps[0].reminded.is_some());
        assert_eq!(kit.waits_for(&kit.cy).await, 0);
        app.clock().advance(3 * DAY);
        kit.round().await;
        // The manager's manager may decide now, too; nothing else has happened.
        assert_eq!(
            (kit.waits_for(&kit.bo).await, kit.waits_for(&kit.cy).await),
            (1, 1)
        );
        assert_eq!(kit.state(id).await, ItemState::Waiting);
        kit.round().await;
        let events = kit.items(request).await[0].events.len();
        kit.round().await;
        assert_eq!(kit.items(request).await[0].events.len(), events);
        kit.approve(&kit.cy, id).await;
        assert_eq!(kit.state(id).await, ItemState::Granted);
    })
    .await;
}

#[tokio::test]
async fn a_step_that_refuses_when_late_refuses() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |flow| {
            flow.stages = vec![vec![Step {
                late: Late::Reject,
                due_hours: 8,
                remind_hours: None,
                ..Step::by(Approver::Manager)
            }]];
        })
        .await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        app.clock().advance(9 * HOUR);
        kit.round().await;
        assert_eq!(kit.state(id).await, ItemState::TimedOut);
        let late = kit.approve(&kit.bo, id).await;
        assert_eq!(late, Decided::TooLate(ItemState::TimedOut));
        assert!(!kit.has(&kit.ana, kit.post).await);
    })
    .await;
}

#[tokio::test]
async fn a_request_whose_approver_left_reaches_somebody_else() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        let end = End {
            reason: "Has left".to_owned(),
            last_day: None,
        };
        people::end(app.service(), &kit.admin, me(&kit.bo), &end)
            .await
            .expect("the manager leaves");
        app.clock().advance(DAY);
        kit.round().await;
        let item = &kit.items(request).await[0];
        let step = &item.steps[0];
        assert!(!step.approvers.is_empty(), "{step:?}");
        assert!(step.approvers.iter().all(|(one, _)| one.id != me(&kit.bo)));
        assert_eq!(kit.waits_for(&kit.cy).await, 1);
        kit.approve(&kit.cy, id).await;
        kit.approve(&kit.olga, id).await;
        assert_eq!(kit.state(id).await, ItemState::Granted);
    })
    .await;
}

#[tokio::test]
async fn who_stands_in_decides_in_both_names_but_never_on_what_is_theirs() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        for delegate in [&kit.ana, &kit.olga] {
            let content = DelegationContent {
                delegator: me(&kit.bo),
                delegate: me(delegate),
                valid_from: app.service().now(),
                valid_until: app.service().now().plus(10 * DAY),
                reason: "Away".to_owned(),
                state: DelegationState::Active,
            };
            let mut tx = app.db().write().await;
            let (_, target) = tx.insert_delegation(&content).await.expect("a delegation");
            let event = testkit::an_event(domain::audit::AuditAction::DelegationCreated, [target]);
            tx.commit(event, Vec::new()).await.expect("a commit");
        }
        app.clock().advance(domain::time::SECOND);
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        let own = kit.decide(&kit.ana, id, Vote::Approve).await;
        assert!(matches!(own, Err(service::Error::Denied { .. })), "{own:?}");
        assert_eq!(kit.waits_for(&kit.olga).await, 1);
        kit.approve(&kit.olga, id).await;
        let item = &kit.items(request).await[0];
        let (by, behalf) = &item.steps[0].agreed[0];
        assert_eq!(by.id, me(&kit.olga));
        assert_eq!(
            behalf.as_ref().map(|one| one.name.as_str()),
            Some("Bo Lind")
        );
    })
    .await;
}

#[tokio::test]
async fn what_waits_for_nobody_reaches_the_next_who_can_decide() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        // The only administrator asks: nobody is left who could decide.
        kit.flow(kit.post, |flow| {
            flow.stages = vec![vec![Step::by(Approver::Administrators)]];
        })
        .await;
        let request = kit.ask(&kit.admin, &["sap/post"]).await;
        let id = kit.first(request).await;
        assert!(kit.items(request).await[0].steps[0].approvers.is_empty());
        kit.round().await;
        assert_eq!(kit.state(id).await, ItemState::Waiting);
        let second = app
            .someone(
                "Second Admin",
                &[domain::permission::ConsoleRight::Administer],
            )
            .await;
        kit.round().await;
        assert_eq!(kit.waits_for(&second).await, 1);
        kit.approve(&second, id).await;
        assert_eq!(kit.state(id).await, ItemState::Granted);
        let again = kit.decide(&second, id, Vote::Approve).await;
        assert!(
            matches!(again, Err(service::Error::Refused(_))),
            "{again:?}"
        );
    })
    .await;
}
