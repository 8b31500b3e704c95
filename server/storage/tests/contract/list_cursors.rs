//! Cursors that were made up, changed, or belong to another order begin at the first page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::identity::IdentityContent;
use domain::page::{ListQuery, Position};
use domain::permission::Visibility;
use domain::search::Search;
use testkit::{a_person, both_engines};

use crate::support::people;
use crate::walk::sorted;

fn thirty() -> Vec<IdentityContent> {
    (0..30)
        .map(|n| a_person(&format!("Person {n:02}")).build())
        .collect()
}

fn forged(sort: &str, descending: bool, key: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!(
        r#"{{"s":"{sort}","d":{descending},"k":{key},"i":3}}"#
    ))
}

#[tokio::test]
async fn a_cursor_of_another_order_or_none_at_all_begins_at_the_start() {
    both_engines(async |db| {
        people(db, &thirty()).await;
        let mut read = db.read().await;
        let by_name = sorted(&Search::default(), "name", 25);
        let first = read
            .identities(Visibility::All, None, &by_name)
            .await
            .unwrap();
        let descending = read
            .identities(
                Visibility::All,
                None,
                &sorted(&Search::default(), "-name", 25),
            )
            .await
            .unwrap();
        let by_end = read
            .identities(
                Visibility::All,
                None,
                &sorted(&Search::default(), "ends", 25),
            )
            .await
            .unwrap();
        let wrong = [
            String::new(),
            "garbage".to_owned(),
            "ä=&%00".to_owned(),
            URL_SAFE_NO_PAD.encode("{}"),
            URL_SAFE_NO_PAD.encode([0xff, 0xfe]),
            descending.after.unwrap(),
            by_end.after.unwrap(),
            forged("name", false, r#"{"Int":1}"#),
            forged("name", false, r#"{"At":1}"#),
            forged("name", false, r#"{"Bool":true}"#),
            forged("name", false, r#"{"Day":"2026-02-30"}"#),
            forged("salt", false, r#"{"Text":"a"}"#),
        ];
        for cursor in wrong {
            for position in [
                Position::After(cursor.clone()),
                Position::Before(cursor.clone()),
            ] {
                let page = read
                    .identities(
                        Visibility::All,
                        None,
                        &ListQuery {
                            position,
                            ..by_name.clone()
                        },
                    )
                    .await
                    .unwrap();
                assert_eq!(page, first, "{cursor}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_forged_value_is_only_a_place_in_the_order() {
    both_engines(async |db| {
        people(db, &thirty()).await;
        let mut read = db.read().await;
        for (sort, key) in [
            ("name", r#"{"Text":"a\u0000'; DROP TABLE identity; --"}"#),
            ("ends", r#"{"Day":"-009999-01-01"}"#),
            ("ends", r#"{"Day":"9999-12-31"}"#),
            ("changed", r#"{"At":-9223372036854775808}"#),
            ("changed", r#"{"At":9223372036854775807}"#),
        ] {
            for position in [
                Position::After(forged(sort, false, key)),
                Position::Before(forged(sort, false, key)),
            ] {
                let query = ListQuery {
                    position,
                    ..sorted(&Search::default(), sort, 25)
                };
                let page = read
                    .identities(Visibility::All, None, &query)
                    .await
                    .unwrap();
                assert_eq!(page.total, 30, "{sort} {key}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn a_place_stays_when_its_row_changes() {
    both_engines(async |db| {
        let ids = people(db, &thirty()).await;
        let by_name = sorted(&Search::default(), "name", 25);
        let first = db
            .read()
            .await
            .identities(Visibility::All, None, &by_name)
            .await
            .unwrap();
        let mut tx = db.write().await;
        let last = tx.identity(ids[24]).await.unwrap().unwrap();
        let target = tx
            .replace_identity(last.id, last.recorded_from, &a_person("Aaron").build())
            .await
            .unwrap();
        crate::support::commit(tx, [target]).await;
        let query = ListQuery {
            position: Position::After(first.after.unwrap()),
            ..by_name
        };
        let second = db
            .read()
            .await
            .identities(Visibility::All, None, &query)
            .await
            .unwrap();
        assert_eq!(
            second.rows.iter().map(|row| row.id).collect::<Vec<_>>(),
            ids[25..]
        );
    })
    .await;
}
