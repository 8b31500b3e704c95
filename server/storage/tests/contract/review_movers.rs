//! Who moved and is to be reviewed: by each review of those who move, once for each move; and since when a review says so.

use domain::context::Clock as _;
use domain::id::{IdentityId, ReviewId};
use domain::time::{Instant, MINUTE};
use testkit::{TestStore, a_person, both_engines};

use crate::reviews::{a_campaign, a_review};
use crate::support::{commit, person};

const ONE: ReviewId = ReviewId::from_raw(1);
const OTHER: ReviewId = ReviewId::from_raw(2);

async fn moves(db: &TestStore, id: IdentityId, department: &str) {
    db.clock().advance(MINUTE);
    let mut tx = db.write().await;
    let before = tx.identity(id).await.expect("reads").expect("a person");
    let content = a_person("Ana").department(department).title("").build();
    let target = tx
        .replace_identity(id, before.recorded_from, &content)
        .await;
    commit(tx, [target.expect("it is there")]).await;
    db.clock().advance(MINUTE);
}

/// Whom each of two reviews is to review.
async fn left(db: &TestStore, after: Instant) -> [Vec<IdentityId>; 2] {
    let now = db.clock().now();
    let mut read = db.read().await;
    let one = read.movers_to_review(ONE, after, now, 9).await;
    let other = read.movers_to_review(OTHER, after, now, 9).await;
    [one, other].map(|found| found.expect("it is there"))
}

async fn begins(db: &TestStore, who: IdentityId, review: Option<ReviewId>) {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_campaign(&a_campaign(None)).await.expect("it is");
    let put = tx.put_campaign_of_person(who, id, review).await;
    put.expect("it is written");
    commit(tx, [target]).await;
}

async fn is_outside(db: &TestStore, people: &[IdentityId], review: ReviewId) {
    let mut tx = db.write().await;
    let put = tx.put_not_movers(review, people).await;
    put.expect("it is written");
    tx.commit_unaudited("seen in a test").await.expect("it is");
}

#[tokio::test]
async fn each_review_deals_with_a_move_itself() {
    both_engines(async |db| {
        let begun = db.clock().now();
        let sales = a_person("Ana").department("Sales").title("").build();
        let ana = person(db, sales).await;
        is_outside(db, &[], ONE).await;
        moves(db, ana, "Finance").await;
        assert_eq!(left(db, begun).await, [vec![ana], vec![ana]]);
        begins(db, ana, Some(ONE)).await;
        assert_eq!(left(db, begun).await, [vec![], vec![ana]]);
        is_outside(db, &[ana], OTHER).await;
        assert_eq!(left(db, begun).await, [vec![], vec![]]);
        // The campaign of the first is still under way.
        moves(db, ana, "Legal").await;
        assert_eq!(left(db, begun).await, [vec![], vec![ana]]);
        is_outside(db, &[ana], OTHER).await;
        assert_eq!(left(db, begun).await, [vec![], vec![]]);
    })
    .await;
}

#[tokio::test]
async fn what_somebody_asked_for_is_enough_for_every_review() {
    both_engines(async |db| {
        let begun = db.clock().now();
        let sales = a_person("Ana").department("Sales").title("").build();
        let ana = person(db, sales).await;
        moves(db, ana, "Finance").await;
        begins(db, ana, None).await;
        assert_eq!(left(db, begun).await, [vec![], vec![]]);
    })
    .await;
}

#[tokio::test]
async fn a_review_is_read_with_its_versions_from_a_moment_on() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let (id, target) = tx.insert_review(&a_review("One")).await.expect("a review");
        let (_, another) = tx.insert_review(&a_review("Another")).await.expect("it");
        commit(tx, [target, another]).await;
        let mut moments = Vec::new();
        for name in ["Two", "Three"] {
            db.clock().advance(MINUTE);
            let mut tx = db.write().await;
            let before = tx.review(id).await.expect("reads").expect("a review");
            let target = tx
                .replace_review(id, before.recorded_from, &a_review(name))
                .await
                .expect("it is there");
            moments.push(tx.recorded());
            commit(tx, [target]).await;
        }
        let mut read = db.read().await;
        for (from, expected) in [
            (moments[0].plus(-1), &["Three", "Two", "One"][..]),
            (moments[0], &["Three", "Two"]),
            (moments[1].plus(MINUTE), &["Three"]),
        ] {
            let found = read.review_versions(id, from).await.expect("versions");
            let names: Vec<&str> = found.iter().map(|one| one.content.name.as_str()).collect();
            assert_eq!(names, expected);
        }
        let nothing = read
            .review_versions(ReviewId::from_raw(9), moments[0])
            .await;
        assert!(nothing.expect("it answers").is_empty());
    })
    .await;
}
