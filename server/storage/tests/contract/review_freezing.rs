//! What freezing reads, taking a population back, and rows against their leaves; campaigns of one person, and who moved since.

use domain::context::Clock as _;
use domain::id::{CampaignId, EntitlementId, IdentityId, ObjectKind, ReviewId};
use domain::identity::IdentityContent;
use domain::review::{CampaignContent, CampaignState, Choice, Decision, ItemKind, Staged};
use domain::time::{DAY, Instant, MINUTE};
use storage::reviews::{ActRecord, Chunk, Holder, Pile};
use testkit::{START, TestStore, a_person, an_application, an_entitlement, both_engines};

use crate::reviews::{a_campaign, campaign, facts, item, subject};
use crate::support::{application, commit, entitlement, execute, people, person};

const ANA: IdentityId = IdentityId::from_raw(1);
const BO: IdentityId = IdentityId::from_raw(2);

async fn populate(db: &TestStore, id: CampaignId) {
    let holder = |person, item| Holder {
        person,
        first: item,
        last: item,
    };
    let chunk = Chunk {
        subjects: vec![subject(ANA, "Ana"), subject(BO, "Bo")],
        items: vec![item(facts(1, ANA, 7)), item(facts(2, BO, 8))],
        holders: vec![holder(ANA, 1), holder(BO, 2)],
        ..Chunk::default()
    };
    let mut tx = db.write().await;
    tx.append_population(id, &chunk)
        .await
        .expect("a population");
    tx.add_piles(id, &[Pile::of(id, BO, 0, 2)])
        .await
        .expect("it is there");
    tx.commit_unaudited("the population of a test")
        .await
        .expect("it is there");
}

async fn populated(db: &TestStore) -> CampaignId {
    let id = campaign(db, &a_campaign(None)).await;
    populate(db, id).await;
    id
}

/// Takes a population back, so many rows at a time: how many there were each time.
async fn taken_back(db: &TestStore, id: CampaignId, most: i64) -> Vec<u64> {
    let mut cleared = Vec::new();
    loop {
        let mut tx = db.write().await;
        let now = tx.clear_population(id, most).await.expect("it is there");
        tx.commit_unaudited("taken back")
            .await
            .expect("it is there");
        if now == 0 {
            return cleared;
        }
        cleared.push(now);
    }
}

