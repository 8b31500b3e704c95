//! Several people at one campaign: who stands in, who is asked next, and who came second.

use domain::review::{Choice, StageRule, derive};
use domain::time::SECOND;
use service::reviews::{self, Asked, Draft, Grouping};
use storage::reviews::ActRecord;
use testkit::both_apps;

use crate::kit::{Kit, keep, me, open_in, revoke, says};

const ALL: Asked = Asked {
    by: Grouping::Flat,
    group: None,
    after: 0,
    most: 50,
};

#[tokio::test]
async fn of_two_who_decide_one_counts_and_the_other_hears_it() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        let dee = kit.another("Dee Ray").await;
        kit.stands_in_for_bo("dee.ray").await;
        kit.staged(&kit.bo, id, 1, &keep()).await;
        kit.staged(&kit.bo, id, 2, &keep()).await;
        kit.staged(&dee, id, 1, &revoke()).await;
        let first = kit.submit(&dee, id).await.unwrap();
        assert!(first.left.is_empty());
        let second = kit.submit(&kit.bo, id).await.unwrap();
        assert_eq!(
            second.counts.into_iter().collect::<Vec<_>>(),
            [(Choice::Keep, 1)]
        );
        assert_eq!(
            (
                second.left.len(),
                second.left[0].number,
                second.left[0].stays
            ),
            (1, 1, false)
        );
        assert_eq!(kit.item(id, 1).await.choice, Some(Choice::Revoke));
        assert_eq!(kit.spoken(id, 1).await, 1);
        let written = app
            .db()
            .read()
            .await
            .review_records(id, &[1])
            .await
            .unwrap();
        let ActRecord::Decision(decision) = &written[0].record else {
            panic!("no decision");
        };
        assert_eq!(
            (decision.by, decision.on_behalf_of),
            (Some(me(&dee)), Some(me(&kit.bo)))
        );
        // Nothing is left of what did not count, and it is said before it is staged again.
        let pile = reviews::pile(kit.service(), &kit.bo, id, ALL)
            .await
            .unwrap();
        assert_eq!((pile.counted.staged, pile.counted.left), (0, 3));
        assert_eq!(pile.items[0].spoken[0].by.as_deref(), Some("Dee Ray"));
        assert!(pile.items[0].hindrance.is_some());
        let late = kit.stage(&kit.bo, id, &[1], &keep()).await.unwrap();
        assert!(late[0].staged.is_err());
    })
    .await;
}

#[tokio::test]
async fn nobody_decides_on_themselves_also_not_for_somebody_else() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        kit.stands_in_for_bo("ana.silva").await;
        let went = kit.stage(&kit.ana, id, &[1], &keep()).await.unwrap();
        assert!(went[0].staged.as_ref().unwrap_err().contains("yourself"));
        kit.staged(&kit.ana, id, 4, &keep()).await;
        let pile = reviews::pile(kit.service(), &kit.ana, id, ALL)
            .await
            .unwrap();
        let seen: Vec<u64> = pile.items.iter().map(|one| one.item.facts.number).collect();
        assert_eq!(seen, [4, 5]);
        assert_eq!(pile.items[0].on_behalf_of.as_deref(), Some("Bo Lind"));
        // What is about herself is not shown; it is said how much there is, and who decides.
        let own = [("Bo Lind".to_owned(), 3)];
        assert_eq!((pile.own.as_slice(), pile.about_me), (&own[..], true));
        let of_bo = reviews::pile(kit.service(), &kit.bo, id, ALL)
            .await
            .unwrap();
        assert_eq!((of_bo.own.len(), of_bo.about_me), (0, false));
        let people = Asked {
            by: Grouping::Person,
            ..ALL
        };
        let pile = reviews::pile(kit.service(), &kit.ana, id, people)
            .await
            .unwrap();
        assert_eq!(pile.groups.len(), 1);
        let own = me(&kit.ana).raw();
        let kept = reviews::keep_unflagged(kit.service(), &kit.ana, id, Grouping::Person, own)
            .await
            .unwrap();
        assert_eq!((kept.kept.len(), kept.flagged), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn doubt_goes_to_somebody_and_keeps_nothing() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        let dee = kit.another("Dee Ray").await;
        let unsure = |to: &str| Draft {
            to: to.to_owned(),
            ..says("not_sure")
        };
        for wrong in ["", "ana.silva", "bo.lind"] {
            let went = kit.stage(&kit.bo, id, &[1], &unsure(wrong)).await.unwrap();
            assert!(went[0].staged.is_err(), "{wrong}");
        }
        assert!(
            kit.stage(&kit.bo, id, &[1], &unsure("nobody"))
                .await
                .is_err()
        );
        kit.staged(&kit.bo, id, 1, &unsure("dee.ray")).await;
        kit.submit(&kit.bo, id).await.unwrap();
        let item = kit.item(id, 1).await;
        assert_eq!(
            (item.open, item.choice, item.reviewer),
            (true, None, me(&dee))
        );
        let piles = app.db().read().await.piles(id, (0, 0), 9).await.unwrap();
        let mut piles: Vec<_> = piles
            .iter()
            .map(|one| (one.reviewer(), one.items, one.passed, one.open()))
            .collect();
        piles.sort_unstable();
        let mut expected = [(me(&kit.bo), 5, 1, 4), (me(&dee), 1, 0, 1)];
        expected.sort_unstable();
        assert_eq!(piles, expected);
        kit.staged(&dee, id, 1, &keep()).await;
        kit.submit(&dee, id).await.unwrap();
        assert_eq!(kit.item(id, 1).await.choice, Some(Choice::Keep));
    })
    .await;
}

