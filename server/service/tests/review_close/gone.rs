//! Reviewers who leave or are suspended while a campaign is open.

use domain::approval::Approver;
use domain::id::IdentityId;
use domain::review::{Stage, Why};
use domain::time::SECOND;
use service::notifications::NoticeKind;
use service::{people, reviews};
use storage::reviews::ActRecord;
use testkit::both_apps;

use crate::kit::{Kit, of};

async fn suspend(kit: &Kit<'_>, who: IdentityId) {
    people::suspend(kit.app.service(), &kit.admin, who, "Away")
        .await
        .expect("they are suspended");
    kit.app.clock().advance(SECOND);
}

#[tokio::test]
async fn what_waits_for_who_is_suspended_goes_to_others_once_and_says_why() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| {
                content.stages[0].fallback = Some(Approver::ApplicationOwner);
            })
            .await;
        let olga = kit.olga.me().expect("a person");
        let decided = kit.item(id, kit.cy, kit.pay).await;
        let keep = reviews::Draft {
            choice: "keep".to_owned(),
            reason: "He needs it".to_owned(),
            ..reviews::Draft::default()
        };
        reviews::stage(app.service(), &of(kit.bo), id, &[decided], &keep)
            .await
            .expect("it is staged");
        reviews::submit(app.service(), &of(kit.bo), id, true)
            .await
            .expect("it is submitted");
        app.clock().advance(SECOND);
        kit.minute().await;
        let items = kit.items(id).await;
        assert!(items.iter().all(|one| one.reviewer == kit.bo), "he is here");
        suspend(&kit, kit.bo).await;
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
                content.stages = vec![
                    Stage::by(Approver::Manager),
                    Stage {
                        fallback: Some(Approver::Manager),
                        ..Stage::by(Approver::ApplicationOwner)
                    },
                ];
            })
            .await;
        kit.submit(id, kit.bo, "keep").await;
        let olga = kit.olga.me().expect("a person");
        let end = people::End {
            reason: "She leaves".to_owned(),
            last_day: None,
        };
        people::end(app.service(), &kit.admin, olga, &end)
            .await
            .expect("she leaves");
        app.clock().advance(SECOND);
        kit.minute().await;
        let owner = kit.admin.me().expect("a person");
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
        let owner = kit.admin.me().expect("a person");
        kit.give(owner, "sap/post").await;
        let named = Approver::People {
            people: vec![kit.bo],
        };
        let id = kit
            .launched(|content| content.stages = vec![Stage::by(named)])
            .await;
        suspend(&kit, kit.bo).await;
        kit.minute().await;
        kit.minute().await;
        for item in kit.items(id).await {
            let own = item.facts.holder == owner.into();
            assert_eq!(item.reviewer, if own { kit.bo } else { owner });
        }
    })
    .await;
}
