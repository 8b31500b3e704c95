//! Applications: versions, names, and their list in every order against a model.

use domain::application::{Application, ApplicationContent};
use domain::id::{ApplicationId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;
use proptest::prelude::*;
use proptest::sample::select;
use storage::Error;
use storage::applications::{ApplicationRow, TOKENS};
use testkit::{TestStore, a_person, an_application, an_entitlement, both_engines, property};

use crate::list_model::{in_order, level, matches};
use crate::people_list::{counted, name, told};
use crate::support::{application, commit, entitlement, person, search};
use crate::walk::{sorted, walk};

#[tokio::test]
async fn everything_that_is_recorded_comes_back() {
    both_engines(async |db| {
        for (n, built_in) in [true, false].into_iter().enumerate() {
            let mut content = an_application(&format!("Çash “Desk” {n}"))
                .description("Two\nlines")
                .owner(IdentityId::from_raw(7))
                .build();
            content.built_in = built_in;
            content.criticality = Some(Level::ALL[n]);
            let id = application(db, content.clone()).await;
            assert_eq!(
                db.read()
                    .await
                    .application(id)
                    .await
                    .unwrap()
                    .unwrap()
                    .content,
                content
            );
        }
        assert_eq!(
            db.read()
                .await
                .application(ApplicationId::from_raw(99))
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_is_used_once_until_its_application_ends() {
    both_engines(async |db| {
        let id = application(db, an_application("Cash Desk").name("Cäsh").build()).await;
        let mut tx = db.write().await;
        assert!(matches!(
            tx.insert_application(&an_application("Other").name("CÄSH").build())
                .await,
            Err(Error::Duplicate)
        ));
        drop(tx);
        let mut tx = db.write().await;
        assert_eq!(
            tx.application_by_name("Ca\u{308}sh")
                .await
                .unwrap()
                .unwrap()
                .id,
            id
        );
        assert_eq!(tx.application_by_name("cash").await.unwrap(), None);
        assert_eq!(tx.application_by_name("cäsh\0").await.unwrap(), None);
        let version = tx.application(id).await.unwrap().unwrap().recorded_from;
        let ended = an_application("Cash Desk")
            .name("Cäsh")
            .status(Lifecycle::Ended)
            .build();
        let target = tx.replace_application(id, version, &ended).await.unwrap();
        commit(tx, [target]).await;
        assert_eq!(
            db.read().await.application_by_name("cäsh").await.unwrap(),
            None
        );
        application(db, an_application("Other").name("cäsh").build()).await;
    })
    .await;
}

#[tokio::test]
async fn a_late_edit_is_stale_and_changes_nothing() {
    both_engines(async |db| {
        let id = application(db, an_application("First").build()).await;
        let version = db
            .read()
            .await
            .application(id)
            .await
            .unwrap()
            .unwrap()
            .recorded_from;
        let mut tx = db.write().await;
        let target = tx
            .replace_application(id, version, &an_application("Second").build())
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut tx = db.write().await;
        let late = tx
            .replace_application(id, version, &an_application("Third").build())
            .await;
        assert!(matches!(late, Err(Error::Stale)));
        commit(tx, []).await;
        let now = db.read().await.application(id).await.unwrap().unwrap();
        assert_eq!(now.content.display_name, "Second");
        assert_eq!(
            db.read()
                .await
                .applications(Visibility::All, None, &search("third"))
                .await
                .unwrap()
                .total,
            0
        );
    })
    .await;
}

fn some_application() -> impl Strategy<Value = ApplicationContent> {
    let levels = prop::option::of(select(Level::ALL));
    (name(), levels, select(Lifecycle::ALL), 0_i64..4).prop_map(
        |(name, criticality, status, owner)| ApplicationContent {
            criticality,
            owner: (owner > 0).then(|| IdentityId::from_raw(owner)),
            ..an_application(&name).status(status).build()
        },
    )
}

/// Two people of whom the second owns things too, and the applications; every fourth has two entitlements, one ended.
async fn fill(db: &TestStore, contents: &[ApplicationContent]) -> Vec<Application> {
    for name in ["Ana Silva", "Ben Okoro"] {
        person(db, a_person(name).build()).await;
    }
    let mut tx = db.write().await;
    let mut all = Vec::new();
    for (n, content) in contents.iter().enumerate() {
        let content = ApplicationContent {
            name: format!("app{n}"),
            ..content.clone()
        };
        let (id, _) = tx
            .insert_application(&content)
            .await
            .expect("a new application");
        if n % 4 == 0 {
            tx.insert_entitlement(&an_entitlement(id, "Use").build())
                .await
                .expect("an entitlement");
            tx.insert_entitlement(&an_entitlement(id, "Used").status(Lifecycle::Ended).build())
                .await
                .expect("an entitlement");
        }
        all.push(Application {
            id,
            recorded_from: tx.recorded(),
            content,
        });
    }
    commit(tx, []).await;
    all
}

fn row(n: usize, application: &Application) -> ApplicationRow {
    let content = application.content.clone();
    let owner = |id: IdentityId| match id.raw() {
        1 => "Ana Silva",
        2 => "Ben Okoro",
        _ => "",
    };
    ApplicationRow {
        id: application.id,
        owner: content.owner.map(|id| (id, owner(id).to_owned())),
        entitlements: i64::from(n.is_multiple_of(4)),
        name: content.name,
        display_name: content.display_name,
        description: content.description,
        criticality: content.criticality,
        status: content.status,
        built_in: content.built_in,
    }
}

fn key(row: &ApplicationRow, sort: &str) -> String {
    match sort {
        "name" => text::fold(&row.display_name),
        "status" => row.status.word().to_owned(),
        _ => row
            .criticality
            .map_or(0, |level| level as u8 + 1)
            .to_string(),
    }
}

#[test]
fn every_order_shows_every_row_once() {
    property(
        4,
        prop::collection::vec(some_application(), 0..70),
        async |db, contents| {
            let all = fill(db, contents).await;
            let mut read = db.read().await;
            for column in [
                "name",
                "-name",
                "status",
                "-status",
                "criticality",
                "-criticality",
            ] {
                let query = sorted(&Search::default(), column, 25);
                let rows = walk(&query, async |query| {
                    read.applications(Visibility::All, None, query)
                        .await
                        .expect("a page")
                })
                .await;
                let mut model: Vec<ApplicationRow> = all
                    .iter()
                    .enumerate()
                    .map(|(n, application)| row(n, application))
                    .collect();
                let sort = column.trim_start_matches('-');
                in_order(&mut model, column.starts_with('-'), |row| {
                    (key(row, sort), row.id.raw())
                });
                assert_eq!(rows, model, "sorted by {column}");
            }
        },
    );
}

fn found(application: &Application, search: &Search) -> bool {
    let content = &application.content;
    matches(
        search,
        &[&content.display_name, &content.name],
        |key, comparison, value| match (key, comparison) {
            ("criticality", _) => level(content.criticality, comparison, value),
            ("status", Comparison::Is) => content.status.word() == value,
            ("name", Comparison::Is) => text::key(&content.name) == text::key(value),
            ("owner", Comparison::Is) => match value {
                "none" => content.owner.is_none(),
                "me" | "Ben.Okoro" => content.owner == Some(IdentityId::from_raw(2)),
                id => id.parse().is_ok_and(|id| content.owner == Some(id)),
            },
            _ => false,
        },
    )
}

#[test]
fn a_search_finds_exactly_what_it_says() {
    property(
        4,
        prop::collection::vec(some_application(), 20..60),
        async |db, contents| {
            let all = fill(db, contents).await;
            let mut read = db.read().await;
            let mine = IdentityId::from_raw(2).to_string();
            for text in [
                "",
                "a",
                "silva",
                "app1",
                "app1 a",
                "status:active",
                "status:gone",
                "criticality:none",
                "criticality>=high",
                "criticality<=low",
                "criticality>none",
                "criticality<high",
                "criticality:huge",
                "owner:none",
                "owner:me",
                "owner:Ben.Okoro",
                "owner:nobody",
                "name:APP3",
                "name:app",
                "status:active criticality>low owner:me",
                "colour:red",
                "status>active",
                "owner:\"\0\"",
                &format!("owner:{mine}"),
            ] {
                let search = Search::parse(text);
                let query = sorted(&search, "name", 25);
                let me = Some(IdentityId::from_raw(2));
                let rows = walk(&query, async |query| {
                    read.applications(Visibility::All, me, query)
                        .await
                        .expect("a page")
                })
                .await;
                let mut ids: Vec<ApplicationId> = rows.iter().map(|row| row.id).collect();
                ids.sort_unstable();
                let model: Vec<ApplicationId> = all
                    .iter()
                    .filter(|application| found(application, &search))
                    .map(|application| application.id)
                    .collect();
                assert_eq!(ids, model, "{text}");
            }
            let facets = read
                .application_facets(Visibility::All, None, &Search::default())
                .await
                .expect("facets");
            let contents = || all.iter().map(|application| &application.content);
            let model = [
                counted("status", 3, contents().map(|content| content.status.word())),
                counted(
                    "criticality",
                    4,
                    contents().filter_map(|content| content.criticality.map(Level::word)),
                ),
            ];
            assert_eq!(facets.iter().map(told).collect::<Vec<_>>(), model);
        },
    );
}

#[tokio::test]
async fn an_owner_sees_their_own_and_every_token_is_known() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").username("x").build()).await;
        let own = application(
            db,
            an_application("X")
                .owner(ana)
                .criticality(Level::High)
                .build(),
        )
        .await;
        let other = application(db, an_application("Y").build()).await;
        entitlement(db, an_entitlement(other, "Use").owner(ana).build()).await;
        let mut read = db.read().await;
        for (visibility, seen) in [
            (Visibility::All, vec![own, other]),
            (Visibility::Related(ana), vec![own]),
            (Visibility::Nothing, vec![]),
        ] {
            let page = read
                .applications(visibility, None, &search(""))
                .await
                .unwrap();
            assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), seen);
        }
        for token in TOKENS {
            let value = match *token {
                "status" => "active",
                "criticality" => "high",
                _ => "x",
            };
            let page = read
                .applications(Visibility::All, None, &search(&format!("{token}:{value}")))
                .await
                .unwrap();
            assert!(page.rows.iter().any(|row| row.id == own), "{token}:{value}");
        }
    })
    .await;
}
