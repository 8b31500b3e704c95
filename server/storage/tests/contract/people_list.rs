//! The list of people in every order, against a model; who sees whom; what there is to narrow it by.

use std::collections::BTreeMap;

use domain::id::IdentityId;
use domain::identity::{Identity, IdentityContent, IdentityKind, IdentityStatus};
use domain::page::{Facet, SIZES};
use domain::permission::Visibility;
use domain::search::Search;
use domain::text;
use proptest::prelude::*;
use proptest::sample::select;
use storage::identities::IdentityRow;
use testkit::{TestStore, a_person, both_engines, property};

use crate::list_model::in_order;
use crate::support::{day, people, person, search};
use crate::walk::{sorted, walk};

const SORTS: [&str; 6] = ["name", "department", "status", "kind", "ends", "changed"];

/// Names with accents, in several scripts, that fold to the same, or to nothing.
pub(crate) fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => select(vec!["Ana Silva", "ANA SÍLVA", "ana  silva", "Zoë Ångström", "Émile Zola", "O'Neil-Söder", "李 小龙", "ﬁnn ß", "\u{301}", "Ω 1"]).prop_map(str::to_owned),
        2 => "[A-Za-zÀ-žα-ω' .-]{1,12}",
        1 => "\\PC{1,8}",
    ]
}

/// One person without a username, who may report to the one with this number.
pub(crate) fn someone() -> impl Strategy<Value = (IdentityContent, Option<usize>)> {
    let department = select(vec![
        "",
        "Finance",
        "finance",
        "Human Resources",
        "Éducation",
        "Zentrale",
    ]);
    let location = select(vec!["", "Porto", "São Paulo"]);
    let end = select(vec![
        "",
        "2025-12-31",
        "2026-01-05",
        "2026-01-05",
        "9999-12-31",
    ]);
    let words = (select(IdentityKind::ALL), select(IdentityStatus::ALL));
    (
        name(),
        department,
        location,
        end,
        words,
        prop::option::of(0_usize..3),
    )
        .prop_map(
            |(name, department, location, end, (kind, status), manager)| {
                let person = a_person(&name)
                    .department(department)
                    .location(location)
                    .title(department)
                    .kind(kind)
                    .status(status);
                let person = if end.is_empty() {
                    person
                } else {
                    person.ends(day(end))
                };
                (person.build(), manager)
            },
        )
}

/// Adds them in groups that share a moment. Every tenth is edited once, so that there are old versions.
pub(crate) async fn fill(
    db: &TestStore,
    specs: &[(IdentityContent, Option<usize>)],
) -> Vec<Identity> {
    let contents: Vec<IdentityContent> = specs
        .iter()
        .enumerate()
        .map(|(n, (content, manager))| IdentityContent {
            username: format!("u{n}"),
            external_id: format!("x{n}"),
            email: if n % 3 == 0 {
                String::new()
            } else {
                format!("m{n}@example.com")
            },
            manager: manager.map(|n| IdentityId::from_raw(i64::try_from(n).expect("small") + 1)),
            ..content.clone()
        })
        .collect();
    for group in contents.chunks(37) {
        db.clock().advance(1_000);
        people(db, group).await;
    }
    db.clock().advance(1_000);
    let mut tx = db.write().await;
    let mut all = Vec::new();
    for n in 0..contents.len() {
        let id = IdentityId::from_raw(i64::try_from(n).expect("small") + 1);
        let mut identity = tx
            .identity(id)
            .await
            .expect("an identity")
            .expect("is there");
        if n % 10 == 9 {
            "Edited".clone_into(&mut identity.content.title);
            tx.replace_identity(id, identity.recorded_from, &identity.content)
                .await
                .expect("an edit");
            identity.recorded_from = tx.recorded();
        }
        all.push(identity);
    }
    crate::support::commit(tx, []).await;
    all
}

