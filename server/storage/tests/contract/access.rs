//! Accounts, observed access and past decisions: what sources see, in bulk and in order.

use domain::access::{AccessKey, ObservedAccess};
use domain::account::{AccountContent, AccountStatus};
use domain::decision::{PastDecision, Verdict};
use domain::id::{AccountId, ApplicationId, EntitlementId, IdentityId, ObjectKind, SourceId};
use domain::identity::IdentityKind;
use domain::source::FileKind;
use domain::time::{Instant, MINUTE};
use proptest::prelude::*;
use storage::Error;
use storage::access::NewAccess;
use testkit::{START, TestStore, a_person, both_engines, property};

use crate::support::{day, people};

const HR: SourceId = SourceId::from_raw(3);
const AD: SourceId = SourceId::from_raw(4);

fn key(identity: i64, entitlement: i64, account: i64) -> AccessKey {
    AccessKey {
        identity: IdentityId::from_raw(identity),
        entitlement: EntitlementId::from_raw(entitlement),
        account: AccountId::from_raw(account),
    }
}

fn seen(key: AccessKey) -> NewAccess {
    NewAccess {
        key,
        granted: None,
        last_used: None,
    }
}

async fn insert(db: &TestStore, source: SourceId, grants: &[NewAccess]) -> Instant {
    let mut tx = db.write().await;
    tx.insert_observed(source, grants)
        .await
        .expect("the database answers");
    let at = tx.recorded();
    tx.commit_unaudited("a test")
        .await
        .expect("the database answers");
    at
}

#[tokio::test]
async fn grants_come_back_in_the_order_of_their_keys() {
    both_engines(async |db| {
        let first = NewAccess {
            granted: Some(day("1969-12-31")),
            last_used: Some(day("2026-11-22")),
            ..seen(key(1, 2, 9))
        };
        let grants = [seen(key(2, 1, 1)), seen(key(1, 2, 10)), first];
        let at = insert(db, HR, &grants).await;
        insert(db, AD, &[seen(key(1, 1, 1))]).await;
        let mut read = db.read().await;
        let all = read.observed_after(HR, None, 9).await.unwrap();
        let keys: Vec<AccessKey> = all.iter().map(|one| one.key).collect();
        assert_eq!(keys, [key(1, 2, 9), key(1, 2, 10), key(2, 1, 1)]);
        let expected = ObservedAccess {
            key: first.key,
            source: HR,
            granted: first.granted,
            first_seen: at,
            last_used: first.last_used,
            gone: None,
        };
        assert_eq!(all[0], expected);
        let rest = read
            .observed_after(HR, Some(key(1, 2, 9)), 1)
            .await
            .unwrap();
        assert_eq!(rest[0].key, key(1, 2, 10));
        assert_eq!(read.live_count(HR, FileKind::Access).await.unwrap(), 3);
        assert!(
            read.live_ids(HR, FileKind::Access, 0, 9)
                .await
                .unwrap()
                .is_empty()
        );
    })
    .await;
}

#[tokio::test]
async fn grants_change_and_end_only_while_they_are_live() {
    both_engines(async |db| {
        let grant = seen(key(1, 2, 9));
        insert(db, HR, &[grant, seen(key(1, 3, 9))]).await;
        db.clock().advance(MINUTE);
        let used = NewAccess {
            last_used: Some(day("2026-11-01")),
            ..grant
        };
        let mut tx = db.write().await;
        tx.change_observed(HR, &[used]).await.unwrap();
        tx.end_observed(HR, &[key(1, 3, 9)]).await.unwrap();
        let ended = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let live = read.observed_after(HR, None, 9).await.unwrap();
        assert_eq!((live.len(), live[0].last_used), (1, used.last_used));
        let (ana, three) = (IdentityId::from_raw(1), EntitlementId::from_raw(3));
        assert_eq!(read.observed_as_of(ana, three, ended).await.unwrap(), []);
        let before = read
            .observed_as_of(ana, three, ended.plus(-1))
            .await
            .unwrap();
        assert_eq!(before[0].gone, Some(ended));
        drop(read);
        for source in [HR, AD] {
            let mut tx = db.write().await;
            let again = tx.end_observed(source, &[key(1, 3, 9)]).await;
            assert!(matches!(again, Err(Error::Stale)));
            drop(tx);
            let mut tx = db.write().await;
            let again = tx.change_observed(source, &[seen(key(1, 3, 9))]).await;
            assert!(matches!(again, Err(Error::Stale)));
        }
    })
    .await;
}

