//! What every write transaction promises: its moment, its ids, and all or nothing.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::task::Poll;

use domain::audit::AuditAction;
use domain::id::ObjectKind;
use domain::time::SECOND;
use storage::{Error, Store};
use testkit::{START, SeededEntropy, TestStore, a_person, an_event, both_engines};
use tokio::task::JoinSet;

use crate::support::{commit, person};

#[tokio::test]
async fn the_moment_is_the_clocks_as_long_as_it_runs() {
    both_engines(async |db| {
        let tx = db.write().await;
        assert_eq!(tx.recorded(), START);
        tx.commit_unaudited("a test").await.unwrap();
        db.clock().advance(SECOND);
        assert_eq!(db.write().await.recorded(), START.plus(SECOND));
    })
    .await;
}

#[tokio::test]
async fn the_moment_rises_even_when_the_clock_stands_or_goes_back() {
    both_engines(async |db| {
        let mut last = START.plus(-1);
        for step in [0, 0, -SECOND, 1, -3600 * SECOND, SECOND, 0] {
            db.clock().advance(step);
            let tx = db.write().await;
            assert!(
                tx.recorded() > last,
                "{} is not after {last}",
                tx.recorded()
            );
            last = tx.recorded();
            commit(tx, []).await;
            assert_eq!(db.read().await.audit_head().await.unwrap().1, last);
        }
    })
    .await;
}

#[tokio::test]
async fn a_dropped_transaction_was_never_there() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        let head = db.read().await.audit_head().await.unwrap();
        let mut tx = db.write().await;
        let (ben, _) = tx
            .insert_identity(&a_person("Ben Okoro").build())
            .await
            .unwrap();
        assert!(
            tx.identity(ben).await.unwrap().is_some(),
            "a writer sees what it wrote"
        );
        drop(tx);
        let mut read = db.read().await;
        assert_eq!(read.identity(ben).await.unwrap(), None);
        assert_eq!(read.audit_head().await.unwrap(), head);
        drop(read);
        let cleo = person(db, a_person("Cleo Park").build()).await;
        assert_eq!(
            (ana.raw(), ben.raw(), cleo.raw()),
            (1, 2, 2),
            "the id is given back"
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_not_committed_is_not_seen() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let (id, target) = tx
            .insert_identity(&a_person("Ana Silva").build())
            .await
            .unwrap();
        assert_eq!(db.read().await.identity(id).await.unwrap(), None);
        let mut before = db.read().await;
        assert_eq!(before.identity(id).await.unwrap(), None);
        commit(tx, [target]).await;
        assert_eq!(
            before.identity(id).await.unwrap(),
            None,
            "a reader stays in its moment"
        );
        assert!(db.read().await.identity(id).await.unwrap().is_some());
    })
    .await;
}

#[tokio::test]
async fn ids_are_dense_within_their_kind() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        assert_eq!(tx.next_id(ObjectKind::Identity).await.unwrap(), 1);
        assert_eq!(tx.next_ids(ObjectKind::Identity, 100).await.unwrap(), 2);
        assert_eq!(tx.next_id(ObjectKind::Identity).await.unwrap(), 102);
        assert_eq!(tx.next_ids(ObjectKind::Application, 3).await.unwrap(), 1);
        tx.commit_unaudited("a test").await.unwrap();
        let mut tx = db.write().await;
        assert_eq!(tx.next_id(ObjectKind::Identity).await.unwrap(), 103);
        assert_eq!(tx.next_id(ObjectKind::Application).await.unwrap(), 4);
    })
    .await;
}

#[tokio::test]
async fn no_salt_is_used_twice() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let contents: Vec<_> = (0..20)
            .map(|n| a_person("Ana Silva").username(&format!("ana{n}")).build())
            .collect();
        let mut marks = BTreeSet::new();
        for content in contents
            .iter()
            .chain(std::iter::once(&a_person("Ana Silva").build()))
        {
            let (_, target) = tx.insert_identity(content).await.unwrap();
            assert!(marks.insert(target.content), "content hashes are salted");
        }
        let (id, first) = tx
            .insert_identity(&a_person("Ben Okoro").build())
            .await
            .unwrap();
        commit(tx, [first.clone()]).await;
        let mut tx = db.write().await;
        let again = tx.identity(id).await.unwrap().unwrap();
        let second = tx
            .replace_identity(id, again.recorded_from, &again.content)
            .await
            .unwrap();
        assert_ne!(
            first.content, second.content,
            "the same content has another hash"
        );
    })
    .await;
}

#[tokio::test]
async fn the_database_answers_until_it_is_closed() {
    both_engines(async |db| {
        db.store().ping().await.unwrap();
        db.store().close().await;
        assert!(db.store().ping().await.is_err());
    })
    .await;
}

