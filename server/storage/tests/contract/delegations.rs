//! Delegations: who stands in for whom at a moment.

use domain::delegation::{DelegationContent, DelegationState};
use domain::id::{DelegationId, IdentityId};
use domain::time::{DAY, Instant};
use storage::Error;
use testkit::{START, TestStore, both_engines};

use crate::support::commit;

pub(crate) fn from_to(from: i64, to: i64) -> DelegationContent {
    DelegationContent {
        delegator: IdentityId::from_raw(from),
        delegate: IdentityId::from_raw(to),
        valid_from: START,
        valid_until: START.plus(DAY),
        reason: "Holiday “ü”".to_owned(),
        state: DelegationState::Active,
    }
}

async fn add(db: &TestStore, content: &DelegationContent) -> DelegationId {
    let mut tx = db.write().await;
    let (id, target) = tx.insert_delegation(content).await.expect("a delegation");
    commit(tx, [target]).await;
    id
}

#[tokio::test]
async fn who_stands_in_is_known_at_every_moment() {
    both_engines(async |db| {
        let people = [1, 2, 3].map(IdentityId::from_raw);
        let id = add(db, &from_to(1, 2)).await;
        add(db, &from_to(1, 3)).await;
        add(db, &from_to(3, 2)).await;
        let mut read = db.read().await;
        let mut at = async |when: Instant| {
            (
                read.stood_in_by(people[0], when).await.unwrap(),
                read.stands_in_for(people[1], when).await.unwrap(),
            )
        };
        let both = (vec![people[1], people[2]], vec![people[0], people[2]]);
        assert_eq!(at(START).await, both);
        assert_eq!(at(START.plus(DAY - 1)).await, both);
        assert_eq!(at(START.plus(DAY)).await, (vec![], vec![]));
        assert_eq!(at(START.plus(-1)).await, (vec![], vec![]));
        let known = read.delegation(id).await.unwrap().unwrap();
        assert_eq!(known.content, from_to(1, 2));
        let mine = read.delegations_of(people[2], 9).await.unwrap();
        let raw: Vec<i64> = mine.iter().map(|one| one.id.raw()).collect();
        assert_eq!(raw, [3, 2]);
        assert_eq!(read.delegations_of(people[0], 1).await.unwrap().len(), 1);
        assert_eq!(
            read.delegation(DelegationId::from_raw(9)).await.unwrap(),
            None
        );
        let many = read.stood_in_by_many(&people, START).await.unwrap();
        let expected = [
            (people[0], vec![people[1], people[2]]),
            (people[2], vec![people[1]]),
        ];
        assert_eq!(many, expected.into());
        let late = START.plus(DAY);
        for (some, when) in [(&people[..], late), (&people[1..2], START), (&[], START)] {
            assert!(read.stood_in_by_many(some, when).await.unwrap().is_empty());
        }
        drop(read);
        let ended = DelegationContent {
            state: DelegationState::Ended,
            ..from_to(1, 2)
        };
        let mut tx = db.write().await;
        let target = tx
            .replace_delegation(id, known.recorded_from, &ended)
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut read = db.read().await;
        assert_eq!(
            read.stood_in_by(people[0], START).await.unwrap(),
            [people[2]]
        );
        let many = read.stood_in_by_many(&people[..1], START).await.unwrap();
        assert_eq!(many, [(people[0], vec![people[2]])].into());
        assert_eq!(read.delegation(id).await.unwrap().unwrap().content, ended);
        drop(read);
        let mut tx = db.write().await;
        let stale = tx.replace_delegation(id, START.plus(-DAY), &ended).await;
        assert!(matches!(stale, Err(Error::Stale)));
    })
    .await;
}
