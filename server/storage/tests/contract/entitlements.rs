//! Entitlements: versions, names within an application, and their list in every order against a model.

use domain::entitlement::{Entitlement, EntitlementContent, EntitlementKind};
use domain::id::{ApplicationId, EntitlementId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;
use proptest::prelude::*;
use proptest::sample::select;
use storage::Error;
use storage::entitlements::{EntitlementRow, TOKENS};
use testkit::{TestStore, a_person, an_application, an_entitlement, both_engines, property};

use crate::list_model::{in_order, level, matches};
use crate::people_list::{counted, name, told};
use crate::support::{application, commit, entitlement, person, search};
use crate::walk::{sorted, walk};

#[tokio::test]
async fn everything_that_is_recorded_comes_back() {
    both_engines(async |db| {
        let desk = application(db, an_application("Cash Desk").build()).await;
        let contents = [
            an_entitlement(desk, "Approve “ü”")
                .kind(EntitlementKind::Feature)
                .actions(&["read", "approve:über"])
                .resource("invoice", "4711"),
            an_entitlement(desk, "Plain")
                .description("Lets a person\nwait")
                .not_requestable()
                .owner(IdentityId::from_raw(3))
                .risk(Level::Critical),
        ];
        for content in contents.map(testkit::EntitlementBuilder::build) {
            let id = entitlement(db, content.clone()).await;
            assert_eq!(
                db.read()
                    .await
                    .entitlement(id)
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
                .entitlement(EntitlementId::from_raw(99))
                .await
                .unwrap(),
            None
        );
    })
    .await;
}

#[tokio::test]
async fn a_name_is_used_once_within_its_application() {
    both_engines(async |db| {
        let (one, two) = (
            application(db, an_application("One").build()).await,
            application(db, an_application("Two").build()).await,
        );
        let id = entitlement(db, an_entitlement(one, "Read").build()).await;
        let same = entitlement(db, an_entitlement(two, "Read").build()).await;
        let mut tx = db.write().await;
        assert!(matches!(
            tx.insert_entitlement(&an_entitlement(one, "READ").name("READ").build())
                .await,
            Err(Error::Duplicate)
        ));
        drop(tx);
        let mut tx = db.write().await;
        assert_eq!(
            tx.entitlement_by_name(one, "Read")
                .await
                .unwrap()
                .unwrap()
                .id,
            id
        );
        assert_eq!(
            tx.entitlement_by_name(two, "rEAD")
                .await
                .unwrap()
                .unwrap()
                .id,
            same
        );
        assert_eq!(tx.entitlement_by_name(two, "read\0").await.unwrap(), None);
        assert_eq!(
            tx.entitlement_by_name(ApplicationId::from_raw(9), "read")
                .await
                .unwrap(),
            None
        );
        let version = tx.entitlement(id).await.unwrap().unwrap().recorded_from;
        let target = tx
            .replace_entitlement(
                id,
                version,
                &an_entitlement(one, "Read").status(Lifecycle::Ended).build(),
            )
            .await
            .unwrap();
        commit(tx, [target]).await;
        assert_eq!(
            db.read()
                .await
                .entitlement_by_name(one, "read")
                .await
                .unwrap(),
            None
        );
        entitlement(db, an_entitlement(one, "Read").build()).await;
    })
    .await;
}

#[tokio::test]
async fn a_late_edit_is_stale_and_changes_nothing() {
    both_engines(async |db| {
        let desk = application(db, an_application("Cash Desk").build()).await;
        let id = entitlement(db, an_entitlement(desk, "First").build()).await;
        let version = db
            .read()
            .await
            .entitlement(id)
            .await
            .unwrap()
            .unwrap()
            .recorded_from;
        let mut tx = db.write().await;
        let target = tx
            .replace_entitlement(id, version, &an_entitlement(desk, "Second").build())
            .await
            .unwrap();
        commit(tx, [target]).await;
        let mut tx = db.write().await;
        let late = tx
            .replace_entitlement(id, version, &an_entitlement(desk, "Third").build())
            .await;
        assert!(matches!(late, Err(Error::Stale)));
        commit(tx, []).await;
        assert_eq!(
            db.read()
                .await
                .entitlement(id)
                .await
                .unwrap()
                .unwrap()
                .content
                .display_name,
            "Second"
        );
    })
    .await;
}

fn some_entitlement() -> impl Strategy<Value = EntitlementContent> {
    let levels = prop::option::of(select(Level::ALL));
    let words = (select(EntitlementKind::ALL), select(Lifecycle::ALL));
    (name(), 1_i64..4, levels, words, 0_i64..4, any::<bool>()).prop_map(
        |(name, application, risk, (kind, status), owner, requestable)| EntitlementContent {
            risk,
            requestable,
            owner: (owner > 0).then(|| IdentityId::from_raw(owner)),
            ..an_entitlement(ApplicationId::from_raw(application), &name)
                .kind(kind)
                .status(status)
                .build()
        },
    )
}

/// Three applications, of which the first two sort alike and the third is Ben's.
const APPLICATIONS: [&str; 3] = ["Éclair", "eclair", "Bank"];

async fn fill(db: &TestStore, contents: &[EntitlementContent]) -> Vec<Entitlement> {
    let ben = [
        person(db, a_person("Ana Silva").build()).await,
        person(db, a_person("Ben Okoro").build()).await,
    ][1];
    for (n, name) in APPLICATIONS.into_iter().enumerate() {
        let content = an_application(name).name(&format!("app{n}"));
        application(
            db,
            if n == 2 {
                content.owner(ben).build()
            } else {
                content.build()
            },
        )
        .await;
    }
    let mut tx = db.write().await;
    let mut all = Vec::new();
    for (n, content) in contents.iter().enumerate() {
        let content = EntitlementContent {
            name: format!("ent{n}"),
            ..content.clone()
        };
        let (id, _) = tx
            .insert_entitlement(&content)
            .await
            .expect("a new entitlement");
        all.push(Entitlement {
            id,
            recorded_from: tx.recorded(),
            content,
        });
    }
    commit(tx, []).await;
    all
}

fn application_name(id: ApplicationId) -> &'static str {
    APPLICATIONS[usize::try_from(id.raw() - 1).expect("one of three")]
}

fn row(entitlement: &Entitlement) -> EntitlementRow {
    let content = entitlement.content.clone();
    let owner = |id: IdentityId| match id.raw() {
        1 => "Ana Silva",
        2 => "Ben Okoro",
        _ => "",
    };
    EntitlementRow {
        id: entitlement.id,
        owner: content.owner.map(|id| (id, owner(id).to_owned())),
        application: (
            content.application,
            application_name(content.application).to_owned(),
        ),
        name: content.name,
        display_name: content.display_name,
        description: content.description,
        kind: content.kind,
        risk: content.risk,
        status: content.status,
        requestable: content.requestable,
    }
}

fn key(row: &EntitlementRow, sort: &str) -> String {
    match sort {
        "name" => text::fold(&row.display_name),
        "application" => text::fold(&row.application.1),
        "kind" => row.kind.word().to_owned(),
        "risk" => row.risk.map_or(0, |level| level as u8 + 1).to_string(),
        _ => row.status.word().to_owned(),
    }
}

#[test]
fn every_order_shows_every_row_once() {
    property(
        4,
        prop::collection::vec(some_entitlement(), 0..70),
        async |db, contents| {
            let all = fill(db, contents).await;
            let mut read = db.read().await;
            for sort in ["name", "application", "kind", "risk", "status"] {
                for descending in [false, true] {
                    let column = if descending {
                        format!("-{sort}")
                    } else {
                        sort.to_owned()
                    };
                    let query = sorted(&Search::default(), &column, 25);
                    let rows = walk(&query, async |query| {
                        read.entitlements(Visibility::All, None, query)
                            .await
                            .expect("a page")
                    })
                    .await;
                    let mut model: Vec<EntitlementRow> = all.iter().map(row).collect();
                    in_order(&mut model, descending, |row| (key(row, sort), row.id.raw()));
                    assert_eq!(rows, model, "sorted by {column}");
                }
            }
        },
    );
}

fn found(entitlement: &Entitlement, search: &Search) -> bool {
    let content = &entitlement.content;
    matches(
        search,
        &[&content.display_name, &content.name],
        |key, comparison, value| match (key, comparison) {
            ("risk", _) => level(content.risk, comparison, value),
            (
                _,
                Comparison::AtLeast | Comparison::AtMost | Comparison::Over | Comparison::Under,
            ) => false,
            ("status", _) => content.status.word() == value,
            ("kind", _) => content.kind.word() == value,
            ("name", _) => text::key(&content.name) == text::key(value),
            ("requestable", _) => {
                (content.requestable && matches!(value, "true" | "yes"))
                    || (!content.requestable && matches!(value, "false" | "no"))
            }
            ("application", _) => match value.parse::<ApplicationId>() {
                Ok(id) => content.application == id,
                Err(_) => format!("app{}", content.application.raw() - 1) == text::key(value),
            },
            ("owner", _) => match value {
                "none" => content.owner.is_none(),
                "me" | "Ben.Okoro" => content.owner == Some(IdentityId::from_raw(2)),
                _ => false,
            },
            _ => false,
        },
    )
}

#[test]
fn a_search_finds_exactly_what_it_says() {
    property(
        4,
        prop::collection::vec(some_entitlement(), 20..60),
        async |db, contents| {
            let all = fill(db, contents).await;
            let mut read = db.read().await;
            let second = ApplicationId::from_raw(2).to_string();
            for text in [
                "",
                "a",
                "silva",
                "ent1",
                "eclair",
                "status:active",
                "kind:licence",
                "kind:Licence",
                "risk:none",
                "risk>=high",
                "risk<=low",
                "risk>none",
                "risk:huge",
                "owner:none",
                "owner:me",
                "owner:Ben.Okoro",
                "owner:nobody",
                "name:ENT3",
                "requestable:yes",
                "requestable:no",
                "requestable:true",
                "requestable:false",
                "requestable:maybe",
                "application:APP1",
                "application:app",
                "colour:red",
                "status>active",
                "application:app0 risk>low requestable:yes",
                &format!("application:{second}"),
                "application:\"\0\"",
            ] {
                let search = Search::parse(text);
                let query = sorted(&search, "name", 25);
                let me = Some(IdentityId::from_raw(2));
                let rows = walk(&query, async |query| {
                    read.entitlements(Visibility::All, me, query)
                        .await
                        .expect("a page")
                })
                .await;
                let mut ids: Vec<EntitlementId> = rows.iter().map(|row| row.id).collect();
                ids.sort_unstable();
                let model: Vec<EntitlementId> = all
                    .iter()
                    .filter(|entitlement| found(entitlement, &search))
                    .map(|entitlement| entitlement.id)
                    .collect();
                assert_eq!(ids, model, "{text}");
            }
            let facets = read
                .entitlement_facets(Visibility::All, None, &Search::default())
                .await
                .expect("facets");
            let contents = || all.iter().map(|entitlement| &entitlement.content);
            let names: Vec<String> = contents()
                .map(|content| format!("app{}", content.application.raw() - 1))
                .collect();
            let model = [
                counted("application", 12, names.iter().map(String::as_str)),
                counted("kind", 5, contents().map(|content| content.kind.word())),
                counted(
                    "risk",
                    4,
                    contents().filter_map(|content| content.risk.map(Level::word)),
                ),
                counted("status", 3, contents().map(|content| content.status.word())),
            ];
            assert_eq!(facets.iter().map(told).collect::<Vec<_>>(), model);
        },
    );
}

#[tokio::test]
async fn an_owner_sees_their_own_and_those_of_their_applications() {
    both_engines(async |db| {
        let ana = person(db, a_person("Ana Silva").username("x").build()).await;
        let mine = application(db, an_application("X").owner(ana).build()).await;
        let other = application(db, an_application("Y").build()).await;
        let one = entitlement(db, an_entitlement(mine, "A").build()).await;
        let two = entitlement(
            db,
            an_entitlement(other, "B")
                .owner(ana)
                .risk(Level::High)
                .name("x")
                .build(),
        )
        .await;
        let three = entitlement(db, an_entitlement(other, "C").build()).await;
        let mut read = db.read().await;
        for (visibility, seen) in [
            (Visibility::All, vec![one, two, three]),
            (Visibility::Related(ana), vec![one, two]),
            (Visibility::Nothing, vec![]),
        ] {
            let page = read
                .entitlements(visibility, None, &search(""))
                .await
                .unwrap();
            assert_eq!(page.rows.iter().map(|row| row.id).collect::<Vec<_>>(), seen);
        }
        for token in TOKENS {
            let value = match *token {
                "status" => "active",
                "risk" => "high",
                "kind" => "permission",
                "requestable" | "grantable" => "yes",
                "description" => "none",
                _ => "x",
            };
            let page = read
                .entitlements(Visibility::All, None, &search(&format!("{token}:{value}")))
                .await
                .unwrap();
            assert!(!page.rows.is_empty(), "{token}:{value}");
        }
    })
    .await;
}