#[tokio::test]
async fn who_was_named_and_left_leaves_the_draft_where_it_was() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        let dee = kit.another("Dee Ray").await;
        let unsure = Draft {
            to: "dee.ray".to_owned(),
            ..says("not_sure")
        };
        kit.staged(&kit.bo, id, 1, &unsure).await;
        let mut tx = app.db().write().await;
        let known = tx.identity(me(&dee)).await.unwrap().unwrap();
        let mut gone = known.content.clone();
        gone.status = domain::identity::IdentityStatus::Suspended;
        let target = tx
            .replace_identity(known.id, known.recorded_from, &gone)
            .await
            .unwrap();
        let event = testkit::an_event(domain::audit::AuditAction::IdentityEdited, [target]);
        tx.commit(event, Vec::new()).await.unwrap();
        app.clock().advance(SECOND);
        let done = kit.submit(&kit.bo, id).await.unwrap();
        assert_eq!(
            (done.seq, done.left.len(), done.left[0].stays),
            (None, 1, true)
        );
        let pile = reviews::pile(kit.service(), &kit.bo, id, ALL)
            .await
            .unwrap();
        assert_eq!(pile.counted.staged, 1);
        assert!(kit.item(id, 1).await.open);
    })
    .await;
}

#[tokio::test]
async fn a_second_stage_hears_the_first() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign_of(2, kit.five()).await;
        kit.staged(&kit.bo, id, 1, &keep()).await;
        kit.submit(&kit.bo, id).await.unwrap();
        let item = kit.item(id, 1).await;
        assert_eq!(
            (item.open, item.stage, item.choice, item.reviewer),
            (true, 1, Some(Choice::Keep), me(&kit.admin))
        );
        let pile = reviews::pile(kit.service(), &kit.admin, id, ALL)
            .await
            .unwrap();
        assert_eq!(pile.items[0].spoken[0].decision.choice, Choice::Keep);
        kit.staged(&kit.admin, id, 1, &revoke()).await;
        kit.submit(&kit.admin, id).await.unwrap();
        let item = kit.item(id, 1).await;
        assert_eq!((item.open, item.choice), (false, Some(Choice::Revoke)));
        let written = app
            .db()
            .read()
            .await
            .review_records(id, &[1])
            .await
            .unwrap();
        let decisions: Vec<_> = written
            .into_iter()
            .filter_map(|one| match one.record {
                ActRecord::Decision(decision) => Some(decision),
                _ => None,
            })
            .collect();
        assert_eq!(open_in(derive(2, StageRule::LastDecides, &decisions)), None);
    })
    .await;
}
