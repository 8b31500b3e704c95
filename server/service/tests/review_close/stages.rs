//! Later stages are decided by their own reviewers, and the records say why they.

use std::collections::BTreeMap;

use domain::approval::Approver;
use domain::id::{CampaignId, IdentityId};
use domain::review::{Next, StageRule, Why};
use service::notifications::NoticeKind;
use service::reviews;
use storage::reviews::ActRecord;
use testkit::both_apps;

use crate::kit::{Kit, me, stages};

/// Who decides next, as the last decision on an item says.
async fn next(kit: &Kit<'_>, id: CampaignId, item: u64) -> Option<Next> {
    let records = kit.records(id, item).await;
    records.iter().rev().find_map(|one| match one {
        ActRecord::Decision(decision) => Some(decision.next),
        _ => None,
    })?
}

#[tokio::test]
async fn the_second_stage_goes_to_its_own_reviewer_who_is_told() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(stages([Approver::Manager, Approver::ApplicationOwner]))
            .await;
        let olga = me(&kit.olga);
        kit.submit(id, kit.bo, "keep").await;
        let chosen = Next {
            reviewer: olga,
            why: Why::ApplicationOwner,
        };
        let which = reviews::Which {
            reviewer: Some(olga),
            ..reviews::Which::default()
        };
        let listed = reviews::items(app.service(), &kit.admin, id, which, 0, 9).await;
        let listed = listed.expect("the items").rows;
        assert_eq!(listed.len(), 4);
        assert!(listed.iter().all(|row| row.why == Why::ApplicationOwner));
        for item in kit.items(id).await {
            assert_eq!((item.open, item.stage, item.reviewer), (true, 1, olga));
            assert_eq!(next(&kit, id, item.facts.number).await, Some(chosen));
        }
        assert_eq!(kit.told(olga, NoticeKind::ReviewWaiting).await, 1);
        kit.submit(id, olga, "keep").await;
        for item in kit.items(id).await {
            assert!(!item.open);
            assert_eq!(next(&kit, id, item.facts.number).await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn what_one_stage_revokes_for_good_goes_to_nobody() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(|content| {
                stages([Approver::Manager, Approver::ApplicationOwner])(content);
                content.rule = StageRule::RevokeIsEnough;
            })
            .await;
        kit.submit(id, kit.bo, "revoke").await;
        for item in kit.items(id).await {
            assert_eq!((item.open, item.stage), (false, 0));
            assert_eq!(next(&kit, id, item.facts.number).await, None);
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_twice_while_there_is_somebody_else() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let all = [Approver::Manager, Approver::Manager, Approver::Manager];
        let id = kit.launched(stages(all)).await;
        let owner = me(&kit.admin);
        kit.submit(id, kit.bo, "keep").await;
        for item in kit.items(id).await {
            let chosen = next(&kit, id, item.facts.number).await;
            let expected = Next {
                reviewer: owner,
                why: Why::ReviewOwner,
            };
            assert_eq!(chosen, Some(expected));
        }
        // Then there is nobody who did not: the rule alone says who.
        kit.submit(id, owner, "keep").await;
        for item in kit.items(id).await {
            assert_eq!((item.open, item.stage, item.reviewer), (true, 2, kit.bo));
            let chosen = next(&kit, id, item.facts.number).await;
            assert_eq!(chosen.map(|one| one.why), Some(Why::Manager));
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_on_themselves_or_on_what_they_gave_in_a_later_stage() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let owner = me(&kit.admin);
        let named = Approver::People {
            people: vec![owner, kit.ana],
        };
        let id = kit
            .launched(|content| {
                stages([Approver::Manager, named])(content);
                content.not_grantor = true;
            })
            .await;
        kit.submit(id, kit.bo, "keep").await;
        for item in kit.items(id).await {
            let facts = &item.facts;
            assert_ne!(Some(item.reviewer), facts.holder.identity());
            assert_ne!(Some(item.reviewer), facts.granted_by);
            // What the administrator gave Ana herself is left to whoever decided before.
            if facts.granted_by == Some(owner) && facts.holder == kit.ana.into() {
                assert_eq!(item.reviewer, kit.bo);
                let chosen = next(&kit, id, facts.number).await;
                assert_eq!(chosen.map(|one| one.why), Some(Why::Earlier));
            }
        }
    })
    .await;
}

/// By holder and thing: who decides, and why they.
type By = BTreeMap<(i64, i64), (IdentityId, Why)>;

#[tokio::test]
async fn a_later_stage_finds_the_same_people_as_a_first_one() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let zoe = kit.person("Zoe", "").await;
        let rules = [
            Approver::Manager,
            Approver::ManagersManager,
            Approver::Owner,
            Approver::ApplicationOwner,
            Approver::Administrators,
            Approver::People {
                people: vec![kit.ana, kit.ben],
            },
        ];
        for rule in rules {
            let launch = stages([rule.clone()]);
            let id = kit
                .launched(|content| {
                    launch(content);
                    content.name = format!("First {rule:?}");
                })
                .await;
            let first: By = kit
                .items(id)
                .await
                .into_iter()
                .map(|item| item.facts)
                .map(|facts| {
                    let place = (facts.holder.raw, facts.what.raw);
                    (place, (facts.reviewer, facts.why))
                })
                .collect();
            let named = Approver::People { people: vec![zoe] };
            let launch = stages([named, rule.clone()]);
            let id = kit
                .launched(|content| {
                    launch(content);
                    content.name = format!("Later {rule:?}");
                })
                .await;
            kit.submit(id, zoe, "keep").await;
            let mut later = By::new();
            for item in kit.items(id).await {
                let facts = item.facts;
                let chosen = next(&kit, id, facts.number).await.expect("somebody");
                let place = (facts.holder.raw, facts.what.raw);
                later.insert(place, (chosen.reviewer, chosen.why));
            }
            assert_eq!(first, later, "{rule:?}");
        }
    })
    .await;
}

#[tokio::test]
async fn doubt_in_a_later_stage_stays_in_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit
            .launched(stages([Approver::Manager, Approver::ApplicationOwner]))
            .await;
        let olga = me(&kit.olga);
        kit.submit(id, kit.bo, "keep").await;
        let item = kit.item(id, kit.cy, kit.pay).await;
        let draft = reviews::Draft {
            choice: "not_sure".to_owned(),
            to: "ben".to_owned(),
            ..reviews::Draft::default()
        };
        kit.decided(id, olga, item, &draft).await;
        let items = kit.items(id).await;
        let found = items.iter().find(|one| one.facts.number == item);
        let found = found.expect("the item");
        assert_eq!(
            (found.open, found.stage, found.reviewer),
            (true, 1, kit.ben)
        );
        assert_eq!(kit.told(kit.ben, NoticeKind::ReviewWaiting).await, 1);
    })
    .await;
}
