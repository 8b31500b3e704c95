//! One reviewer: what they see, stage, change and submit.

use domain::id::{IdentityId, ObjectRef};
use domain::review::{CampaignContent, CampaignState, Choice, How, Remedy};
use domain::time::SECOND;
use service::reviews::{self, Asked, Draft, Grouping};
use service::{Cx, Error};
use testkit::{an_event, both_apps};

use crate::kit::{Kit, keep, me, revoke, says};

const FIRST: Asked = Asked {
    by: Grouping::Person,
    group: None,
    after: 0,
    most: 50,
};

#[tokio::test]
async fn nothing_is_decided_before_it_is_submitted() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        kit.staged(&kit.bo, id, 1, &keep()).await;
        kit.staged(&kit.bo, id, 1, &revoke()).await;
        kit.staged(&kit.bo, id, 2, &keep()).await;
        let pile = reviews::pile(kit.service(), &kit.bo, id, FIRST)
            .await
            .unwrap();
        let counted = pile.counted;
        assert_eq!(
            (
                counted.submitted,
                counted.staged,
                counted.left,
                counted.minutes()
            ),
            (0, 2, 3, 1)
        );
        assert_eq!(pile.staged, [(Choice::Keep, 1), (Choice::Revoke, 1)]);
        let groups: Vec<_> = pile
            .groups
            .iter()
            .map(|group| (group.name.as_str(), group.left, group.flagged))
            .collect();
        assert_eq!(groups, [("Ana Silva", 1, 1), ("Cy Tran", 2, 1)]);
        assert_eq!(pile.items.len(), 3);
        assert_eq!(
            (
                pile.items[0].holder.as_str(),
                pile.items[0].holder_detail.as_str()
            ),
            ("Ana Silva", "Finance")
        );
        assert!(kit.item(id, 1).await.open);
        assert_eq!(kit.spoken(id, 1).await, 0);
        assert_eq!(
            reviews::unstage(kit.service(), &kit.bo, id, &[2])
                .await
                .unwrap(),
            1
        );
        app.clock().advance(SECOND);
        let done = kit.submit(&kit.bo, id).await.unwrap();
        assert_eq!(
            done.counts.into_iter().collect::<Vec<_>>(),
            [(Choice::Revoke, 1)]
        );
        let item = kit.item(id, 1).await;
        assert_eq!((item.open, item.choice), (false, Some(Choice::Revoke)));
        assert!(kit.item(id, 2).await.open);
        let receipt = reviews::receipt(kit.service(), &kit.bo, id, done.seq.unwrap())
            .await
            .unwrap();
        assert_eq!(receipt.records, 1);
        let strange = reviews::receipt(kit.service(), &kit.bo, id, 1).await;
        assert!(matches!(strange, Err(Error::NotFound)));
        let waits = reviews::open_piles(kit.service(), &kit.bo).await.unwrap();
        assert_eq!(
            waits
                .iter()
                .map(|one| (one.decided, one.all))
                .collect::<Vec<_>>(),
            [(1, 5)]
        );
    })
    .await;
}

#[tokio::test]
async fn a_flagged_item_is_kept_with_a_reason_and_never_swept_up() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        let went = kit.stage(&kit.bo, id, &[3], &keep()).await.unwrap();
        assert!(went[0].staged.as_ref().unwrap_err().contains("reason"));
        kit.staged(&kit.bo, id, 1, &revoke()).await;
        let ana = me(&kit.ana).raw();
        let kept = reviews::keep_unflagged(kit.service(), &kit.bo, id, Grouping::Person, ana)
            .await
            .unwrap();
        assert_eq!(
            (kept.kept.as_slice(), kept.flagged, kept.staged_before),
            (&[2][..], 1, 1)
        );
        app.clock().advance(SECOND);
        let pile = reviews::pile(kit.service(), &kit.bo, id, FIRST)
            .await
            .unwrap();
        assert_eq!(pile.staged, [(Choice::Keep, 1), (Choice::Revoke, 1)]);
        let reasoned = Draft {
            reason: "Needed for the audit".to_owned(),
            ..keep()
        };
        kit.staged(&kit.bo, id, 3, &reasoned).await;
        // Those that look different are decided one by one; those that look the same keep a note of it.
        let mixed = kit.stage(&kit.bo, id, &[4, 5], &revoke()).await;
        assert!(matches!(mixed, Err(Error::Refused(_))));
        let both = kit.stage(&kit.bo, id, &[3, 5], &revoke()).await.unwrap();
        assert!(
            both.iter()
                .all(|one| one.staged.as_ref().unwrap().together == 2)
        );
        let flat = reviews::keep_unflagged(kit.service(), &kit.bo, id, Grouping::Flat, 0).await;
        assert!(matches!(flat, Err(Error::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_submits_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        kit.staged(&kit.bo, id, 1, &keep()).await;
        let once = Cx {
            once: Some("the form".to_owned()),
            ..kit.bo.clone()
        };
        let unsaid = reviews::submit(kit.service(), &once, id, false).await;
        assert!(matches!(unsaid, Err(Error::Invalid(_))));
        let done = kit.submit(&once, id).await.unwrap();
        let Err(Error::AlreadyDone(seq)) = kit.submit(&once, id).await else {
            panic!("it was submitted again");
        };
        assert_eq!(seq, done.seq.unwrap().to_string());
        assert_eq!(kit.spoken(id, 1).await, 1);
        let empty = kit.submit(&kit.bo, id).await;
        assert!(matches!(empty, Err(Error::Refused(_))));
    })
    .await;
}