/// The row that a list shows of an identity.
pub(crate) fn row(identity: &Identity, all: &[Identity]) -> IdentityRow {
    let content = identity.content.clone();
    let name = |id: IdentityId| {
        all.iter()
            .find(|m| m.id == id)
            .map(|m| m.content.display_name.clone())
            .unwrap_or_default()
    };
    IdentityRow {
        id: identity.id,
        recorded_from: identity.recorded_from,
        manager: content.manager.map(|id| (id, name(id))),
        username: content.username,
        display_name: content.display_name,
        email: content.email,
        title: content.title,
        department: content.department,
        location: content.location,
        kind: content.kind,
        status: content.status,
        start_date: content.start_date,
        end_date: content.end_date,
    }
}

/// Who is alike in a column stands by name. No text that was typed holds the sign between, and every other is larger.
fn then_by_name(text: &str, row: &IdentityRow) -> String {
    format!("{text}\u{1}{}", text::fold(&row.display_name))
}

/// The text that a column sorts by.
fn key(row: &IdentityRow, sort: &str) -> String {
    match sort {
        "name" => text::fold(&row.display_name),
        "department" => then_by_name(&row.department, row),
        "status" => then_by_name(row.status.word(), row),
        "kind" => then_by_name(row.kind.word(), row),
        "ends" => row
            .end_date
            .map_or_else(|| "9999-12-31".to_owned(), |day| day.to_string()),
        _ => row.recorded_from.to_string(),
    }
}

#[test]
fn every_order_shows_every_row_once() {
    let specs = prop::collection::vec(someone(), 0..120);
    property(
        5,
        (specs, select(SIZES.to_vec())),
        async |db, (specs, size)| {
            let all = fill(db, specs).await;
            let mut read = db.read().await;
            for sort in SORTS {
                for descending in [false, true] {
                    let column = if descending {
                        format!("-{sort}")
                    } else {
                        sort.to_owned()
                    };
                    let query = sorted(&Search::default(), &column, *size);
                    let rows = walk(&query, async |query| {
                        read.identities(Visibility::All, None, query)
                            .await
                            .expect("a page")
                    })
                    .await;
                    let mut model: Vec<IdentityRow> =
                        all.iter().map(|identity| row(identity, &all)).collect();
                    in_order(&mut model, descending, |row| (key(row, sort), row.id.raw()));
                    assert_eq!(rows, model, "sorted by {column}");
                }
            }
        },
    );
}

#[tokio::test]
async fn without_an_order_or_with_an_unknown_one_it_is_sorted_by_name() {
    both_engines(async |db| {
        people(
            db,
            &[
                a_person("Ben").build(),
                a_person("álvaro").build(),
                a_person("Ana").build(),
            ],
        )
        .await;
        let mut read = db.read().await;
        for query in [search(""), sorted(&Search::default(), "-salt", 25)] {
            let page = read
                .identities(Visibility::All, None, &query)
                .await
                .unwrap();
            let names: Vec<&str> = page
                .rows
                .iter()
                .map(|row| row.display_name.as_str())
                .collect();
            assert_eq!(names, ["álvaro", "Ana", "Ben"]);
        }
    })
    .await;
}

#[tokio::test]
async fn one_lists_whom_one_manages_and_not_oneself() {
    both_engines(async |db| {
        let kim = person(db, a_person("Kim Lee").build()).await;
        let ana = person(db, a_person("Ana Silva").manager(kim).build()).await;
        let ben = person(db, a_person("Ben Okoro").manager(ana).build()).await;
        let mut read = db.read().await;
        for (visibility, seen) in [
            (Visibility::All, vec![ana, ben, kim]),
            (Visibility::Related(kim), vec![ana]),
            (Visibility::Related(ana), vec![ben]),
            (Visibility::Related(ben), vec![]),
            (Visibility::Related(IdentityId::from_raw(9)), vec![]),
            (Visibility::Nothing, vec![]),
        ] {
            let page = read
                .identities(visibility, None, &search(""))
                .await
                .unwrap();
            assert_eq!(
                page.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
                seen,
                "{visibility:?}"
            );
            assert_eq!(page.total, seen.len() as u64);
            let facets = read
                .identity_facets(visibility, None, &Search::default())
                .await
                .unwrap();
            let counted: u64 = facets[0].values.iter().map(|value| value.count).sum();
            assert_eq!(counted, seen.len() as u64, "{visibility:?}");
        }
        let page = read
            .identities(Visibility::Related(ana), None, &search("kim"))
            .await
            .unwrap();
        assert_eq!(page.rows, [], "a search widens nothing");
    })
    .await;
}

