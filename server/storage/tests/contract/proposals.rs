//! What is read to learn and to propose, and what was learnt.

use domain::decision::{PastDecision, Verdict};
use domain::id::{EntitlementId, IdentityId, SourceId};
use domain::identity::{IdentityContent, IdentityStatus};
use domain::time::{Instant, MINUTE};
use storage::proposals::{BasisHead, Lesson};
use testkit::{START, a_person, both_engines};

use crate::support::people;

fn decided(person: i64, what: i64, source: i64, verdict: Verdict) -> PastDecision {
    PastDecision {
        identity: IdentityId::from_raw(person),
        entitlement: EntitlementId::from_raw(what),
        source: SourceId::from_raw(source),
        verdict,
        decided_at: None,
        decided_by: None,
    }
}

fn lesson(person: i64, what: i64, verdict: Verdict) -> Lesson {
    Lesson {
        identity: IdentityId::from_raw(person),
        entitlement: EntitlementId::from_raw(what),
        verdict,
    }
}

#[tokio::test]
async fn decisions_of_all_sources_are_learnt_from_pair_by_pair_until_they_end() {
    use Verdict::{Approved, Denied};
    both_engines(async |db| {
        let all = [
            decided(1, 5, 1, Approved),
            decided(1, 5, 2, Denied),
            decided(1, 6, 1, Denied),
            decided(2, 5, 2, Approved),
        ];
        let mut read = db.read().await;
        assert_eq!(read.newest_decision().await.unwrap(), None);
        assert_eq!(read.decisions_to_learn(None, 9).await.unwrap(), []);
        drop(read);
        let mut tx = db.write().await;
        tx.insert_decisions(&all).await.unwrap();
        let then = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let first = read.decisions_to_learn(None, 1).await.unwrap();
        assert_eq!(first, [lesson(1, 5, Approved), lesson(1, 5, Denied)]);
        let last = (first[1].identity, first[1].entitlement);
        let rest = read.decisions_to_learn(Some(last), 9).await.unwrap();
        assert_eq!(rest, [lesson(1, 6, Denied), lesson(2, 5, Approved)]);
        assert_eq!(read.newest_decision().await.unwrap(), Some(then));
        let pairs = [last, (IdentityId::from_raw(2), EntitlementId::from_raw(9))];
        let mut on = read.decisions_on_pairs(&pairs, then).await.unwrap();
        on.sort_by_key(|one| one.verdict);
        assert_eq!(on, first);
        let before = then.plus(-1);
        assert_eq!(read.decisions_on_pairs(&pairs, before).await.unwrap(), []);
        drop(read);
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        tx.end_decisions(&all[1..2]).await.unwrap();
        let ended = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.newest_decision().await.unwrap(), Some(ended));
        assert_eq!(read.some_decisions(9).await.unwrap(), (2, 1));
        assert_eq!(read.some_decisions(0).await.unwrap(), (0, 0));
        let left = read.decisions_to_learn(None, 9).await.unwrap();
        assert_eq!(left.len(), 3);
        let on = read.decisions_on_pairs(&pairs, ended).await.unwrap();
        assert_eq!(on, [lesson(1, 5, Approved)]);
    })
    .await;
}

#[tokio::test]
async fn what_was_learnt_replaces_what_was_learnt_before() {
    both_engines(async |db| {
        let mut read = db.read().await;
        assert_eq!(read.proposal_basis().await.unwrap(), None);
        assert_eq!(read.proposal_content().await.unwrap(), None);
        drop(read);
        let head = |learnt: Instant, quality| BasisHead {
            learnt,
            basis: START,
            approved: 900,
            denied: 60,
            quality,
        };
        for (head, content) in [
            (head(START, None), vec![1; 9]),
            (head(START.plus(5), Some(870_000)), vec![7; 99_999]),
        ] {
            let mut tx = db.write().await;
            tx.keep_proposals(&head, &content).await.unwrap();
            tx.commit_unaudited("a test").await.unwrap();
            let mut read = db.read().await;
            assert_eq!(read.proposal_basis().await.unwrap(), Some(head));
            assert_eq!(read.proposal_content().await.unwrap(), Some(content));
        }
    })
    .await;
}

#[tokio::test]
async fn peers_are_the_first_of_each_group_who_are_there() {
    both_engines(async |db| {
        let somebody = |number: usize, department: &str, title: &str| IdentityContent {
            department: department.to_owned(),
            title: title.to_owned(),
            ..a_person(&format!("Person {number}")).build()
        };
        let mut all = vec![
            somebody(1, "Sales", "Clerk"),
            somebody(2, "Sales", "Clerk"),
            somebody(3, "Sales", "Lead"),
            somebody(4, "Sales", "Clerk"),
            somebody(5, "", "Clerk"),
        ];
        all[0].status = IdentityStatus::Suspended;
        let ids = people(db, &all).await;
        let text = |text: &str| text.to_owned();
        let groups = [
            (text(""), text("Clerk")),
            (text("Sales"), text("Clerk")),
            (text("Sales"), text("Nobody")),
        ];
        let mut read = db.read().await;
        let mut of = async |most| {
            let mut found = read.peers_of_groups(&groups, most).await.unwrap();
            found.sort_unstable();
            found
        };
        assert_eq!(of(9).await, [(0, ids[4]), (1, ids[1]), (1, ids[3])]);
        assert_eq!(of(1).await, [(0, ids[4]), (1, ids[1])]);
    })
    .await;
}