#[tokio::test]
async fn numbers_that_would_not_fit_are_refused_by_postgres_and_kept_by_sqlite() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let large = tx.insert_observed(HR, &[seen(key(1 << 40, 1, 1))]).await;
        match db.engine() {
            testkit::Engine::Sqlite => assert!(large.is_ok()),
            testkit::Engine::Postgres => assert!(matches!(large, Err(Error::Entry(_)))),
        }
    })
    .await;
}

/// At each step, which of four grants are seen.
fn histories() -> impl Strategy<Value = Vec<[bool; 4]>> {
    prop::collection::vec(any::<[bool; 4]>(), 1..6)
}

#[test]
fn what_was_seen_at_a_moment_never_changes_afterwards() {
    property(8, histories(), async |db, history| {
        let keys = [key(1, 1, 1), key(1, 1, 2), key(1, 2, 1), key(2, 1, 1)];
        let mut live = [false; 4];
        let mut moments = Vec::new();
        for wanted in history {
            db.clock().advance(MINUTE);
            let mut tx = db.write().await;
            let changed = |to: bool| {
                let places = (0..4).filter(move |i| wanted[*i] == to && live[*i] != to);
                places.map(|i| keys[i]).collect::<Vec<_>>()
            };
            let new: Vec<NewAccess> = changed(true).into_iter().map(seen).collect();
            tx.insert_observed(HR, &new).await.unwrap();
            tx.end_observed(HR, &changed(false)).await.unwrap();
            moments.push(tx.recorded());
            tx.commit_unaudited("a test").await.unwrap();
            live = *wanted;
        }
        let mut read = db.read().await;
        for (at, wanted) in moments.iter().zip(history) {
            for (i, key) in keys.iter().enumerate() {
                let found = read
                    .observed_as_of(key.identity, key.entitlement, *at)
                    .await
                    .unwrap();
                let there = found.iter().any(|one| one.key == *key);
                assert_eq!(there, wanted[i]);
            }
        }
        let now = read.observed_after(HR, None, 9).await.unwrap();
        assert_eq!(now.len(), live.iter().filter(|live| **live).count());
    });
}

fn an_account(name: &str, identity: Option<i64>) -> AccountContent {
    AccountContent {
        application: ApplicationId::from_raw(1),
        source: HR,
        name: name.to_owned(),
        identity: identity.map(IdentityId::from_raw),
        status: AccountStatus::Enabled,
        last_used: Some(day("2026-11-01")),
        implied: false,
    }
}

#[tokio::test]
async fn accounts_of_nobody_and_of_programs_are_found_a_page_at_a_time() {
    both_engines(async |db| {
        let program = a_person("sync").kind(IdentityKind::Service).build();
        let made = people(db, &[a_person("ana").build(), program]).await;
        let (person, program) = (made[0], made[1]);
        let mut tx = db.write().await;
        tx.next_ids(ObjectKind::Account, 5).await.unwrap();
        let disabled = AccountContent {
            status: AccountStatus::Disabled,
            ..an_account("old", None)
        };
        let unused = AccountContent {
            application: ApplicationId::from_raw(2),
            last_used: None,
            ..an_account("batch", Some(program.raw()))
        };
        let all = [
            an_account("ana", Some(person.raw())),
            an_account("lost", None),
            disabled,
            unused,
            an_account("found", None),
        ];
        let rows: Vec<_> = (1..).map(AccountId::from_raw).zip(all).collect();
        tx.insert_accounts(&rows).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let mut ids = Vec::new();
        let mut after = AccountId::from_raw(0);
        loop {
            let some = read.accounts_without_person(after, 2).await.unwrap();
            let Some(last) = some.last() else { break };
            after = last.id;
            ids.extend(some.iter().map(|one| one.id.raw()));
        }
        assert_eq!(ids, [2, 4, 5]);
        let telling = read.applications_with_used_accounts().await.unwrap();
        assert_eq!(telling, [ApplicationId::from_raw(1)]);
    })
    .await;
}

