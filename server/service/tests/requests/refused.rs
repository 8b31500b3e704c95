//! What is not possible gets a sentence, and leaves nothing behind.

use domain::approval::Vote;
use domain::request::ItemState;
use service::requests::{self, Ask, Line};
use service::{Cx, Error};
use testkit::both_apps;

use crate::kit::{Kit, entitlement, me};

fn refused(result: Result<impl std::fmt::Debug, Error>) -> String {
    match result {
        Err(Error::Invalid(errors)) => errors.to_string(),
        Err(Error::Refused(text)) => text,
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_said_line_by_line() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        entitlement(app, &kit.admin, "secret", false).await;
        kit.flow(kit.pay, |flow| flow.longest_days = Some(10)).await;
        let said = refused(
            kit.try_ask(&kit.ana, &["sap/secret", "sap/pay", "sap/nothing"], "30")
                .await,
        );
        assert!(said.contains("The secret cannot be asked for"), "{said}");
        assert!(said.contains("from 1 to 10"), "{said}");
        assert!(said.contains("nothing"), "{said}");
        assert_eq!(kit.waits_for(&kit.bo).await, 0);
        let twice = refused(kit.try_ask(&kit.ana, &["sap/post", "sap/post"], "5").await);
        assert!(twice.contains("asked for twice"), "{twice}");
        let none = refused(kit.try_ask(&kit.ana, &[], "5").await);
        assert!(none.contains("Nothing is asked for"), "{none}");
    })
    .await;
}

#[tokio::test]
async fn the_same_is_not_asked_for_twice_nor_what_is_there() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        kit.flow(kit.post, |_| {}).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let again = refused(kit.try_ask(&kit.ana, &["sap/post"], "5").await);
        assert!(again.contains("asked for already"), "{again}");
        let id = kit.first(request).await;
        kit.approve(&kit.bo, id).await;
        let there = refused(kit.try_ask(&kit.ana, &["sap/post"], "5").await);
        assert!(there.contains("there already"), "{there}");
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one_request() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let ask = Ask {
            beneficiary: me(&kit.ana),
            lines: vec![Line {
                what: "sap/post".to_owned(),
                days: "3".to_owned(),
                reason: "Needed".to_owned(),
            }],
            reason: String::new(),
        };
        let cx = Cx {
            once: Some("a-key-of-a-form".to_owned()),
            ..kit.ana.clone()
        };
        let first = requests::submit(app.service(), &cx, &ask).await;
        let first = first.expect("a request");
        let again = requests::submit(app.service(), &cx, &ask).await;
        assert!(
            matches!(&again, Err(Error::AlreadyDone(id)) if *id == first.to_string()),
            "{again:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn only_who_is_asked_decides_and_nobody_for_themselves() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        for cx in [&kit.ana, &kit.admin, &kit.olga, &kit.cy] {
            let decided = kit.decide(cx, id, Vote::Approve).await;
            assert!(
                matches!(decided, Err(Error::Denied { .. } | Error::NotFound)),
                "{decided:?}"
            );
        }
        // Also the manager's own request does not come to the manager.
        let own = kit.ask(&kit.bo, &["sap/pay"]).await;
        let own = kit.first(own).await;
        let decided = kit.decide(&kit.bo, own, Vote::Approve).await;
        assert!(matches!(decided, Err(Error::Denied { .. })), "{decided:?}");
        assert_eq!(kit.waits_for(&kit.cy).await, 1);
        assert_eq!(kit.state(id).await, ItemState::Waiting);
    })
    .await;
}

#[tokio::test]
async fn others_see_nothing_of_a_request() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let seen = requests::read(app.service(), &kit.olga, request).await;
        assert!(matches!(seen, Err(Error::NotFound)), "{seen:?}");
        for cx in [&kit.ana, &kit.bo, &kit.admin] {
            requests::read(app.service(), cx, request)
                .await
                .expect("the request");
        }
    })
    .await;
}
