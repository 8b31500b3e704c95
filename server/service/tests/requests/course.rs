//! From the ask to the access and its end.

use domain::approval::{Approver, Step, Vote};
use domain::request::ItemState;
use domain::time::DAY;
use service::requests::{self, Decided, Verdict};
use testkit::both_apps;

use crate::kit::{Kit, me};

#[tokio::test]
async fn what_manager_and_owner_approve_is_there_until_its_last_day_is_over() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post", "sap/pay"]).await;
        let items = kit.items(request).await;
        let (post, pay) = (items[0].item.id, items[1].item.id);
        assert_eq!(kit.waits_for(&kit.bo).await, 2);
        assert_eq!(kit.waits_for(&kit.olga).await, 0);

        assert_eq!(
            kit.approve(&kit.bo, post).await,
            Decided::Counted(ItemState::Waiting)
        );
        let rejected = kit.decide(&kit.bo, pay, Vote::Reject).await;
        assert_eq!(
            rejected.expect("a decision"),
            Decided::Counted(ItemState::Rejected)
        );
        assert_eq!(kit.waits_for(&kit.bo).await, 0);
        assert_eq!(kit.waits_for(&kit.olga).await, 1);
        assert!(!kit.has(&kit.ana, kit.post).await);

        assert_eq!(
            kit.approve(&kit.olga, post).await,
            Decided::Counted(ItemState::Granted)
        );
        assert!(kit.has(&kit.ana, kit.post).await);
        assert!(!kit.has(&kit.ana, kit.pay).await);
        let explained =
            service::effective::explain(app.service(), &kit.admin, me(&kit.ana), kit.post, None)
                .await
                .expect("why");
        let sentence = format!("{explained:?}");
        assert!(sentence.contains("The close of the quarter"), "{sentence}");

        app.clock().advance(29 * DAY);
        kit.round().await;
        assert!(kit.has(&kit.ana, kit.post).await);
        app.clock().advance(2 * DAY);
        assert!(!kit.has(&kit.ana, kit.post).await);
        kit.round().await;
        let item = &kit.items(request).await[0];
        assert_eq!(item.item.content.state, ItemState::Granted);
        assert_eq!(item.events.len(), 6, "{:?}", item.events);
    })
    .await;
}

#[tokio::test]
async fn a_manager_gives_less_than_was_asked_for() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        let less = |days: &str| Verdict {
            vote: Vote::Approve,
            note: String::new(),
            shorter: days.to_owned(),
        };
        let more = requests::decide(app.service(), &kit.bo, id, &less("31")).await;
        assert!(matches!(more, Err(service::Error::Invalid(_))), "{more:?}");
        requests::decide(app.service(), &kit.bo, id, &less("2"))
            .await
            .expect("a decision");
        assert!(kit.has(&kit.ana, kit.post).await);
        app.clock().advance(3 * DAY);
        assert!(!kit.has(&kit.ana, kit.post).await);
    })
    .await;
}

#[tokio::test]
async fn steps_of_a_stage_wait_at_the_same_time_and_who_agreed_is_not_asked_again() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |flow| {
            flow.stages = vec![
                vec![Step::by(Approver::Manager), Step::by(Approver::Owner)],
                vec![Step::by(Approver::Owner)],
            ];
        })
        .await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        assert_eq!(
            (kit.waits_for(&kit.bo).await, kit.waits_for(&kit.olga).await),
            (1, 1)
        );
        kit.approve(&kit.olga, id).await;
        // The owner agreed in the first stage, so the second is through when it comes.
        assert_eq!(
            kit.approve(&kit.bo, id).await,
            Decided::Counted(ItemState::Granted)
        );
    })
    .await;
}

#[tokio::test]
async fn a_question_waits_for_the_requester_and_the_answer_brings_it_back() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        requests::ask_back(app.service(), &kit.bo, id, "What for?")
            .await
            .expect("a question");
        assert_eq!(kit.waits_for(&kit.ana).await, 1);
        requests::comment(app.service(), &kit.ana, id, "The close")
            .await
            .expect("an answer");
        assert_eq!(kit.waits_for(&kit.ana).await, 0);
        assert_eq!(kit.waits_for(&kit.bo).await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_is_handed_a_decision_decides_instead() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        let oneself = requests::hand_on(app.service(), &kit.bo, id, "ana.silva", "Away").await;
        assert!(
            matches!(oneself, Err(service::Error::Invalid(_))),
            "{oneself:?}"
        );
        requests::hand_on(app.service(), &kit.bo, id, "cy.tran", "Away")
            .await
            .expect("handed on");
        assert_eq!(
            (kit.waits_for(&kit.bo).await, kit.waits_for(&kit.cy).await),
            (0, 1)
        );
        kit.approve(&kit.cy, id).await;
        assert_eq!(kit.waits_for(&kit.olga).await, 1);
    })
    .await;
}

#[tokio::test]
async fn who_asked_withdraws_and_nobody_else() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        let other = requests::withdraw(app.service(), &kit.bo, id, "").await;
        assert!(
            matches!(other, Err(service::Error::Denied { .. })),
            "{other:?}"
        );
        requests::withdraw(app.service(), &kit.ana, id, "Not needed")
            .await
            .expect("withdrawn");
        assert_eq!(kit.state(id).await, ItemState::Withdrawn);
        assert_eq!(kit.waits_for(&kit.bo).await, 0);
        let late = kit.approve(&kit.bo, id).await;
        assert_eq!(late, Decided::TooLate(ItemState::Withdrawn));
    })
    .await;
}

#[tokio::test]
async fn more_time_is_asked_for_and_what_is_not_needed_given_back() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        let given = kit.items(request).await[0].item.content.assignment;
        let given = given.expect("an assignment");
        let more = requests::extend(app.service(), &kit.ana, given, "60", "It takes longer")
            .await
            .expect("a request");
        app.clock().advance(domain::time::SECOND);
        let again = requests::extend(app.service(), &kit.ana, given, "60", "Again").await;
        assert!(
            matches!(again, Err(service::Error::Refused(_))),
            "{again:?}"
        );
        let id = kit.first(more).await;
        kit.approve(&kit.bo, id).await;
        app.clock().advance(40 * DAY);
        assert!(kit.has(&kit.ana, kit.post).await);
        requests::give_back(app.service(), &kit.ana, given, "Done")
            .await
            .expect("given back");
        app.clock().advance(domain::time::SECOND);
        assert!(!kit.has(&kit.ana, kit.post).await);
    })
    .await;
}
