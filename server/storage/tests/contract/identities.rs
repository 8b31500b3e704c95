//! Identities: what is kept, who uses a username, and edits that come too late.

use domain::id::IdentityId;
use domain::identity::{IdentityKind, IdentityStatus};
use domain::time::SECOND;
use storage::Error;
use testkit::{START, a_person, both_engines};

use crate::support::{commit, day, people, person};

#[tokio::test]
async fn everything_that_is_recorded_comes_back() {
    both_engines(async |db| {
        let boss = person(db, a_person("Kim Lee").build()).await;
        let content = a_person("Zoë “Z” Müller-Łukasz 李\u{1F600}")
            .username("zoë'; DROP TABLE identity; --")
            .email("")
            .department("R&D \"East\"")
            .title("Líder")
            .location("São Paulo")
            .manager(boss)
            .kind(IdentityKind::Agent)
            .status(IdentityStatus::OnLeave)
            .starts(day("2020-02-29"))
            .ends(day("2031-12-31"))
            .attribute("cost centre", "4711")
            .attribute("a", "\"\\ \n é")
            .build();
        db.clock().advance(SECOND);
        let id = person(db, content.clone()).await;
        let identity = db.read().await.identity(id).await.unwrap().unwrap();
        assert_eq!(
            (identity.id, identity.recorded_from),
            (id, START.plus(SECOND))
        );
        assert_eq!(identity.content, content);
        assert_eq!(
            db.read()
                .await
                .identity(IdentityId::from_raw(99))
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_username_is_used_once_without_regard_to_case_and_form() {
    both_engines(async |db| {
        let id = person(db, a_person("José Díaz").username("José.Díaz").build()).await;
        for same in [
            "José.Díaz",
            "JOSÉ.DÍAZ",
            "josé.díaz",
            "Jose\u{301}.Di\u{301}az",
            "ｊｏｓé.díaz",
            " josé.díaz ",
        ] {
            let mut tx = db.write().await;
            let refused = tx
                .insert_identity(&a_person("Another").username(same).build())
                .await;
            assert!(
                matches!(refused, Err(Error::Duplicate)),
                "{same}: {refused:?}"
            );
            drop(tx);
            let found = db.read().await.identity_by_username(same).await.unwrap();
            assert_eq!(found.map(|identity| identity.id), Some(id), "{same}");
        }
        for other in [
            "jose.diaz",
            "josé",
            "josé.díaz2",
            "",
            "josé.díaz\0",
            "%",
            "josé_díaz",
        ] {
            assert_eq!(
                db.read().await.identity_by_username(other).await.unwrap(),
                None,
                "{other}"
            );
        }
        person(db, a_person("Jose Diaz").username("jose.diaz").build()).await;
    })
    .await;
}

#[tokio::test]
async fn a_username_is_free_again_when_its_user_has_ended() {
    both_engines(async |db| {
        let ended = |name: &str| {
            a_person(name)
                .username("sam")
                .status(IdentityStatus::Ended)
                .build()
        };
        person(db, ended("Sam the First")).await;
        person(db, ended("Sam the Second")).await;
        assert_eq!(
            db.read().await.identity_by_username("sam").await.unwrap(),
            None
        );
        let third = person(db, a_person("Sam the Third").username("Sam").build()).await;
        assert_eq!(
            db.read()
                .await
                .identity_by_username("SAM")
                .await
                .unwrap()
                .unwrap()
                .id,
            third
        );
        let mut tx = db.write().await;
        let first = tx.identity(IdentityId::from_raw(1)).await.unwrap().unwrap();
        let revived = tx
            .replace_identity(
                first.id,
                first.recorded_from,
                &a_person("Sam").username("sam").build(),
            )
            .await;
        assert!(matches!(revived, Err(Error::Duplicate)));
    })
    .await;
}

#[tokio::test]
async fn an_edit_of_an_older_version_is_stale_and_changes_nothing() {
    both_engines(async |db| {
        let id = person(db, a_person("Ana Silva").build()).await;
        let first = db.read().await.identity(id).await.unwrap().unwrap();
        let mut tx = db.write().await;
        let second = a_person("Ana Souza").build();
        let target = tx
            .replace_identity(id, first.recorded_from, &second)
            .await
            .unwrap();
        assert_eq!((target.object, target.content.is_some()), (id.into(), true));
        let recorded = tx.recorded();
        commit(tx, [target]).await;
        for version in [first.recorded_from, recorded.plus(1), recorded.plus(-1)] {
            let mut tx = db.write().await;
            let late = tx
                .replace_identity(id, version, &a_person("Ana Late").build())
                .await;
            assert!(matches!(late, Err(Error::Stale)), "{late:?}");
            // Even when the rest of the transaction is committed.
            commit(tx, []).await;
            let now = db.read().await.identity(id).await.unwrap().unwrap();
            assert_eq!((now.recorded_from, &now.content), (recorded, &second));
        }
        let mut tx = db.write().await;
        let nobody = tx
            .replace_identity(IdentityId::from_raw(7), recorded, &second)
            .await;
        assert!(matches!(nobody, Err(Error::Stale)));
    })
    .await;
}

#[tokio::test]
async fn names_are_given_for_the_ids_that_exist() {
    both_engines(async |db| {
        let ids = people(
            db,
            &[
                a_person("Ana Silva").title("Clerk").build(),
                a_person("Ben Okoro").build(),
            ],
        )
        .await;
        let mut read = db.read().await;
        let wanted = [ids[1], IdentityId::from_raw(9), ids[0], ids[1]];
        let names = read.identity_names(&wanted).await.unwrap();
        let told: Vec<_> = names
            .iter()
            .map(|n| {
                (
                    n.id,
                    n.username.as_str(),
                    n.display_name.as_str(),
                    n.title.as_str(),
                )
            })
            .collect();
        assert_eq!(
            told,
            [
                (ids[0], "ana.silva", "Ana Silva", "Clerk"),
                (ids[1], "ben.okoro", "Ben Okoro", "")
            ]
        );
        assert!(read.identity_names(&[]).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn due_to_end_is_whoevers_last_day_is_over() {
    both_engines(async |db| {
        let ids = people(
            db,
            &[
                a_person("Yesterday").ends(day("2026-01-04")).build(),
                a_person("Today").ends(day("2026-01-05")).build(),
                a_person("Never").build(),
                a_person("Gone")
                    .ends(day("2026-01-01"))
                    .status(IdentityStatus::Ended)
                    .build(),
                a_person("Long Ago")
                    .ends(day("1999-12-31"))
                    .status(IdentityStatus::Suspended)
                    .build(),
                a_person("Last").ends(day("9999-12-31")).build(),
            ],
        )
        .await;
        let mut read = db.read().await;
        assert_eq!(
            read.identities_due_to_end(day("2026-01-05"), 10)
                .await
                .unwrap(),
            [ids[4], ids[0]]
        );
        assert_eq!(
            read.identities_due_to_end(day("2026-01-06"), 1)
                .await
                .unwrap(),
            [ids[4]]
        );
        assert_eq!(
            read.identities_due_to_end(day("9999-12-31"), 10)
                .await
                .unwrap(),
            [ids[4], ids[0], ids[1]]
        );
        drop(read);
        // Only the present version counts.
        let mut tx = db.write().await;
        let version = tx.identity(ids[0]).await.unwrap().unwrap().recorded_from;
        let longer = a_person("Yesterday").ends(day("2027-01-01")).build();
        let target = tx.replace_identity(ids[0], version, &longer).await.unwrap();
        commit(tx, [target]).await;
        assert_eq!(
            db.read()
                .await
                .identities_due_to_end(day("2026-01-05"), 10)
                .await
                .unwrap(),
            [ids[4]]
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_in_the_log_is_whoevers_it_is_or_was_last() {
    both_engines(async |db| {
        let old = a_person("Sam the First").username("sam").build();
        let ended = a_person("Sam the First")
            .username("sam")
            .status(IdentityStatus::Ended)
            .build();
        let first = person(db, old).await;
        let mut tx = db.write().await;
        let version = tx.identity(first).await.unwrap().unwrap().recorded_from;
        let target = tx.replace_identity(first, version, &ended).await.unwrap();
        commit(tx, [target]).await;
        assert_eq!(
            db.read().await.identity_once_named("SAM").await.unwrap(),
            Some(first)
        );
        let second = person(db, a_person("Sam the Second").username("Sam").build()).await;
        db.clock().advance(SECOND);
        let mut tx = db.write().await;
        let version = tx.identity(first).await.unwrap().unwrap().recorded_from;
        let target = tx.replace_identity(first, version, &ended).await.unwrap();
        commit(tx, [target]).await;
        assert_eq!(
            db.read().await.identity_once_named("sam").await.unwrap(),
            Some(second),
            "who uses it now comes first"
        );
        assert_eq!(
            db.read().await.identity_once_named("sa").await.unwrap(),
            None
        );
    })
    .await;
}