#[tokio::test]
async fn accounts_change_are_touched_and_end() {
    both_engines(async |db| {
        let (ana, ben) = (AccountId::from_raw(1), AccountId::from_raw(2));
        let content = an_account("Ana", Some(1));
        let mut tx = db.write().await;
        tx.next_ids(ObjectKind::Account, 2).await.unwrap();
        tx.insert_accounts(&[(ana, content.clone()), (ben, an_account("ben", None))])
            .await
            .unwrap();
        let from = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.account(ana).await.unwrap().unwrap().content, content);
        let keys = read.account_keys(0, 9).await.unwrap();
        assert_eq!(
            (keys.len(), keys[0].name_key.as_str(), keys[1].identity),
            (2, "ana", None)
        );
        assert_eq!(read.accounts_with(&[ben]).await.unwrap().len(), 1);
        assert_eq!(
            read.live_ids(HR, FileKind::Accounts, 1, 9).await.unwrap(),
            [2]
        );
        assert_eq!(read.live_count(HR, FileKind::Accounts).await.unwrap(), 2);
        drop(read);
        db.clock().advance(MINUTE);
        let disabled = AccountContent {
            status: AccountStatus::Disabled,
            ..content.clone()
        };
        let mut tx = db.write().await;
        tx.replace_accounts(&[(ana, from, disabled.clone())])
            .await
            .unwrap();
        tx.touch_accounts(&[(ana, Some(day("2026-11-20"))), (ben, None)])
            .await
            .unwrap();
        tx.end_accounts(&[ben]).await.unwrap();
        let now = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        let touched = AccountContent {
            last_used: Some(day("2026-11-20")),
            ..disabled
        };
        assert_eq!(read.account(ana).await.unwrap().unwrap().content, touched);
        assert_eq!(
            read.account_as_of(ana, from)
                .await
                .unwrap()
                .unwrap()
                .content,
            content
        );
        assert_eq!(read.account_as_of(ben, now).await.unwrap(), None);
        assert_eq!(
            read.account(ben).await.unwrap().unwrap().content.last_used,
            None
        );
        assert_eq!(read.account_keys(0, 9).await.unwrap().len(), 1);
        let mut tx = db.write().await;
        assert!(matches!(tx.end_accounts(&[ben]).await, Err(Error::Stale)));
        drop(tx);
        // The name is free again.
        let mut tx = db.write().await;
        let third = AccountId::from_raw(3);
        tx.insert_accounts(&[(third, an_account("BEN", None))])
            .await
            .unwrap();
        let taken = tx
            .insert_accounts(&[(AccountId::from_raw(4), an_account("ben", None))])
            .await;
        assert!(matches!(taken, Err(Error::Duplicate)));
    })
    .await;
}

fn decided(entitlement: i64, at: Option<Instant>, verdict: Verdict) -> PastDecision {
    PastDecision {
        identity: IdentityId::from_raw(1),
        entitlement: EntitlementId::from_raw(entitlement),
        source: HR,
        verdict,
        decided_at: at,
        decided_by: at.map(|_| IdentityId::from_raw(7)),
    }
}

#[tokio::test]
async fn decisions_on_one_access_stay_together_and_end_one_by_one() {
    both_engines(async |db| {
        let all = [
            decided(1, None, Verdict::Approved),
            decided(1, Some(START), Verdict::Denied),
            decided(2, None, Verdict::Approved),
        ];
        let mut tx = db.write().await;
        tx.insert_decisions(&all).await.unwrap();
        let then = tx.recorded();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.decisions_after(HR, None, 1).await.unwrap(), all[..2]);
        let (ana, one) = (all[0].identity, all[0].entitlement);
        assert_eq!(
            read.decisions_after(HR, Some((ana, one)), 9).await.unwrap(),
            all[2..]
        );
        assert_eq!(read.decisions_after(AD, None, 9).await.unwrap(), []);
        assert_eq!(read.live_count(HR, FileKind::Decisions).await.unwrap(), 3);
        drop(read);
        db.clock().advance(MINUTE);
        let mut tx = db.write().await;
        tx.end_decisions(&all[1..2]).await.unwrap();
        tx.commit_unaudited("a test").await.unwrap();
        let mut read = db.read().await;
        assert_eq!(read.decisions_on(ana, one).await.unwrap(), all[..1]);
        assert_eq!(
            read.decisions_as_of(ana, one, then).await.unwrap(),
            all[..2]
        );
    })
    .await;
}