#[tokio::test]
async fn after_a_refused_write_nothing_can_be_committed() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").build()).await;
        person(db, a_person("Ben Okoro").build()).await;
        let before = db.read().await.identity(ana).await.unwrap().unwrap();
        for audited in [true, false] {
            let mut tx = db.write().await;
            let taken = a_person("Ana Silva").username("ben.okoro").build();
            let refused = tx.replace_identity(ana, before.recorded_from, &taken).await;
            assert!(matches!(refused, Err(Error::Duplicate)));
            let committed = if audited {
                tx.commit(an_event(AuditAction::IdentityEdited, []), Vec::new())
                    .await
                    .map(drop)
            } else {
                tx.commit_unaudited("a test").await
            };
            assert!(committed.is_err());
            assert_eq!(
                db.read().await.identity(ana).await.unwrap(),
                Some(before.clone()),
                "the present version is still there"
            );
        }
        let mut tx = db.write().await;
        assert!(matches!(
            tx.insert_identity(&a_person("Ben Okoro").build()).await,
            Err(Error::Duplicate)
        ));
        assert!(tx.commit_unaudited("a test").await.is_err());
        assert_eq!(db.read().await.audit_head().await.unwrap().0, 2);
    })
    .await;
}

#[tokio::test]
async fn who_stops_waiting_for_a_transaction_leaves_a_connection_that_can_be_used() {
    both_engines(async |db| {
        for polls in 1..12 {
            let mut left = polls;
            // Given up at every point where it waits, as a request is when its browser goes away.
            {
                let mut reading = std::pin::pin!(db.store().read());
                let given_up = std::future::poll_fn(|context| {
                    left -= 1;
                    if left == 0 {
                        return Poll::Ready(());
                    }
                    reading.as_mut().poll(context).map(drop)
                });
                given_up.await;
            }
            for n in 0..4 {
                person(db, a_person(&format!("Person {polls} {n}")).build()).await;
            }
        }
    })
    .await;
}

/// Comes back when so many writers are in the queue.
async fn until_waiting(db: &TestStore, writers: i64) {
    let text = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted \
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())";
    match db.store() {
        Store::Postgres { pool, .. } => {
            while sqlx::query_scalar::<_, i64>(text)
                .fetch_one(pool)
                .await
                .expect("the locks can be read")
                < writers
            {}
        }
        // Nobody can look into the queue for a connection; these take longer than the way there, which is short.
        Store::Sqlite { .. } => {
            for _ in 0..30 {
                db.read().await.audit_head().await.expect("the head");
            }
        }
    }
}

#[tokio::test]
async fn writers_come_in_their_order() {
    both_engines(async |db| {
        for _ in 0..3 {
            let first = db.write().await;
            let order = Arc::new(Mutex::new(Vec::new()));
            let mut writers = JoinSet::new();
            for number in 0..6 {
                let (store, order) = (db.store().clone(), Arc::clone(&order));
                writers.spawn(async move {
                    let entropy = Arc::new(SeededEntropy::new(number));
                    let tx = store.write(START, entropy).await.unwrap();
                    order.lock().unwrap().push(number);
                    tx.commit_unaudited("a test").await.unwrap();
                });
                until_waiting(db, i64::try_from(number).unwrap() + 1).await;
            }
            first.commit_unaudited("a test").await.unwrap();
            while let Some(written) = writers.join_next().await {
                written.unwrap();
            }
            assert_eq!(*order.lock().unwrap(), [0, 1, 2, 3, 4, 5]);
        }
    })
    .await;
}

#[tokio::test]
async fn parts_that_say_nothing_alone_are_safe_with_the_next_commit() {
    both_engines(async |db| {
        let levels = async || match db.store() {
            Store::Sqlite { writer, .. } => {
                let level = sqlx::query_scalar("PRAGMA synchronous");
                Some(level.fetch_one(writer).await.unwrap())
            }
            // There the statement is the transaction's own.
            Store::Postgres { .. } => None::<i64>,
        };
        let entropy = || Arc::new(SeededEntropy::new(1));
        let mut part = db.store().write_part(START, entropy()).await.unwrap();
        let (id, _) = part
            .insert_identity(&a_person("Ana Silva").build())
            .await
            .unwrap();
        part.commit_unaudited("a part of a test").await.unwrap();
        assert!(db.read().await.identity(id).await.unwrap().is_some());
        assert_ne!(levels().await, Some(2), "it waits for nothing");
        let dropped = db.store().write_part(START, entropy()).await.unwrap();
        drop(dropped);
        db.write()
            .await
            .commit_unaudited("the end of a test")
            .await
            .unwrap();
        assert_ne!(levels().await, Some(1), "FULL again");
    })
    .await;
}
