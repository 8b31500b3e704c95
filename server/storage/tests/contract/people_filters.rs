//! What words and tokens find among people, against a model.

use domain::id::IdentityId;
use domain::identity::Identity;
use domain::permission::Visibility;
use domain::search::{Comparison, Search};
use domain::text;
use domain::time::Date;
use proptest::prelude::*;
use proptest::sample::select;
use storage::identities::TOKENS;
use testkit::{a_person, both_engines, property};

use crate::list_model::{has_words, holds, in_order, matches};
use crate::people_list::{fill, name, someone};
use crate::support::{people, search};
use crate::walk::{sorted, walk};

const ME: IdentityId = IdentityId::from_raw(2);

/// One part of a search: words of names and parts of them, tokens with values that exist and that do not.
fn term() -> impl Strategy<Value = String> {
    let comparison = select(vec![":", ">=", "<=", ">", "<"]);
    let value = select(vec![
        "none",
        "2026-01-05",
        "9999-12-31",
        "2025-12-30",
        "soon",
        "-009999-01-01",
    ]);
    let tokens = vec![
        "status:active",
        "status:ended",
        "status:nonsense",
        "kind:employee",
        "kind:Agent",
        "department:Finance",
        "department:none",
        "department:\"Human Resources\"",
        "title:Edited",
        "location:\"São Paulo\"",
        "location:porto",
        "manager:none",
        "manager:me",
        "manager:u1",
        "manager:U0",
        "manager:ana",
        "manager:\"silva an\"",
        "manager:nobody",
        "username:u3",
        "username:U4",
        "username:u",
        "colour:red",
        "status>active",
        "username:\"u\0\"",
        "manager>=none",
        "\"\0\"",
        "department:\"'; --\"",
    ];
    prop_oneof![
        2 => name().prop_map(|name| format!("\"{}\"", name.replace('"', ""))),
        2 => select(vec!["a", "an", "silv", "ZO", "é", "o'neil", "soder", "u1", "x2", "m1@example", "example", "李", "%", "_", "-", "fi"]).prop_map(str::to_owned),
        5 => select(tokens).prop_map(str::to_owned),
        2 => (comparison, value).prop_map(|(comparison, value)| format!("ends{comparison}{value}")),
        1 => (1_i64..5).prop_map(|raw| format!("manager:{}", IdentityId::from_raw(raw))),
    ]
}

fn found(identity: &Identity, all: &[Identity], search: &Search) -> bool {
    let content = &identity.content;
    matches(search, &texts(identity), |key, comparison, value| {
        match (key, comparison) {
            ("ends", Comparison::Is) if value == "none" => content.end_date.is_none(),
            ("ends", _) => value.parse::<Date>().is_ok_and(|day| {
                content
                    .end_date
                    .is_some_and(|end| holds(&end, comparison, &day))
            }),
            (
                _,
                Comparison::AtLeast | Comparison::AtMost | Comparison::Over | Comparison::Under,
            ) => false,
            ("status", _) => content.status.word() == value,
            ("kind", _) => content.kind.word() == value,
            ("department", _) if value == "none" => content.department.is_empty(),
            ("department", _) => content.department == value,
            ("title", _) => content.title == value,
            ("location", _) => content.location == value,
            ("username", _) => text::key(&content.username) == text::key(value),
            ("manager", _) if value == "none" => content.manager.is_none(),
            ("manager", _) => all
                .iter()
                .filter(|m| Some(m.id) == content.manager)
                .any(|manager| {
                    if value == "me" {
                        return manager.id == ME;
                    }
                    let named = || {
                        text::key(&manager.content.username) == text::key(value)
                            || has_words(&texts(manager), value)
                    };
                    value
                        .parse::<IdentityId>()
                        .map_or_else(|_| named(), |id| manager.id == id)
                }),
            _ => false,
        }
    })
}

fn texts(identity: &Identity) -> [&str; 4] {
    let content = &identity.content;
    [
        &content.display_name,
        &content.username,
        &content.email,
        &content.external_id,
    ]
}

#[test]
fn a_search_finds_exactly_what_it_says() {
    let searches = prop::collection::vec(prop::collection::vec(term(), 1..3), 40);
    let specs = prop::collection::vec(someone(), 20..60);
    property(6, (specs, searches), async |db, (specs, searches)| {
        let all = fill(db, specs).await;
        let mut read = db.read().await;
        for terms in searches {
            let search = Search::parse(&terms.join(" "));
            let mut model: Vec<&Identity> = all
                .iter()
                .filter(|identity| found(identity, &all, &search))
                .collect();
            for column in ["changed", "name", "-name"] {
                let query = sorted(&search, column, 25);
                let rows = walk(&query, async |query| {
                    read.identities(Visibility::All, Some(ME), query)
                        .await
                        .expect("a page")
                })
                .await;
                let mut ids: Vec<IdentityId> = rows.iter().map(|row| row.id).collect();
                // By name, words are looked up another way, so the order is compared, too.
                if column == "changed" {
                    ids.sort_unstable();
                    model.sort_by_key(|identity| identity.id);
                } else {
                    let name =
                        |identity: &&Identity| domain::text::fold(&identity.content.display_name);
                    in_order(&mut model, column.starts_with('-'), |identity| {
                        (name(identity), identity.id.raw())
                    });
                }
                let model: Vec<IdentityId> = model.iter().map(|identity| identity.id).collect();
                assert_eq!(ids, model, "{search} by {column}");
            }
        }
    });
}

#[tokio::test]
async fn every_token_of_the_list_is_known() {
    both_engines(async |db| {
        let ana = a_person("Ana Silva")
            .department("x")
            .title("x")
            .location("x")
            .username("x")
            .build();
        let kim = people(db, &[ana]).await[0];
        people(
            db,
            &[a_person("Ben")
                .manager(kim)
                .ends(crate::support::day("2026-01-01"))
                .build()],
        )
        .await;
        let mut read = db.read().await;
        for token in TOKENS {
            let value = match *token {
                "status" => "active",
                "kind" => "employee",
                "ends" => "2026-01-01",
                "access" => "none",
                _ => "x",
            };
            let page = read
                .identities(Visibility::All, None, &search(&format!("{token}:{value}")))
                .await
                .unwrap();
            assert!(!page.rows.is_empty(), "{token}:{value}");
        }
    })
    .await;
}

#[tokio::test]
async fn words_follow_an_edit() {
    both_engines(async |db| {
        let id = people(db, &[a_person("Ana Silva").build()]).await[0];
        let mut tx = db.write().await;
        let version = tx.identity(id).await.unwrap().unwrap().recorded_from;
        let target = tx
            .replace_identity(
                id,
                version,
                &a_person("Ana Souza").username("ana").email("").build(),
            )
            .await
            .unwrap();
        crate::support::commit(tx, [target]).await;
        let mut read = db.read().await;
        for (text, total) in [
            ("souza", 1),
            ("silva", 0),
            ("ana.silva", 0),
            ("ana souza", 1),
            ("ana silva", 0),
        ] {
            assert_eq!(
                read.identities(Visibility::All, None, &search(text))
                    .await
                    .unwrap()
                    .total,
                total,
                "{text}"
            );
        }
    })
    .await;
}
