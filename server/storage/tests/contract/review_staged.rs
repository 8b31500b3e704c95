//! Drafts of decisions, and where items are after an act.

use domain::id::{CampaignId, IdentityId, ObjectKind};
use domain::review::{CampaignContent, CampaignState, Choice, Staged, Standing};
use domain::time::MINUTE;
use storage::reviews::{Chunk, Pile};
use testkit::{TestStore, both_engines};

use crate::reviews::{a_campaign, campaign, facts, item};
use crate::support::commit;

const ANA: IdentityId = IdentityId::from_raw(1);
const BO: IdentityId = IdentityId::from_raw(2);

async fn four_items(db: &TestStore) -> CampaignId {
    let id = campaign(db, &a_campaign(None)).await;
    let items =
        [(1, 7), (2, 7), (3, 8), (4, 7)].map(|(number, what)| item(facts(number, ANA, what)));
    let chunk = Chunk {
        items: items.into(),
        ..Chunk::default()
    };
    let mut tx = db.write().await;
    tx.append_population(id, &chunk)
        .await
        .expect("a population");
    tx.add_piles(id, &[Pile::of(id, BO, 0, 4)])
        .await
        .expect("it is there");
    tx.commit_unaudited("the population of a test")
        .await
        .expect("it is there");
    id
}

#[tokio::test]
async fn drafts_are_kept_replaced_and_taken_back() {
    both_engines(async |db| {
        let (first, second) = (four_items(db).await, four_items(db).await);
        let keep = Staged {
            reason: "“needed” for\nthe close".to_owned(),
            together: 3,
            ..Staged::of(Choice::Keep)
        };
        let revoke = Staged::of(Choice::Revoke);
        let mut tx = db.write().await;
        let drafts = [(1, keep.clone()), (2, keep.clone()), (4, revoke.clone())];
        tx.put_drafts(first, BO, &drafts).await.unwrap();
        tx.put_drafts(first, ANA, &[(1, revoke.clone())])
            .await
            .unwrap();
        tx.put_drafts(second, BO, &[(3, keep.clone())])
            .await
            .unwrap();
        tx.put_drafts(first, BO, &[(2, revoke.clone())])
            .await
            .unwrap();
        tx.commit_unaudited("the drafts of a test").await.unwrap();
        let mut read = db.read().await;
        let expected = [(1, keep.clone()), (2, revoke.clone()), (4, revoke.clone())];
        assert_eq!(read.drafts(first, BO, 0, 9).await.unwrap(), expected);
        assert_eq!(read.drafts(first, BO, 1, 1).await.unwrap(), expected[1..2]);
        assert_eq!(
            read.drafts(second, BO, 0, 9).await.unwrap(),
            [(3, keep.clone())]
        );
        assert_eq!(
            read.drafts_on(first, BO, &[1, 3]).await.unwrap(),
            [(1, keep.clone())]
        );
        assert_eq!(
            read.draft_counts(first, BO).await.unwrap(),
            [("keep".to_owned(), 1), ("revoke".to_owned(), 2)]
        );
        // Those on items that are decided do not count.
        let moved = Standing {
            open: false,
            choice: Some(Choice::Keep),
            ..Standing::first(BO)
        };
        drop(read);
        let mut tx = db.write().await;
        tx.move_items(first, &[(4, moved)]).await.unwrap();
        tx.commit_unaudited("the acts of a test").await.unwrap();
        let mut read = db.read().await;
        for (by, object) in [
            (ObjectKind::Identity, 1),
            (ObjectKind::Application, 3),
            (ObjectKind::Entitlement, 7),
        ] {
            assert_eq!(
                read.drafts_in_groups(first, BO, by).await.unwrap(),
                [(object, 2)]
            );
        }
        drop(read);
        let mut tx = db.write().await;
        assert_eq!(tx.drop_drafts(first, BO, &[1, 3, 4]).await.unwrap(), 2);
        tx.commit_unaudited("the drafts of a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.drafts(first, BO, 0, 9).await.unwrap(), expected[1..2]);
        assert_eq!(read.drafts(first, ANA, 0, 9).await.unwrap().len(), 1);
        assert_eq!(read.drafts(second, BO, 0, 9).await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn items_are_elsewhere_after_an_act() {
    both_engines(async |db| {
        let id = four_items(db).await;
        let at = |number: u64, reviewer, stage, open, choice| {
            let standing = Standing {
                reviewer,
                stage,
                open,
                choice,
            };
            (number, standing)
        };
        let moved = [
            at(1, BO, 1, true, Some(Choice::Keep)),
            at(2, BO, 0, false, Some(Choice::Revoke)),
            at(3, ANA, 0, true, None),
        ];
        let mut tx = db.write().await;
        tx.move_items(id, &moved).await.unwrap();
        tx.commit_unaudited("the acts of a test").await.unwrap();
        let mut read = db.read().await;
        let got: Vec<(u64, Standing)> = read
            .review_items(id, &[1, 2, 3])
            .await
            .unwrap()
            .iter()
            .map(|one| (one.facts.number, one.standing()))
            .collect();
        assert_eq!(got, moved);
        let rows = read.item_standings(id, 1, 2).await.unwrap();
        let got: Vec<_> = rows
            .iter()
            .map(|row| (row.number(), row.reviewer_id, row.stage, row.open))
            .collect();
        let (ana, bo) = (ANA.raw(), BO.raw());
        assert_eq!(got, [(2, bo, 0, false), (3, ana, 0, true)]);
        assert_eq!(rows[0].choice.as_deref(), Some("revoke"));
        assert!(rows[0].content.contains("\"reviewer\""));
        assert!(read.item_standings(id, 4, 2).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn piles_wait_while_their_campaign_is_open() {
    both_engines(async |db| {
        let id = four_items(db).await;
        assert!(
            db.read()
                .await
                .open_piles_of(&[BO], 9)
                .await
                .unwrap()
                .is_empty()
        );
        let known = db.read().await.campaign(id).await.unwrap().unwrap();
        let open = CampaignContent {
            state: CampaignState::Open,
            ..known.content
        };
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let target = tx
            .replace_campaign(id, known.recorded_from, &open)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let piles = db.read().await.open_piles_of(&[ANA, BO], 9).await.unwrap();
        assert_eq!(piles, [Pile::of(id, BO, 0, 4)]);
        let mut done = Pile::of(id, BO, 0, 0);
        (done.kept, done.passed) = (3, 1);
        let mut tx = db.write().await;
        tx.add_piles(id, &[done]).await.unwrap();
        tx.commit_unaudited("the piles of a test").await.unwrap();
        assert!(
            db.read()
                .await
                .open_piles_of(&[BO], 9)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}
