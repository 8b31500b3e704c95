//! What becomes of revocations: queued once, moved on, found by when they are due, by task and by application. And items as
//! the close of a campaign leaves them.

use domain::id::{ApplicationId, CampaignId, FulfilmentTaskId, IdentityId, SourceRunId};
use domain::review::{Choice, Decision, ItemKind, RemedyState, Staged};
use domain::time::{DAY, HOUR};
use storage::reviews::{ActRecord, Chunk, RemedyRow};
use testkit::{START, TestStore, both_engines};

use crate::reviews::{a_campaign, campaign, facts, item, take};
use crate::support::commit;

const ANA: IdentityId = IdentityId::from_raw(1);
const BO: IdentityId = IdentityId::from_raw(2);

/// Six items of Ana: two kept, one revoked, one changed, two open. All of application 3.
async fn decided(db: &TestStore) -> CampaignId {
    let id = campaign(db, &a_campaign(None)).await;
    let chunk = Chunk {
        items: (1..=6)
            .map(|n| item(facts(n, ANA, 10 + i64::try_from(n).expect("it is kept"))))
            .collect(),
        ..Chunk::default()
    };
    let mut tx = db.write().await;
    tx.append_population(id, &chunk).await.expect("it is kept");
    for (numbers, choice) in [
        (&[1, 2][..], Choice::Keep),
        (&[3], Choice::Revoke),
        (&[4], Choice::Change),
    ] {
        take(&mut tx, id, numbers, crate::reviews::decided(choice)).await;
    }
    tx.commit_unaudited("the decisions of a test")
        .await
        .expect("it is kept");
    id
}

async fn queue(db: &TestStore, id: CampaignId, range: (u64, u64)) -> u64 {
    let mut tx = db.write().await;
    let queued = tx
        .queue_remedies(id, range, START.plus(DAY))
        .await
        .expect("it is kept");
    tx.commit_unaudited("what a test queues")
        .await
        .expect("it is kept");
    queued
}

async fn write(db: &TestStore, some: &[RemedyRow]) {
    let mut tx = db.write().await;
    tx.write_remedies(some).await.expect("it is kept");
    tx.write_remedies(&[]).await.expect("it is kept");
    tx.commit_unaudited("what became of revocations in a test")
        .await
        .expect("it is kept");
}

#[tokio::test]
async fn what_is_revoked_is_queued_once() {
    both_engines(async |db| {
        let id = decided(db).await;
        let lose = async |range| {
            let mut read = db.read().await;
            read.people_to_lose(id, range).await.expect("it is kept")
        };
        assert_eq!(lose((0, 6)).await, [(ANA, 2)]);
        assert_eq!(lose((3, 6)).await, [(ANA, 1)]);
        assert_eq!(queue(db, id, (0, 3)).await, 1);
        assert_eq!(lose((0, 6)).await, [(ANA, 1)]);
        assert_eq!(queue(db, id, (0, 6)).await, 1);
        assert_eq!(queue(db, id, (0, 6)).await, 0);
        let mut read = db.read().await;
        let all = read
            .remedies_in(id, RemedyState::Decided, 0, 9)
            .await
            .expect("it is kept");
        let expected = |item| RemedyRow {
            campaign: id,
            item,
            state: RemedyState::Decided,
            due: START.plus(DAY),
            sent: None,
            task: None,
            verified_by: None,
            remains: false,
            problem: String::new(),
        };
        assert_eq!(all, [expected(3), expected(4)]);
        assert_eq!(
            read.remedies_in(id, RemedyState::Decided, 3, 9)
                .await
                .expect("it is kept"),
            [expected(4)]
        );
        assert_eq!(
            read.remedies_of(id, &[4, 1, 3]).await.expect("it is kept"),
            [expected(3), expected(4)]
        );
        let due = async |read: &mut storage::ReadTx, after| {
            read.campaigns_with_remedies_due(START.plus(after))
                .await
                .expect("it is kept")
        };
        assert_eq!(due(&mut read, DAY - 1).await, []);
        assert_eq!(due(&mut read, DAY).await, [id]);
    })
    .await;
}

