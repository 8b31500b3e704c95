//! Many at once.

use std::sync::Arc;

use domain::approval::{Approver, Step, Vote};
use domain::permission::{Actor, Rights};
use domain::request::ItemState;
use service::Cx;
use service::requests::{self, Decided};
use testkit::both_apps;

use crate::kit::{Kit, me, says};

#[tokio::test]
async fn of_many_who_decide_at_once_one_counts_and_the_others_are_recorded_as_late() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let mut people = Vec::new();
        for n in 0..16 {
            people.push(me(&app.someone(&format!("Approver {n}"), &[]).await));
        }
        let named = people.clone();
        kit.flow(kit.post, move |flow| {
            flow.stages = vec![vec![Step::by(Approver::People { people: named })]];
        })
        .await;
        let request = kit.ask(&kit.ana, &["sap/post"]).await;
        let id = kit.first(request).await;
        let mut all = tokio::task::JoinSet::new();
        for (n, person) in people.into_iter().enumerate() {
            let service = Arc::clone(app.service());
            all.spawn(async move {
                let cx = Cx::of(Actor::Person {
                    id: person,
                    rights: Rights::NONE,
                });
                let vote = if n % 2 == 0 {
                    Vote::Approve
                } else {
                    Vote::Reject
                };
                requests::decide(&service, &cx, id, &says(vote)).await
            });
        }
        let (mut counted, mut late) = (0, 0);
        while let Some(done) = all.join_next().await {
            match done.expect("no panic").expect("an answer") {
                Decided::Counted(_) => counted += 1,
                Decided::TooLate(_) => late += 1,
            }
        }
        assert_eq!((counted, late), (1, 15));
        assert_ne!(kit.state(id).await, ItemState::Waiting);
        let item = &kit.items(request).await[0];
        let recorded = item
            .events
            .iter()
            .filter(|event| matches!(event.what, domain::approval::Happened::TooLate { .. }));
        assert_eq!(recorded.count(), 15);
    })
    .await;
}