/// The most frequent values first; empty ones are none.
pub(crate) fn counted<'a>(
    key: &'static str,
    most: usize,
    values: impl Iterator<Item = &'a str>,
) -> (&'static str, Vec<(String, u64)>) {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for value in values.filter(|value| !value.is_empty()) {
        *counts.entry(value).or_default() += 1;
    }
    let mut counts: Vec<(String, u64)> = counts
        .into_iter()
        .map(|(value, n)| (value.to_owned(), n))
        .collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts.truncate(most);
    (key, counts)
}

/// A facet in the same form.
pub(crate) fn told(facet: &Facet) -> (&'static str, Vec<(String, u64)>) {
    (
        facet.key,
        facet
            .values
            .iter()
            .map(|value| (value.value.clone(), value.count))
            .collect(),
    )
}

#[test]
fn facets_count_what_is_there() {
    property(
        4,
        prop::collection::vec(someone(), 0..60),
        async |db, specs| {
            let all: Vec<IdentityRow> = fill(db, specs)
                .await
                .iter()
                .map(|identity| row(identity, &[]))
                .collect();
            let active = Search::parse("status:active");
            for (search, rows) in [
                (Search::default(), all.iter().collect::<Vec<_>>()),
                (
                    active,
                    all.iter()
                        .filter(|row| row.status == IdentityStatus::Active)
                        .collect(),
                ),
            ] {
                let facets = db
                    .read()
                    .await
                    .identity_facets(Visibility::All, None, &search)
                    .await
                    .expect("facets");
                let model = [
                    counted("status", 4, rows.iter().map(|row| row.status.word())),
                    counted("kind", 5, rows.iter().map(|row| row.kind.word())),
                    counted(
                        "department",
                        12,
                        rows.iter().map(|row| row.department.as_str()),
                    ),
                    counted("location", 12, rows.iter().map(|row| row.location.as_str())),
                ];
                assert_eq!(facets.iter().map(told).collect::<Vec<_>>(), model);
            }
        },
    );
}

#[test]
fn the_list_is_the_same_after_the_planner_looked_at_the_tables() {
    property(
        2,
        prop::collection::vec(someone(), 0..60),
        async |db, specs| {
            fill(db, specs).await;
            let query = sorted(&Search::parse("status:active"), "department", 25);
            let list = async || {
                let mut read = db.read().await;
                let page = read.identities(Visibility::All, None, &query).await;
                page.expect("a page").rows
            };
            let before = list().await;
            for tables in [&[][..], &["identity"][..]] {
                db.store().optimize(tables).await.expect("looks at them");
                assert_eq!(before, list().await);
            }
        },
    );
}

#[tokio::test]
async fn people_with_many_words_that_begin_alike_are_listed_once_and_all() {
    both_engines(async |db| {
        let all: Vec<IdentityContent> = (0..70)
            .map(|number| {
                let words = (0..12).map(|word| format!("Ma{word}x{number:02}"));
                let words: Vec<String> = words.collect();
                a_person(&format!("{number:02} {}", words.join(" "))).build()
            })
            .collect();
        let ids = people(db, &all).await;
        let mut query = search("ma");
        let mut read = db.read().await;
        let first = read
            .identities(Visibility::All, None, &query)
            .await
            .unwrap();
        let found = |page: &domain::page::Page<IdentityRow>| {
            page.rows.iter().map(|row| row.id).collect::<Vec<_>>()
        };
        assert_eq!((found(&first), first.total), (ids[..50].to_vec(), 70));
        query.position = domain::page::Position::After(first.after.unwrap());
        let second = read
            .identities(Visibility::All, None, &query)
            .await
            .unwrap();
        assert_eq!((found(&second), second.after), (ids[50..].to_vec(), None));
    })
    .await;
}