#[tokio::test]
async fn revocations_go_on_and_are_found_by_task_and_application() {
    both_engines(async |db| {
        let id = decided(db).await;
        queue(db, id, (0, 6)).await;
        let mut read = db.read().await;
        let mut all = read.remedies_of(id, &[3, 4]).await.expect("it is kept");
        assert_eq!(
            read.applications_with_remedies().await.expect("it is kept"),
            Vec::<i64>::new()
        );
        drop(read);
        let task = FulfilmentTaskId::from_raw(5);
        all[0].state = RemedyState::Sent;
        all[0].sent = Some(START.plus(DAY));
        all[0].task = Some(task);
        all[0].remains = true;
        all[1].state = RemedyState::Failed;
        all[1].problem = "“It” cannot\nbe ended.".to_owned();
        write(db, &all).await;
        let mut read = db.read().await;
        assert_eq!(
            read.remedies_of(id, &[3, 4]).await.expect("it is kept"),
            all
        );
        assert_eq!(
            read.remedies_of_task(task).await.expect("it is kept"),
            all[..1]
        );
        assert_eq!(
            read.count_remedies(id).await.expect("it is kept"),
            [(RemedyState::Failed, 1, 0), (RemedyState::Sent, 1, 1)]
        );
        assert_eq!(
            read.applications_with_remedies().await.expect("it is kept"),
            [3]
        );
        assert_eq!(
            read.remedies_to_verify(3, 0, 9).await.expect("it is kept"),
            all[..1]
        );
        assert!(
            read.remedies_to_verify(3, all[0].row(), 9)
                .await
                .expect("it is kept")
                .is_empty()
        );
        assert!(
            read.remedies_to_verify(4, 0, 9)
                .await
                .expect("it is kept")
                .is_empty()
        );
        assert!(
            !read
                .application_read_since(ApplicationId::from_raw(3), START.plus(-HOUR))
                .await
                .expect("it is kept")
        );
        drop(read);
        // What is over is queued no second time.
        all[0].state = RemedyState::Verified;
        all[0].verified_by = Some(SourceRunId::from_raw(8));
        write(db, &all).await;
        assert_eq!(queue(db, id, (0, 6)).await, 0);
        let mut read = db.read().await;
        assert_eq!(
            read.remedies_of(id, &[3, 4]).await.expect("it is kept"),
            all
        );
        assert!(
            read.applications_with_remedies()
                .await
                .expect("it is kept")
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn open_items_are_passed_on_and_counted() {
    both_engines(async |db| {
        let id = decided(db).await;
        let numbers = async |reviewer: Option<IdentityId>, after| {
            let items = db
                .read()
                .await
                .open_items(id, reviewer, after, 9)
                .await
                .expect("it is kept");
            items
                .into_iter()
                .map(|one| one.facts.number)
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers(None, 0).await, [5, 6]);
        assert_eq!(numbers(None, 5).await, [6]);
        assert_eq!(numbers(Some(BO), 0).await, [5, 6]);
        let mut tx = db.write().await;
        take(&mut tx, id, &[6], |at| at.passed(ANA)).await;
        tx.commit_unaudited("an item of a test goes to somebody else")
            .await
            .expect("it is kept");
        assert_eq!(numbers(Some(BO), 0).await, [5]);
        assert_eq!(numbers(Some(ANA), 0).await, [6]);
        let mut read = db.read().await;
        assert_eq!(
            read.count_items(id).await.expect("it is kept"),
            (
                2,
                vec![(Choice::Change, 1), (Choice::Keep, 2), (Choice::Revoke, 1)]
            )
        );
        assert_eq!(
            read.count_items_by_application(id, 9)
                .await
                .expect("it is kept"),
            [(3, 6, 2)]
        );
    })
    .await;
}

#[tokio::test]
async fn the_last_decision_on_a_thing_is_that_of_the_last_campaign() {
    both_engines(async |db| {
        for by in [BO, ANA] {
            let id = decided(db).await;
            let record = |item, choice| {
                let by = (Some(by), None);
                ActRecord::Decision(Decision::submitted(item, 0, Staged::of(choice), by, START))
            };
            let records = [
                record(1, Choice::Keep),
                record(3, Choice::Revoke),
                record(4, Choice::Change),
            ];
            let mut tx = db.write().await;
            tx.append_act(id, "review.submitted", &records)
                .await
                .expect("an act");
            commit(tx, []).await;
            let mut tx = db.write().await;
            for range in [(0, 2), (2, 6), (0, 6)] {
                tx.keep_last_decisions(id, range)
                    .await
                    .expect("they are kept");
            }
            tx.commit_unaudited("what a test decided last")
                .await
                .expect("a commit");
            let mut read = db.read().await;
            let last = read.last_decisions(&[1, 2]).await.expect("decisions");
            let last: Vec<_> = last
                .into_iter()
                .map(|one| (one.item, one.what, one.choice, one.decision.by))
                .collect();
            let expected = [
                (11, Choice::Keep),
                (13, Choice::Revoke),
                (14, Choice::Change),
            ];
            assert_eq!(
                last,
                expected.map(|(what, choice)| (ItemKind::Access, what, choice, Some(by)))
            );
            assert_eq!(read.submissions(id).await.expect("submissions").len(), 1);
            let first = read.submissions(id).await.expect("submissions")[0];
            assert_eq!(first.1, 3);
            // The last act is later than any of them, or one of them.
            let last = read.last_act(id).await.expect("an act");
            assert!(last >= Some(first.0), "{last:?}");
            let none = CampaignId::from_raw(id.raw() + 100);
            assert_eq!(read.last_act(none).await.expect("no act"), None);
        }
    })
    .await;
}
