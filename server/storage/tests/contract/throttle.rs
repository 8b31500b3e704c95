//! Failed sign-ins, and denials that wait to be summed.

use domain::time::MINUTE;
use storage::throttle::{DenialSum, Failures};
use testkit::{START, both_engines};

#[tokio::test]
async fn failures_are_replaced_cleared_and_forgotten() {
    both_engines(async |db| {
        let failures = |count: i64| Failures {
            count,
            last: START.plus(count),
            blocked_until: START.plus(MINUTE),
        };
        let mut tx = db.write().await;
        assert_eq!(tx.failures(b"ana").await.unwrap(), None);
        for (subject, count) in [(b"ana", 1), (b"ana", 2), (b"ben", 5), (b"cat", 9)] {
            tx.put_failures(subject, failures(count)).await.unwrap();
        }
        assert_eq!(tx.failures(b"ana").await.unwrap(), Some(failures(2)));
        tx.clear_failures(b"ana").await.unwrap();
        assert_eq!(tx.failures(b"ana").await.unwrap(), None);
        tx.drop_old_failures(START.plus(9)).await.unwrap();
        assert_eq!(tx.failures(b"ben").await.unwrap(), None);
        assert_eq!(tx.failures(b"cat").await.unwrap(), Some(failures(9)));
    })
    .await;
}

#[tokio::test]
async fn denials_are_summed_by_minute_and_taken_once() {
    both_engines(async |db| {
        let (first, second, third) = (START, START.plus(MINUTE), START.plus(2 * MINUTE));
        let mut tx = db.write().await;
        for (address, minute, action) in [
            ("10.0.0.1", first, "read_person"),
            ("10.0.0.1", first, "read_person"),
            ("10.0.0.1", first, "read_audit"),
            ("10.0.0.2", first, "read_person"),
            ("10.0.0.1", second, "read_person"),
            ("10.0.0.1", third, "read_person"),
        ] {
            tx.count_denial(address, minute, action).await.unwrap();
        }
        let sum = |address: &str, minute, action: &str, denials| DenialSum {
            address: address.to_owned(),
            minute,
            action: action.to_owned(),
            denials,
        };
        let mut taken = tx.take_denials(third, 3).await.unwrap();
        taken.sort_by(|a, b| (&a.address, &a.action).cmp(&(&b.address, &b.action)));
        assert_eq!(
            taken,
            [
                sum("10.0.0.1", first, "read_audit", 1),
                sum("10.0.0.1", first, "read_person", 2),
                sum("10.0.0.2", first, "read_person", 1)
            ]
        );
        assert_eq!(
            tx.take_denials(third, 3).await.unwrap(),
            [sum("10.0.0.1", second, "read_person", 1)]
        );
        assert_eq!(tx.take_denials(third, 3).await.unwrap(), []);
        assert_eq!(tx.take_denials(third.plus(1), 3).await.unwrap().len(), 1);
    })
    .await;
}
