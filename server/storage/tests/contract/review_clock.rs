//! What time does to reviews once, and whom it finds.

use domain::id::{CampaignId, IdentityId, ReviewId};
use domain::identity::IdentityStatus;
use domain::lifecycle::Lifecycle;
use domain::review::{CampaignContent, CampaignState, Choice, ReviewContent, Timed};
use domain::time::Instant;
use storage::reviews::{Chunk, ItemFilter, Pile, TimedState};
use testkit::{TestStore, a_person, both_engines};

use crate::reviews::{a_campaign, a_review, campaign, decided, facts, item, take};
use crate::support::{commit, people};

async fn piles(
    db: &TestStore,
    state: CampaignState,
    all: &[(IdentityId, i64, i64, i64)],
) -> CampaignId {
    let content = CampaignContent {
        state,
        ..a_campaign(None)
    };
    let id = campaign(db, &content).await;
    let all: Vec<Pile> = all
        .iter()
        .map(|(who, stage, items, kept)| {
            let mut pile = Pile::of(id, *who, *stage, *items);
            pile.kept = *kept;
            pile
        })
        .collect();
    let mut tx = db.write().await;
    tx.add_piles(id, &all).await.expect("piles");
    tx.commit_unaudited("the piles of a test")
        .await
        .expect("they are kept");
    id
}

#[tokio::test]
async fn what_time_did_is_remembered_by_object_and_part() {
    both_engines(async |db| {
        let review = ReviewId::from_raw(1).into();
        let none = TimedState::default();
        let half = TimedState {
            reached: 7,
            done: false,
        };
        let done = TimedState {
            reached: 9,
            done: true,
        };
        let read = async |what, part| db.read().await.timed(review, what, part).await.unwrap();
        assert_eq!(read(Timed::Waiting, "2026-02-01").await, none);
        for state in [half, done] {
            let mut tx = db.write().await;
            tx.set_timed(review, Timed::Waiting, "2026-02-01", state)
                .await
                .unwrap();
            tx.commit_unaudited("the clock of a test").await.unwrap();
            assert_eq!(read(Timed::Waiting, "2026-02-01").await, state);
        }
        assert_eq!(read(Timed::Waiting, "2026-03-01").await, none);
        assert_eq!(read(Timed::Reminded, "2026-02-01").await, none);
    })
    .await;
}

#[tokio::test]
async fn open_piles_are_found_by_stage() {
    both_engines(async |db| {
        let who = [1, 2, 3].map(IdentityId::from_raw);
        let all = [
            (who[0], 0, 4, 1),
            (who[0], 1, 2, 0),
            (who[1], 0, 3, 3),
            (who[2], 0, 5, 0),
        ];
        let id = piles(db, CampaignState::Open, &all).await;
        let found = async |stage, after, most| {
            let piles = db.read().await.open_piles_in(id, stage, after, most).await;
            let piles = piles.unwrap();
            piles
                .iter()
                .map(|one| (one.reviewer().raw(), one.open()))
                .collect::<Vec<_>>()
        };
        assert_eq!(found(0, 0, 9).await, [(1, 3), (3, 5)]);
        assert_eq!(found(0, 0, 1).await, [(1, 3)]);
        assert_eq!(found(0, 1, 9).await, [(3, 5)]);
        assert_eq!(found(1, 0, 9).await, [(1, 2)]);
        let mut read = db.read().await;
        assert_eq!(read.waiting_until(id, 0).await.unwrap(), (8, 2));
        assert_eq!(read.waiting_until(id, 2).await.unwrap(), (10, 2));
        let none = CampaignId::from_raw(99);
        assert_eq!(read.waiting_until(none, 2).await.unwrap(), (0, 0));
    })
    .await;
}

