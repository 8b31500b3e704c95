//! The log: entries as they were committed, their numbers under many writers, and the way from an object to them.

use std::sync::Arc;

use domain::audit::{AuditAction, Detail, Event, Outcome, Target};
use domain::context::{Clock, Entropy};
use domain::id::{IdentityId, ObjectKind, ObjectRef};
use domain::permission::{Actor, Rights};
use proof::hash::{Hash, leaf_hash};
use serde_json::json;
use storage::audit::StoredDetail;
use testkit::{FakeClock, START, a_person, an_event, both_engines};

use crate::support::{commit, person};

const TASKS: usize = 50;
const WRITES: usize = 10;

fn about(raw: i64) -> Target {
    Target {
        object: ObjectRef {
            kind: ObjectKind::Identity,
            raw,
        },
        content: None,
    }
}

#[tokio::test]
async fn an_entry_says_what_was_done() {
    both_engines(async |db| {
        let kim = IdentityId::from_raw(4);
        let event = Event {
            actor: Actor::Person {
                id: kim,
                rights: Rights::NONE,
            },
            on_behalf_of: None,
            action: AuditAction::IdentityEdited,
            outcome: Outcome::Denied,
            request: Some("request-1".to_owned()),
            targets: vec![
                about(7),
                Target {
                    content: Some([9; 32]),
                    ..about(8)
                },
            ],
            details: vec![
                Detail {
                    subject: "idn_x".to_owned(),
                    before: Some(json!({"name": "Änne\u{0}"})),
                    reason: Some("Because “ü”".to_owned()),
                    ..Detail::default()
                },
                Detail::default(),
            ],
            bulk: None,
        };
        let bodies: Vec<StoredDetail> = event
            .details
            .iter()
            .map(|detail| StoredDetail {
                subject: detail.subject.clone(),
                body: Some(detail.to_json()),
            })
            .collect();
        let mut tx = db.write().await;
        assert_eq!(tx.audit_head().await.unwrap(), (0, START));
        assert_eq!(tx.audit_entry(1).await.unwrap(), None);
        let last = tx
            .commit(event, vec![an_event(AuditAction::Viewed, [])])
            .await
            .unwrap();
        assert_eq!(last, 2);
        let mut read = db.read().await;
        let entry = read.audit_entry(1).await.unwrap().unwrap();
        assert_eq!(
            (
                entry.seq,
                entry.recorded,
                entry.actor,
                entry.action.as_str()
            ),
            (1, START, kim.to_string(), "identity.edited")
        );
        assert_eq!(
            (entry.outcome.as_str(), entry.request.as_deref()),
            ("denied", Some("request-1"))
        );
        assert_eq!(entry.targets, [about(7).object, about(8).object]);
        assert_eq!(entry.details, bodies);
        let second = read.audit_entry(2).await.unwrap().unwrap();
        assert_eq!(
            (second.recorded, second.actor.as_str(), second.request),
            (START, "command_line", None)
        );
        assert_eq!(read.audit_head().await.unwrap(), (2, START));
        assert_eq!(read.audit_entry(3).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_leaf_is_canonical_and_hashed() {
    both_engines(async |db| {
        let mut tx = db.write().await;
        let (id, target) = tx
            .insert_identity(&a_person("Ana Silva").build())
            .await
            .unwrap();
        commit(tx, [target.clone()]).await;
        let (leaf, hash) = db.read().await.audit_leaf(1).await.unwrap().unwrap();
        assert_eq!(hash, leaf_hash(&leaf).0);
        let json: serde_json::Value = serde_json::from_slice(&leaf).unwrap();
        assert_eq!(proof::canonical::to_vec(&json).unwrap(), leaf);
        assert_eq!(json["seq"], json!(1));
        let marked = Hash(target.content.unwrap()).to_string();
        assert_eq!(
            json["targets"],
            json!([{ "content": marked, "id": id.to_string() }])
        );
        assert_eq!(db.read().await.audit_leaf(2).await.unwrap(), None);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_writers_leave_no_gap() {
    both_engines(async |db| {
        let clock: Arc<FakeClock> = db.clock();
        let mut tasks = tokio::task::JoinSet::new();
        for _ in 0..TASKS {
            let (store, clock, entropy) = (db.store().clone(), Arc::clone(&clock), db.entropy());
            tasks.spawn(async move {
                let mut numbers = Vec::new();
                for n in 0..WRITES {
                    let tx = store
                        .write(clock.now(), Arc::clone(&entropy) as Arc<dyn Entropy>)
                        .await
                        .unwrap();
                    if n % 5 == 4 {
                        drop(tx);
                        let tx = store
                            .write(clock.now(), Arc::clone(&entropy))
                            .await
                            .unwrap();
                        numbers.push(
                            tx.commit(an_event(AuditAction::Viewed, [about(1)]), Vec::new())
                                .await
                                .unwrap(),
                        );
                    } else {
                        numbers.push(
                            tx.commit(an_event(AuditAction::Viewed, [about(1)]), Vec::new())
                                .await
                                .unwrap(),
                        );
                    }
                }
                numbers
            });
        }
        let mut numbers: Vec<i64> = tasks.join_all().await.into_iter().flatten().collect();
        numbers.sort_unstable();
        let all = i64::try_from(TASKS * WRITES).unwrap();
        assert_eq!(numbers, (1..=all).collect::<Vec<_>>());
        let mut read = db.read().await;
        let entries = read.audit_of(about(1).object, None, all + 1).await.unwrap();
        assert_eq!(
            entries.iter().map(|entry| entry.seq).collect::<Vec<_>>(),
            (1..=all).rev().collect::<Vec<_>>()
        );
        assert!(
            entries.is_sorted_by(|later, earlier| later.recorded > earlier.recorded),
            "every transaction has its own moment"
        );
        assert_eq!(read.audit_head().await.unwrap().0, all);
    })
    .await;
}

#[tokio::test]
async fn the_entries_of_an_object_come_newest_first_and_go_on_below() {
    both_engines(async |db| {
        for n in 0..6 {
            let other = Target {
                object: ObjectRef {
                    kind: ObjectKind::Application,
                    raw: 1,
                },
                content: None,
            };
            commit(
                db.write().await,
                [if n == 3 { other } else { about(1) }, about(2 + n % 2)],
            )
            .await;
        }
        let mut read = db.read().await;
        let mut numbers = async |object: ObjectRef, below: Option<i64>, most: i64| -> Vec<i64> {
            read.audit_of(object, below, most)
                .await
                .unwrap()
                .iter()
                .map(|entry| entry.seq)
                .collect()
        };
        assert_eq!(numbers(about(1).object, None, 9).await, [6, 5, 3, 2, 1]);
        assert_eq!(numbers(about(1).object, None, 2).await, [6, 5]);
        assert_eq!(numbers(about(1).object, Some(5), 2).await, [3, 2]);
        assert_eq!(numbers(about(1).object, Some(1), 2).await, [] as [i64; 0]);
        assert_eq!(numbers(about(3).object, None, 9).await, [6, 4, 2]);
        assert_eq!(
            numbers(
                ObjectRef {
                    kind: ObjectKind::Application,
                    raw: 1
                },
                None,
                9
            )
            .await,
            [4]
        );
        assert_eq!(
            numbers(
                ObjectRef {
                    kind: ObjectKind::Entitlement,
                    raw: 1
                },
                None,
                9
            )
            .await,
            [] as [i64; 0]
        );
    })
    .await;
}

#[tokio::test]
async fn what_fails_on_the_way_leaves_no_entry() {
    both_engines(async |db| {
        person(db, a_person("Ana Silva").build()).await;
        let mut tx = db.write().await;
        let refused = tx.insert_identity(&a_person("Ana Silva").build()).await;
        assert!(refused.is_err());
        drop(tx);
        assert_eq!(db.read().await.audit_head().await.unwrap().0, 1);
        assert_eq!(commit(db.write().await, []).await, 2);
    })
    .await;
}

#[tokio::test]
async fn what_is_committed_without_an_entry_has_none() {
    both_engines(async |db| {
        db.write().await.commit_unaudited("a test").await.unwrap();
        assert_eq!(db.read().await.audit_head().await.unwrap(), (0, START));
    })
    .await;
}
