//! Roles: their versions hold what was in them, at every moment.

use std::collections::BTreeSet;

use domain::id::{EntitlementId, IdentityId, ObjectKind, RoleId, SourceId};
use domain::lifecycle::Lifecycle;
use domain::permission::Visibility;
use domain::role::{Grantable, RoleContent, RolePart};
use domain::time::{Instant, MINUTE};
use proptest::prelude::*;
use storage::Error;
use testkit::{START, TestStore, both_engines, property};

use crate::support::{commit, execute, search};

const HR: SourceId = SourceId::from_raw(3);

fn part(what: Grantable) -> RolePart {
    RolePart {
        what,
        source: Some(HR),
    }
}

fn holds(id: i64) -> RolePart {
    part(Grantable::Entitlement(EntitlementId::from_raw(id)))
}

fn includes(id: i64) -> RolePart {
    part(Grantable::Role(RoleId::from_raw(id)))
}

fn a_role(name: &str, parts: impl IntoIterator<Item = RolePart>) -> RoleContent {
    RoleContent {
        name: name.to_owned(),
        display_name: format!("Rôle {name}"),
        description: String::new(),
        owner: Some(IdentityId::from_raw(1)),
        status: Lifecycle::Active,
        source: Some(HR),
        parts: parts.into_iter().collect(),
    }
}

async fn add(db: &TestStore, contents: &[RoleContent]) -> Instant {
    let mut tx = db.write().await;
    let first = tx.next_ids(
        ObjectKind::Role,
        i64::try_from(contents.len()).expect("the database answers"),
    );
    let first = first.await.expect("the database answers");
    let rows: Vec<_> = (first..)
        .map(RoleId::from_raw)
        .zip(contents.iter().cloned())
        .collect();
    let targets = tx.insert_roles(&rows).await.expect("the database answers");
    let recorded = tx.recorded();
    commit(tx, targets).await;
    recorded
}

#[tokio::test]
async fn a_role_is_found_with_its_parts() {
    both_engines(async |db| {
        let (reader, clerk) = (
            a_role("reader", [holds(1), holds(2)]),
            a_role(
                "Clerk",
                [
                    includes(1),
                    RolePart {
                        source: None,
                        ..holds(2)
                    },
                ],
            ),
        );
        add(db, &[reader.clone(), clerk.clone()]).await;
        let id = RoleId::from_raw(2);
        let mut read = db.read().await;
        assert_eq!(read.role(id).await.unwrap().unwrap().content, clerk);
        assert_eq!(read.role_by_name("CLERK").await.unwrap().unwrap().id, id);
        assert_eq!(read.role_by_name("a\0").await.unwrap(), None);
        assert_eq!(
            read.roles_with(&[RoleId::from_raw(1)]).await.unwrap()[0].content,
            reader
        );
        let keys = read.role_keys(0, 9).await.unwrap();
        assert_eq!(
            (keys.len(), keys[1].name_key.as_str(), keys[1].source),
            (2, "clerk", Some(HR))
        );
        let page = read
            .roles(Visibility::All, None, &search("rol clerk"))
            .await
            .unwrap();
        assert_eq!((page.total, page.rows[0].parts), (1, 2));
        for (query, total) in [
            ("status:current", 2),
            ("status:ended", 0),
            ("owner:none", 0),
            ("name:reader", 1),
            ("colour:red", 0),
        ] {
            let page = read
                .roles(Visibility::All, None, &search(query))
                .await
                .unwrap();
            assert_eq!(page.total, total, "{query}");
        }
        let related = Visibility::Related(IdentityId::from_raw(2));
        assert_eq!(
            read.roles(related, None, &search("")).await.unwrap().total,
            0
        );
        assert_eq!(
            read.roles(Visibility::Nothing, None, &search(""))
                .await
                .unwrap()
                .total,
            0
        );
    })
    .await;
}

#[tokio::test]
async fn a_part_that_was_slipped_in_does_not_fit_the_version() {
    both_engines(async |db| {
        add(db, &[a_role("reader", [holds(1)])]).await;
        let after = (0, Instant::from_micros(i64::MIN));
        let check = db.read().await.versions_to_check(ObjectKind::Role, after, 9).await.unwrap();
        assert!(check[0].derived_fits && check[0].computed.is_some());
        execute(
            db,
            "INSERT INTO role_content (role_id, recorded_from, entitlement_id) SELECT 1, recorded_from, 2 FROM role",
        )
        .await;
        let other = db.read().await.versions_to_check(ObjectKind::Role, after, 9).await.unwrap();
        assert_ne!(check[0].computed, other[0].computed);
    })
    .await;
}

/// A history: what is in the role at each version.
fn histories() -> impl Strategy<Value = Vec<BTreeSet<RolePart>>> {
    let one = prop_oneof![(1_i64..6).prop_map(holds), (2_i64..5).prop_map(includes)];
    prop::collection::vec(prop::collection::btree_set(one, 0..5), 1..6)
}

#[test]
fn every_version_keeps_what_was_in_it() {
    property(8, histories(), async |db, history| {
        let id = RoleId::from_raw(1);
        let mut moments = Vec::new();
        for parts in history {
            db.clock().advance(MINUTE);
            let content = a_role("reader", parts.iter().copied());
            match moments.last() {
                None => moments.push(add(db, &[content]).await),
                Some(from) => {
                    let mut tx = db.write().await;
                    let targets = tx.replace_roles(&[(id, *from, content)]).await.unwrap();
                    moments.push(tx.recorded());
                    commit(tx, targets).await;
                }
            }
        }
        let mut read = db.read().await;
        for (at, parts) in moments.iter().zip(history) {
            for at in [*at, at.plus(MINUTE - 1)] {
                let role = read.role_as_of(id, at).await.unwrap().unwrap();
                assert_eq!(&role.content.parts, parts);
            }
        }
        assert_eq!(read.role_as_of(id, START).await.unwrap(), None);
        let after = (0, Instant::from_micros(i64::MIN));
        let checks = read
            .versions_to_check(ObjectKind::Role, after, 99)
            .await
            .unwrap();
        assert_eq!(checks.len(), history.len());
        assert!(checks.iter().all(|check| check.derived_fits));
        drop(read);
        let mut tx = db.write().await;
        let stale = tx.replace_roles(&[(id, START, a_role("x", []))]).await;
        assert!(matches!(stale, Err(Error::Stale)));
    });
}