#[tokio::test]
async fn reviewers_who_are_gone_are_found_where_something_waits() {
    both_engines(async |db| {
        let states = [
            ("Ana", IdentityStatus::Active),
            ("Bo", IdentityStatus::OnLeave),
            ("Cy", IdentityStatus::Ended),
            ("Dee", IdentityStatus::Suspended),
        ];
        let contents = states.map(|(name, status)| a_person(name).status(status).build());
        let who = people(db, &contents).await;
        let each: Vec<_> = who.iter().map(|one| (*one, 0, 2, 0)).collect();
        let first = piles(db, CampaignState::Open, &each).await;
        let done: Vec<_> = who.iter().map(|one| (*one, 0, 2, 2)).collect();
        piles(db, CampaignState::Open, &done).await;
        piles(db, CampaignState::Closed, &each).await;
        let last = piles(
            db,
            CampaignState::Open,
            &[(who[3], 0, 1, 0), (who[3], 1, 1, 0)],
        )
        .await;
        let start = (CampaignId::from_raw(0), IdentityId::from_raw(0));
        let gone = async |after, most| db.read().await.reviewers_gone(after, most).await.unwrap();
        let all = [(first, who[2]), (first, who[3]), (last, who[3])];
        assert_eq!(gone(start, 9).await, all);
        assert_eq!(gone(start, 1).await, all[..1]);
        assert_eq!(gone(all[0], 9).await, all[1..]);
    })
    .await;
}