#[tokio::test]
async fn only_an_open_campaign_is_decided_and_only_by_its_reviewers() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let id = kit.campaign(kit.five()).await;
        let strange = kit.stage(&kit.cy, id, &[1], &keep()).await;
        assert!(matches!(strange, Err(Error::NotFound)));
        let watching = kit.stage(&kit.admin, id, &[1], &keep()).await;
        assert!(matches!(watching, Err(Error::Denied { .. })));
        kit.staged(&kit.bo, id, 1, &keep()).await;
        let mut tx = app.db().write().await;
        let known = tx.campaign(id).await.unwrap().unwrap();
        let closed = CampaignContent {
            state: CampaignState::Closed,
            ..known.content
        };
        let target = tx
            .replace_campaign(id, known.recorded_from, &closed)
            .await
            .unwrap();
        let event = an_event(domain::audit::AuditAction::CampaignClosed, [target]);
        tx.commit(event, Vec::new()).await.unwrap();
        app.clock().advance(SECOND);
        for refused in [
            kit.stage(&kit.bo, id, &[2], &keep()).await.map(drop),
            kit.submit(&kit.bo, id).await.map(drop),
        ] {
            let Err(Error::Refused(sentence)) = refused else {
                panic!("{refused:?}");
            };
            assert!(sentence.contains("closed"));
        }
        assert_eq!(kit.spoken(id, 1).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_change_and_a_way_to_end_are_checked_when_they_are_staged() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let mut items = kit.five();
        items[1].how = How::Rule;
        let id = kit.campaign(items).await;
        let sentence = async |number, draft: Draft| {
            let went = kit.stage(&kit.bo, id, &[number], &draft).await.unwrap();
            went[0].staged.clone()
        };
        assert!(sentence(1, says("change")).await.is_err());
        let until = |day: &str| Draft {
            until: day.to_owned(),
            ..says("change")
        };
        assert!(sentence(1, until("2001-01-01")).await.is_err());
        assert!(
            sentence(1, until("2035-12-31"))
                .await
                .unwrap()
                .until
                .is_some()
        );
        let typed = kit.stage(&kit.bo, id, &[1], &until("tomorrow")).await;
        assert!(matches!(typed, Err(Error::Invalid(_))));
        // What a rule gives is not ended; without a word the person is excluded from it.
        let by_rule = sentence(2, revoke()).await.unwrap();
        assert_eq!(by_rule.remedy, Some(Remedy::Exclude));
        let end = Draft {
            remedy: "end".to_owned(),
            ..revoke()
        };
        assert!(sentence(2, end.clone()).await.is_err());
        assert!(sentence(1, end).await.is_ok());
        assert!(kit.stage(&kit.bo, id, &[1], &says("")).await.is_err());
    })
    .await;
}

#[tokio::test]
async fn many_are_submitted_at_once() {
    both_apps(async |app| {
        let kit = Kit::new(app).await;
        let what: ObjectRef = kit.what.into();
        let holder = |number: u64| IdentityId::from_raw(1_000 + i64::try_from(number).unwrap());
        let items = (1..=2_000)
            .map(|number| testkit::an_item(number, holder(number), what, me(&kit.bo)))
            .collect();
        let id = kit.campaign(items).await;
        let numbers: Vec<u64> = (1..=2_000).collect();
        kit.stage(&kit.bo, id, &numbers, &revoke()).await.unwrap();
        let began = std::time::Instant::now();
        let done = kit.submit(&kit.bo, id).await.unwrap();
        println!("2000 decisions: {:?}", began.elapsed());
        assert_eq!(
            done.counts.into_iter().collect::<Vec<_>>(),
            [(Choice::Revoke, 2_000)]
        );
        let pile = app.db().read().await.piles(id, (0, 0), 9).await.unwrap();
        assert_eq!(
            (pile[0].revoked, pile[0].together, pile[0].open()),
            (2_000, 2_000, 0)
        );
    })
    .await;
}