#[tokio::test]
async fn a_population_that_was_not_completed_is_taken_back_in_parts() {
    both_engines(async |db| {
        let id = populated(db).await;
        let other = populated(db).await;
        for (most, expected) in [(1, vec![1; 9]), (4, vec![4, 4, 1])] {
            let left = taken_back(db, id, most).await;
            // Two items, people and holders each; a pile, leaves and the tree.
            assert_eq!(left, expected);
            let mut read = db.read().await;
            assert_eq!(read.population_written(id).await.unwrap(), (0, 0, 0));
            let known = read
                .review_subjects(id, ObjectKind::Identity, &[1, 2])
                .await
                .unwrap();
            assert!(known.is_empty());
            assert_eq!(read.holder_in(ANA, 9).await.unwrap()[0].0, other);
            drop(read);
            populate(db, id).await;
        }
        taken_back(db, id, 5_000).await;
        let mut read = db.read().await;
        assert_eq!(read.population_written(id).await.unwrap(), (0, 0, 0));
        assert_eq!(read.population_written(other).await.unwrap(), (4, 2, 0));
        assert!(read.piles(id, (0, 0), 9).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn the_last_decision_of_the_last_stage_counts() {
    both_engines(async |db| {
        let id = populated(db).await;
        for (stage, choice) in [(0, Choice::Keep), (1, Choice::Revoke)] {
            let decision = Decision::submitted(1, stage, Staged::of(choice), (Some(BO), None), START.plus(i64::from(stage) * DAY));
            let mut tx = db.write().await;
            tx.append_act(id, "review.submitted", &[ActRecord::Decision(decision)]).await.unwrap();
            commit(tx, []).await;
        }
        assert!(db.read().await.last_decisions(&[1]).await.unwrap().is_empty());
        execute(db, "INSERT INTO review_last (holder_id, item, what_id, item_id, choice) SELECT holder_id, 'access', what_id, id, 'revoke' FROM review_item WHERE holder_id = 1").await;
        let last = db.read().await.last_decisions(&[1, 2]).await.unwrap();
        assert_eq!(last.len(), 1);
        assert_eq!((last[0].holder, last[0].item, last[0].what, last[0].choice), (1, ItemKind::Access, 7, Choice::Revoke));
        assert_eq!((last[0].decision.stage, last[0].decision.choice), (1, Choice::Revoke));
    })
    .await;
}

#[tokio::test]
async fn whether_use_is_told_is_judged_by_rows() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana").build()).await;
        let app = application(db, an_application("sap").build()).await;
        let told = entitlement(db, an_entitlement(app, "told").build()).await;
        let silent = entitlement(db, an_entitlement(app, "silent").build()).await;
        for (what, used) in [(told, "20000"), (silent, "NULL")] {
            let text = format!(
                "INSERT INTO observed_access (first_seen, identity_id, entitlement_id, account_id, source_id, last_used) \
                 SELECT recorded_from, {}, {}, 1, 1, {used} FROM identity LIMIT 1",
                ana.raw(),
                what.raw()
            );
            execute(db, Box::leak(text.into_boxed_str())).await;
        }
        let nobody = EntitlementId::from_raw(99);
        let found = db.read().await.entitlements_in_use(&[told, silent, nobody]).await.unwrap();
        assert_eq!(found.into_iter().collect::<Vec<_>>(), [told]);
    })
    .await;
}

async fn becomes(db: &TestStore, id: IdentityId, content: &IdentityContent) -> Instant {
    db.clock().advance(MINUTE);
    let mut tx = db.write().await;
    let before = tx
        .identity(id)
        .await
        .expect("reads")
        .expect("a person")
        .recorded_from;
    let target = tx
        .replace_identity(id, before, content)
        .await
        .expect("it is there");
    let now = tx.recorded();
    commit(tx, [target]).await;
    now
}

async fn movers(db: &TestStore, after: Instant) -> (Vec<IdentityId>, Vec<IdentityId>) {
    let now = db.clock().now();
    let mut read = db.read().await;
    let all = read.movers(after, now).await.expect("it is there");
    let left = read
        .movers_to_review(ReviewId::from_raw(1), after, now, 9)
        .await
        .expect("it is there");
    (all.into_iter().map(|one| one.0).collect(), left)
}

#[tokio::test]
async fn movers_are_those_whose_place_changed_and_each_move_is_reviewed_once() {
    both_engines(async |db| {
        let begun = db.clock().now();
        let plain = |name: &str| a_person(name).department("").title("").build();
        let [ana, ben, cy] = <[IdentityId; 3]>::try_from(
            people(db, &[plain("Ana"), plain("Ben"), plain("Cy")]).await,
        )
        .unwrap();
        let sales = |name: &str| a_person(name).department("Sales").title("").build();
        // What was not known before is filled in, and another name is no other place.
        becomes(db, ana, &sales("Ana")).await;
        becomes(db, cy, &plain("Cyrus")).await;
        assert_eq!(movers(db, begun).await, (vec![], vec![]));
        let finance = a_person("Ana").department("Finance").title("").build();
        let moved = becomes(db, ana, &finance).await;
        becomes(
            db,
            ben,
            &a_person("Ben")
                .department("")
                .title("")
                .manager(ana)
                .build(),
        )
        .await;
        becomes(
            db,
            ben,
            &a_person("Ben").department("").title("").manager(cy).build(),
        )
        .await;
        assert_eq!(movers(db, begun).await, (vec![ana, ben], vec![ana, ben]));
        assert_eq!(movers(db, moved).await.0, [ben]);
        // One that began since then is enough, and while one is under way none begins.
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        let (id, target) = tx.insert_campaign(&a_campaign(None)).await.unwrap();
        tx.put_campaign_of_person(ana, id, None).await.unwrap();
        commit(tx, [target]).await;
        assert_eq!(movers(db, begun).await, (vec![ana, ben], vec![ben]));
        becomes(db, ana, &sales("Ana")).await;
        assert_eq!(movers(db, begun).await.1, [ben]);
        let mut read = db.read().await;
        let known = read.campaigns_of_person(ana, 9).await.unwrap();
        assert_eq!(known.len(), 1);
        assert!(read.campaigns_of_person(ben, 9).await.unwrap().is_empty());
        drop(read);
        let closed = CampaignContent {
            state: CampaignState::Closed,
            ..known[0].content.clone()
        };
        let mut tx = db.write().await;
        let target = tx
            .replace_campaign(id, known[0].recorded_from, &closed)
            .await
            .unwrap();
        commit(tx, [target]).await;
        assert_eq!(movers(db, begun).await.1, [ana, ben]);
    })
    .await;
}

/// Makes campaigns that are there campaigns about one person only, begun when they were recorded.
pub(crate) async fn about_one_person(db: &TestStore, ids: &[CampaignId]) {
    for id in ids {
        let text = format!(
            "INSERT INTO campaign_of_person (person_id, campaign_id, begun) SELECT 1, id, recorded_from FROM campaign \
             WHERE id = {} AND recorded_to IS NULL",
            id.raw()
        );
        execute(db, Box::leak(text.into_boxed_str())).await;
    }
}

#[tokio::test]
async fn campaigns_about_one_person_do_not_take_the_place_of_others() {
    both_engines(async |db| {
        let open = CampaignContent {
            state: CampaignState::Open,
            ..a_campaign(None)
        };
        let first = campaign(db, &open).await;
        let mut persons = Vec::new();
        for _ in 0..3 {
            persons.push(campaign(db, &open).await);
        }
        db.clock().advance(DAY);
        let called_off = CampaignContent {
            state: CampaignState::Cancelled,
            ..a_campaign(None)
        };
        persons.push(campaign(db, &called_off).await);
        persons.push(campaign(db, &a_campaign(None)).await);
        about_one_person(db, &persons).await;
        let mut read = db.read().await;
        let mut listed = async |state, before, of_person, most| {
            let all = read.campaigns(state, before, of_person, most).await;
            all.unwrap()
                .into_iter()
                .map(|one| one.id)
                .collect::<Vec<_>>()
        };
        let is_open = Some(CampaignState::Open);
        assert_eq!(listed(None, None, Some(false), 2).await, [first]);
        assert_eq!(listed(is_open, None, Some(false), 2).await, [first]);
        assert_eq!(listed(None, Some(first), Some(false), 2).await, []);
        assert_eq!(listed(None, None, None, 2).await, [persons[4], persons[3]]);
        assert_eq!(
            listed(is_open, None, Some(true), 2).await,
            [persons[2], persons[1]]
        );
        assert_eq!(
            listed(None, Some(persons[1]), Some(true), 2).await,
            [persons[0]]
        );
        // The one that was called off does not count.
        let mut read = db.read().await;
        assert_eq!(
            read.count_campaigns_of_persons(START).await.unwrap(),
            (4, 3)
        );
        let later = read.count_campaigns_of_persons(START.plus(DAY)).await;
        assert_eq!(later.unwrap(), (1, 0));
    })
    .await;
}
