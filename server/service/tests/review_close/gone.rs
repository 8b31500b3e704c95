//! Reviewers who leave or are suspended while a campaign is open.

use domain::approval::Approver;
use domain::review::Why;
use domain::time::SECOND;
use service::notifications::NoticeKind;
use service::{people, reviews};
use storage::reviews::ActRecord;
use testkit::both_apps;

use crate::kit::{Kit, me, stages};

#[tokio::test]
async fn what_waits_for_who_is_suspended_goes_to_others_once_and_says_why() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| {
                content.stages[0].fallback = Some(Approver::ApplicationOwner);
            })
            .await;
        let olga = me(&kit.olga);
        let decided = kit.item(id, kit.cy, kit.pay).await;
        let keep = reviews::Draft {
            choice: "keep".to_owned(),
            reason: "He needs it".to_owned(),
            ..reviews::Draft::default()
        };
        kit.decided(id, kit.bo, decided, &keep).await;
        kit.minute().await;
        let items = kit.items(id).await;
        assert!(items.iter().all(|one| one.reviewer == kit.bo), "he is here");
        kit.suspend(kit.bo).await;
        kit.minute().await;
        kit.minute().await;
        for item in kit.items(id).await {
            let number = item.facts.number;
            if number == decided {
                assert_eq!(item.reviewer, kit.bo, "it was decided before");
                continue;
            }
            assert_eq!(item.reviewer, olga);
            let records = kit.records(id, number).await;
            let passed = ActRecord::Passed {
                item: number,
                stage: 0,
                from: kit.bo,
                to: olga,
                why: Some(Why::ApplicationOwner),
                reason: "Bo is suspended.".to_owned(),
            };
            assert_eq!(records, [passed]);
        }
        assert_eq!(kit.told(olga, NoticeKind::ReviewPassed).await, 1);
        let piles = app.db().read().await.piles(id, (0, -1), 9).await;
        let open: Vec<_> = piles
            .expect("piles")
            .iter()
            .map(|one| (one.reviewer(), one.open()))
            .filter(|(_, open)| *open > 0)
            .collect();
        assert_eq!(open, [(olga, 3)]);
    })
    .await;
}

#[tokio::test]
async fn who_decided_before_does_not_follow_whoever_left() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| {
                stages([Approver::Manager, Approver::ApplicationOwner])(content);
                content.stages[1].fallback = Some(Approver::Manager);
            })
            .await;
        kit.submit(id, kit.bo, "keep").await;
        let olga = me(&kit.olga);
        let end = people::End {
            reason: "She leaves".to_owned(),
            last_day: None,
        };
        people::end(app.service(), &kit.admin, olga, &end)
            .await
            .expect("she leaves");
        app.clock().advance(SECOND);
        kit.minute().await;
        let owner = me(&kit.admin);
        for item in kit.items(id).await {
            assert_eq!((item.open, item.stage, item.reviewer), (true, 1, owner));
        }
    })
    .await;
}

#[tokio::test]
async fn what_nobody_else_may_decide_stays_and_stops_nothing() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let owner = me(&kit.admin);
        kit.give(owner, "sap/post").await;
        let named = Approver::People {
            people: vec![kit.bo],
        };
        let id = kit.launched(stages([named])).await;
        kit.suspend(kit.bo).await;
        kit.minute().await;
        kit.minute().await;
        for item in kit.items(id).await {
            let own = item.facts.holder == owner.into();
            assert_eq!(item.reviewer, if own { kit.bo } else { owner });
        }
    })
    .await;
}