#[tokio::test]
async fn items_are_listed_by_reviewer_application_and_state() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        let bo = IdentityId::from_raw(2);
        let (ana, cy) = (IdentityId::from_raw(1), IdentityId::from_raw(3));
        let all = [(1, ana), (2, ana), (3, cy), (4, cy)];
        let items = all.map(|(number, holder)| item(facts(number, holder, 7)));
        let chunk = Chunk {
            items: items.into(),
            ..Chunk::default()
        };
        let mut tx = db.write().await;
        tx.append_population(id, &chunk).await.unwrap();
        take(&mut tx, id, &[3], decided(Choice::Revoke)).await;
        take(&mut tx, id, &[4], |at| at.passed(cy)).await;
        tx.commit_unaudited("the items of a test").await.unwrap();
        let found = async |filter: ItemFilter, after, most| {
            let found = db.read().await.listed_items(id, filter, after, most).await;
            let (items, _) = found.unwrap();
            items.iter().map(|one| one.facts.number).collect::<Vec<_>>()
        };
        let any = ItemFilter::default();
        let of_bo = ItemFilter {
            reviewer: Some(bo),
            ..any
        };
        let in_state = |state, from| ItemFilter {
            state: Some(state),
            ..from
        };
        let of = |application, from| ItemFilter {
            application: Some(application),
            ..from
        };
        assert_eq!(found(any, 0, 9).await, [1, 2, 3, 4]);
        assert_eq!(found(any, 1, 2).await, [2, 3]);
        assert_eq!(found(of_bo, 0, 9).await, [1, 2, 3]);
        assert_eq!(found(of_bo, 2, 9).await, [3]);
        assert_eq!(found(in_state("open", any), 0, 9).await, [1, 2, 4]);
        assert_eq!(found(in_state("open", of_bo), 0, 9).await, [1, 2]);
        assert_eq!(found(in_state("revoke", of_bo), 0, 9).await, [3]);
        assert!(found(in_state("keep", any), 0, 9).await.is_empty());
        assert_eq!(found(of(3, of_bo), 0, 9).await, [1, 2, 3]);
        assert_eq!(found(of(3, of_bo), 1, 1).await, [2]);
        let revoked = in_state("revoke", of(3, of_bo));
        assert_eq!(found(revoked, 0, 9).await, [3]);
        assert!(found(in_state("keep", of(3, of_bo)), 0, 9).await.is_empty());
        assert!(found(of(4, of_bo), 0, 9).await.is_empty());
        assert!(found(of(4, any), 0, 9).await.is_empty());
        let mut read = db.read().await;
        assert_eq!(read.open_items_about(id, bo, ana).await.unwrap(), 2);
        assert_eq!(read.open_items_about(id, bo, cy).await.unwrap(), 0);
        assert_eq!(read.open_items_about(id, cy, cy).await.unwrap(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_page_of_items_is_given_up_where_it_would_take_long_to_fill_it() {
    both_engines(async |db| {
        let id = campaign(db, &a_campaign(None)).await;
        let (ana, bo) = (IdentityId::from_raw(1), IdentityId::from_raw(2));
        let numbers = [1, 2, 50_000, 50_001, 170_000];
        let items = numbers.map(|number| item(facts(number, ana, 7)));
        let chunk = Chunk {
            items: items.into(),
            ..Chunk::default()
        };
        let mut tx = db.write().await;
        tx.append_population(id, &chunk).await.unwrap();
        take(&mut tx, id, &[170_000], decided(Choice::Revoke)).await;
        tx.commit_unaudited("the items of a test").await.unwrap();
        campaign(db, &a_campaign(None)).await;
        let page = async |filter, after, most| {
            let found = db.read().await.listed_items(id, filter, after, most).await;
            let (items, next) = found.unwrap();
            let numbers: Vec<u64> = items.iter().map(|one| one.facts.number).collect();
            (numbers, next)
        };
        let any = ItemFilter::default();
        assert_eq!(page(any, 0, 2).await, (vec![1, 2], Some(2)));
        assert_eq!(page(any, 0, 3).await, (vec![1, 2, 50_000], Some(50_000)));
        assert_eq!(page(any, 0, 9).await, (vec![1, 2, 50_000], Some(50_000)));
        // Where there is nothing for long, the next page begins behind it.
        assert_eq!(page(any, 50_000, 9).await, (vec![50_001], Some(169_999)));
        assert_eq!(page(any, 169_999, 9).await, (vec![170_000], None));
        let revoked = ItemFilter {
            state: Some("revoke"),
            ..any
        };
        assert_eq!(page(revoked, 0, 9).await, (vec![], Some(50_000)));
        // An index finds those of a reviewer.
        let of_bo = ItemFilter {
            reviewer: Some(bo),
            ..any
        };
        assert_eq!(page(of_bo, 0, 9).await, (numbers.into(), None));
        assert_eq!(page(of_bo, 1, 2).await, (vec![2, 50_000], Some(50_000)));
        let revoked = ItemFilter {
            state: Some("revoke"),
            ..of_bo
        };
        assert_eq!(page(revoked, 0, 9).await, (vec![170_000], None));
    })
    .await;
}

#[tokio::test]
async fn reviews_are_gone_through_in_parts() {
    both_engines(async |db| {
        let mut all = Vec::new();
        for (name, status) in [
            ("Zebra", Lifecycle::Active),
            ("Ended", Lifecycle::Ended),
            ("Ant", Lifecycle::Active),
            ("Bee", Lifecycle::Active),
        ] {
            let content = ReviewContent {
                status,
                ..a_review(name)
            };
            let mut tx = db.write().await;
            let (id, target) = tx.insert_review(&content).await.unwrap();
            commit(tx, [target]).await;
            all.push(id);
        }
        let part = async |after, most| {
            let reviews = db.read().await.reviews_after(after, most).await.unwrap();
            reviews.into_iter().map(|one| one.id).collect::<Vec<_>>()
        };
        assert_eq!(part(None, 2).await, [all[0], all[2]]);
        assert_eq!(part(Some(all[2]), 2).await, [all[3]]);
        assert_eq!(part(Some(all[3]), 2).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_was_closed_lately_is_found_whatever_its_number() {
    both_engines(async |db| {
        let closed = CampaignContent {
            state: CampaignState::Closed,
            ..a_campaign(None)
        };
        let early = campaign(db, &closed).await;
        let late = campaign(db, &closed).await;
        campaign(db, &a_campaign(None)).await;
        let mut read = db.read().await;
        let all = read
            .campaigns_closed_since(Instant::from_micros(0))
            .await
            .expect("all");
        assert_eq!(
            all.iter().map(|one| one.id).collect::<Vec<_>>(),
            [early, late]
        );
        let since = all[1].recorded_from;
        let found = read.campaigns_closed_since(since).await.expect("some");
        assert_eq!(found, all[1..]);
        let later = since.plus(1);
        assert_eq!(read.campaigns_closed_since(later).await.expect("none"), []);
        drop(read);
        // Signed off later.
        let mut tx = db.write().await;
        let target = tx
            .replace_campaign(early, all[0].recorded_from, &closed)
            .await;
        commit(tx, [target.expect("a version")]).await;
        let mut read = db.read().await;
        let found = read.campaigns_closed_since(later).await.expect("one");
        assert_eq!(found.iter().map(|one| one.id).collect::<Vec<_>>(), [early]);
    })
    .await;
}
