//! Verification finds every byte that is changed behind the log's back, and nothing where nothing was changed.

use crate::history::{History, KEY_NAME, other_key, walk};
use domain::time::MINUTE;
use proptest::prelude::*;
use testkit::{Engine, both_engines, property};

/// A change of one column: table, column, SQL type, and which row.
type Change = (&'static str, &'static str, Of, &'static str);

/// What kind of column is changed, and how.
#[derive(Debug, Clone, Copy)]
enum Of {
    Text,
    Bytes,
    Number,
    Moment,
    /// To this expression: where a constraint or a type allows few values.
    To(&'static str),
}

impl Of {
    fn expression(self, engine: Engine, column: &str) -> String {
        match (self, engine) {
            (Self::Text, _) => format!(
                "(CASE WHEN substr({column}, 1, 1) = '~' THEN '!' ELSE '~' END) || substr(coalesce({column}, ''), 2)"
            ),
            (Self::Bytes, Engine::Sqlite) => {
                format!(
                    "CAST((CASE WHEN substr({column}, 1, 1) = x'20' THEN x'21' ELSE x'20' END) || substr({column}, 2) AS BLOB)"
                )
            }
            (Self::Bytes, Engine::Postgres) => {
                format!("set_byte({column}, 0, get_byte({column}, 0) # 1)")
            }
            // Far enough away to meet no other row.
            (Self::Number, _) => format!("{column} + 4096"),
            (Self::Moment, Engine::Sqlite) => format!("{column} + 1"),
            (Self::Moment, Engine::Postgres) => format!("{column} + interval '1 microsecond'"),
            (Self::To(expression), _) => expression.to_owned(),
        }
    }
}

const LOG: &[Change] = &[
    ("audit_entry", "seq", Of::Number, "seq = 9"),
    ("audit_entry", "recorded", Of::Moment, "seq = 9"),
    ("audit_entry", "actor", Of::Text, "seq = 9"),
    ("audit_entry", "action", Of::Text, "seq = 9"),
    ("audit_entry", "outcome", Of::Text, "seq = 9"),
    ("audit_entry", "request", Of::Text, "seq = 9"),
    ("audit_entry", "request", Of::To("NULL"), "seq = 9"),
    ("audit_entry", "leaf", Of::Bytes, "seq = 9"),
    ("audit_entry", "leaf_hash", Of::Bytes, "seq = 9"),
    ("audit_target", "seq", Of::Number, "seq = 9"),
    ("audit_target", "ordinal", Of::Number, "seq = 9"),
    ("audit_target", "kind", Of::Text, "seq = 9"),
    ("audit_target", "kind", Of::To("'application'"), "seq = 9"),
    ("audit_target", "object_id", Of::Number, "seq = 9"),
    ("audit_target", "content", Of::Bytes, "seq = 9"),
    ("audit_target", "content", Of::To("NULL"), "seq = 9"),
    ("audit_detail", "seq", Of::Number, "seq = 9"),
    ("audit_detail", "ordinal", Of::Number, "seq = 9"),
    ("audit_detail", "subject", Of::Text, "seq = 9"),
    ("audit_detail", "salt", Of::Bytes, "seq = 9"),
    ("audit_detail", "salt", Of::To("NULL"), "seq = 9"),
    ("audit_detail", "body", Of::Text, "seq = 9"),
    ("audit_detail", "body", Of::To("NULL"), "seq = 9"),
    ("audit_head", "seq", Of::To("seq + 1"), "id = 1"),
    ("audit_head", "seq", Of::To("seq - 1"), "id = 1"),
];

const SIGNED: &[Change] = &[
    (
        "audit_checkpoint",
        "size",
        Of::To("size + 1"),
        "size = (SELECT min(size) FROM audit_checkpoint)",
    ),
    (
        "audit_checkpoint",
        "size",
        Of::Number,
        "size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    (
        "audit_checkpoint",
        "size",
        Of::To("-1"),
        "size = (SELECT min(size) FROM audit_checkpoint)",
    ),
    (
        "audit_checkpoint",
        "root",
        Of::Bytes,
        "size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    (
        "audit_checkpoint",
        "frontier",
        Of::Bytes,
        "size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    (
        "audit_checkpoint",
        "note",
        Of::Text,
        "size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    (
        "audit_checkpoint",
        "note",
        Of::To("replace(note, 'A', 'B')"),
        "size = (SELECT max(size) FROM audit_checkpoint)",
    ),
    ("audit_node", "level", Of::To("2"), "level = 1"),
    ("audit_node", "position", Of::Number, "level = 1"),
    ("audit_node", "hash", Of::Bytes, "level = 1"),
];

const CURRENT: &str = "id = 2 AND recorded_to IS NULL";
const OLD: &str = "id = 2 AND recorded_to IS NOT NULL";

const PERSON: &[Change] = &[
    ("identity", "id", Of::Number, CURRENT),
    ("identity", "recorded_from", Of::Moment, CURRENT),
    ("identity", "recorded_to", Of::To("recorded_from"), CURRENT),
    ("identity", "salt", Of::Bytes, CURRENT),
    ("identity", "external_id", Of::Text, CURRENT),
    ("identity", "username", Of::Text, CURRENT),
    ("identity", "username_key", Of::Text, CURRENT),
    ("identity", "display_name", Of::Text, CURRENT),
    ("identity", "name_key", Of::Text, CURRENT),
    ("identity", "email", Of::Text, CURRENT),
    ("identity", "email_key", Of::Text, CURRENT),
    ("identity", "department", Of::Text, CURRENT),
    ("identity", "title", Of::Text, CURRENT),
    ("identity", "location", Of::Text, CURRENT),
    ("identity", "manager_id", Of::Number, CURRENT),
    ("identity", "manager_id", Of::To("NULL"), CURRENT),
    ("identity", "kind", Of::To("'agent'"), CURRENT),
    ("identity", "status", Of::To("'on_leave'"), CURRENT),
    ("identity", "start_date", Of::To("NULL"), CURRENT),
    ("identity", "end_date", Of::To("start_date"), CURRENT),
    ("identity", "attributes", Of::To("'{\"a\":\"b\"}'"), CURRENT),
    ("identity", "display_name", Of::Text, OLD),
    ("identity", "salt", Of::Bytes, OLD),
    ("identity", "recorded_from", Of::Moment, OLD),
    ("identity", "recorded_to", Of::Moment, OLD),
    ("application", "display_name", Of::Text, "id = 1"),
    ("application", "name_key", Of::Text, "id = 1"),
    ("entitlement", "description", Of::Text, "id = 1"),
    ("entitlement", "display_key", Of::Text, "id = 1"),
    ("assignment", "reason", Of::Text, "id = 1"),
    ("organisation", "name", Of::Text, "id = 1"),
];

const GIVEN: &str = "role_id IS NOT NULL";

const MODEL: &[Change] = &[
    ("assignment", "identity_id", Of::Number, GIVEN),
    ("assignment", "role_id", Of::Number, GIVEN),
    ("assignment", "agent", Of::To("'request'"), GIVEN),
    ("assignment", "state", Of::To("'suspended'"), GIVEN),
    ("assignment", "valid_from", Of::Moment, GIVEN),
    ("assignment", "valid_until", Of::To("NULL"), GIVEN),
    ("assignment", "rule_id", Of::To("1"), GIVEN),
    ("assignment", "granted_by", Of::Number, GIVEN),
    ("exclusion", "identity_id", Of::Number, "id = 1"),
    ("exclusion", "role_id", Of::Number, "id = 1"),
    ("exclusion", "reason", Of::Text, "id = 1"),
    ("exclusion", "owner_id", Of::Number, "id = 1"),
    ("exclusion", "state", Of::To("'ended'"), "id = 1"),
    ("exclusion", "valid_from", Of::Moment, "id = 1"),
    ("exclusion", "valid_until", Of::To("NULL"), "id = 1"),
    ("rule", "name", Of::Text, "id = 1"),
    ("rule", "name_key", Of::Text, "id = 1"),
    ("rule", "display_key", Of::Text, "id = 1"),
    ("rule", "description", Of::Text, "id = 1"),
    ("rule", "condition", Of::Text, "id = 1"),
    ("rule", "role_id", Of::Number, "id = 1"),
    ("rule", "owner_id", Of::Number, "id = 1"),
    ("rule", "state", Of::To("'active'"), "id = 1"),
    ("rule", "hand_over_days", Of::Number, "id = 1"),
    ("role", "display_name", Of::Text, "id = 1"),
];

/// Columns that only make sense together are named together.
fn named_with(column: &str) -> &[&'static str] {
    match column {
        "seq" => &["seq", "the row is missing"],
        "ordinal" | "level" | "position" => &["the row is missing", "ordinal", "level"],
        "kind" | "object_id" => &["kind and object_id"],
        "body" => &["salt and body", "body"],
        "id" | "recorded_from" | "recorded_to" => {
            &["id and recorded_from", "recorded_to", "is missing"]
        }
        _ => &[],
    }
}

async fn every_change_is_found(changes: &[Change]) {
    both_engines(async |store| {
        let history = History::write(store).await;
        for (table, column, of, row) in changes {
            let expression = of.expression(store.engine(), column);
            let saved = history.save(table).await;
            let rows = history
                .run(&format!(
                    "UPDATE {table} SET {column} = {expression} WHERE {row}"
                ))
                .await;
            assert!(rows >= 1, "{table}.{column}: no row {row}");
            let what = history
                .finding(&format!("{table}.{column} = {expression}"))
                .await;
            history.restore(table, &saved).await;
            let place = if *table == "audit_head" {
                "audit_"
            } else {
                table
            };
            assert!(what.starts_with(place), "{table}.{column}: {what}");
            let of_the_row = [
                "the columns do not have the hash",
                "a column for sorting",
                "cannot be read",
            ];
            let versioned =
                !table.starts_with("audit_") && of_the_row.iter().any(|words| what.contains(words));
            let named = what.contains(column)
                || named_with(column).iter().any(|words| what.contains(words));
            assert!(
                versioned || named || *table == "audit_head",
                "{table}.{column}: {what}"
            );
        }
        history.holds().await;
    })
    .await;
}

#[tokio::test]
async fn every_column_of_the_log_is_watched() {
    every_change_is_found(LOG).await;
}

#[tokio::test]
async fn every_column_of_what_is_signed_is_watched() {
    every_change_is_found(SIGNED).await;
}

#[tokio::test]
async fn every_column_of_a_person_is_watched() {
    every_change_is_found(PERSON).await;
}

#[tokio::test]
async fn every_column_of_the_access_model_is_watched() {
    every_change_is_found(MODEL).await;
}

#[tokio::test]
async fn rows_that_are_gone_or_were_added_are_found() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let last = history.last().await;
        let cases = [
            ("audit_entry", "DELETE FROM audit_entry WHERE seq = 9".to_owned(), "audit_entry 9: the row is missing".to_owned()),
            ("audit_entry", format!("DELETE FROM audit_entry WHERE seq = {last}"), format!("audit_entry {last}: the row is missing")),
            ("audit_entry", format!("INSERT INTO audit_entry SELECT {last} + 1, recorded, actor, action, outcome, request, leaf, leaf_hash FROM audit_entry WHERE seq = {last}"), format!("audit_entry {}: the row stands after the last entry", last + 1)),
            ("audit_entry", "INSERT INTO audit_entry SELECT 0, recorded, actor, action, outcome, request, leaf, leaf_hash FROM audit_entry WHERE seq = 1".to_owned(), "audit_entry 0: the column seq".to_owned()),
            ("audit_target", "DELETE FROM audit_target WHERE seq = 9".to_owned(), "audit_target (9, 0): the row is missing".to_owned()),
            ("audit_target", "INSERT INTO audit_target SELECT 9, 1, kind, object_id, content FROM audit_target WHERE seq = 9".to_owned(), "audit_target (9, 1): no leaf names this row".to_owned()),
            ("audit_target", "INSERT INTO audit_target SELECT 9999, 0, kind, object_id, content FROM audit_target WHERE seq = 9".to_owned(), "audit_target (9999, 0): no leaf names this row".to_owned()),
            ("audit_detail", "DELETE FROM audit_detail WHERE seq = 9".to_owned(), "audit_detail (9, 0): the row is missing".to_owned()),
            ("audit_detail", "INSERT INTO audit_detail SELECT -3, 0, subject, salt, body FROM audit_detail WHERE seq = 9".to_owned(), "audit_detail (-3, 0): no leaf names this row".to_owned()),
            ("audit_node", "DELETE FROM audit_node".to_owned(), "audit_node (1, 0): the row is missing".to_owned()),
            ("audit_node", "INSERT INTO audit_node SELECT level, position + 1, hash FROM audit_node".to_owned(), "audit_node (1, 1): no tree".to_owned()),
            ("identity", format!("DELETE FROM identity WHERE {CURRENT}"), "the current row is missing".to_owned()),
            ("identity", "DELETE FROM identity WHERE id = 3".to_owned(), "recorded is missing".to_owned()),
            ("identity", format!("DELETE FROM identity WHERE {OLD}"), "recorded is missing".to_owned()),
            ("application", "DELETE FROM application".to_owned(), "recorded is missing".to_owned()),
        ];
        for (table, change, expected) in cases {
            let saved = history.save(table).await;
            assert!(history.run(&change).await >= 1, "{change}");
            let what = history.finding(&change).await;
            history.restore(table, &saved).await;
            assert!(what.contains(&expected), "{change}: {what}");
        }
        history.holds().await;
    })
    .await;
}

#[tokio::test]
async fn history_that_is_rewritten_consistently_is_found_by_what_was_signed() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let kept = history.note().await;
        history.rewrite(9, "idn_86Rf07xd4z").await;
        let what = history.finding("rewritten").await;
        assert!(
            what.starts_with("audit_checkpoint") && what.contains("was signed"),
            "{what}"
        );
        // Without the checkpoints in the database, only the one that was kept elsewhere shows it.
        history.run("DELETE FROM audit_checkpoint").await;
        history.run("DELETE FROM audit_node").await;
        history.holds().await;
        let report = history.verify_since(Some(&kept)).await;
        let what = report.finding.expect("a finding").what;
        assert!(what.contains("history was rewritten"), "{what}");
        let what = history
            .verify_since(Some("no note"))
            .await
            .finding
            .expect("a finding")
            .what;
        assert!(what.contains("is not believed"), "{what}");
    })
    .await;
}

#[tokio::test]
async fn a_kept_checkpoint_holds_and_a_shorter_log_does_not() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let kept = history.note().await;
        assert_eq!(history.verify_since(Some(&kept)).await.finding, None);
        history.run("UPDATE audit_head SET seq = 7").await;
        let what = history
            .verify_since(Some(&kept))
            .await
            .finding
            .expect("a finding")
            .what;
        assert!(what.contains("entries were taken away"), "{what}");
    })
    .await;
}

#[tokio::test]
async fn another_key_is_not_believed() {
    both_engines(async |store| {
        let history = History::write(store).await;
        let report = service::audit::verify(store.store(), &[other_key()], None)
            .await
            .expect("verifies");
        let what = report.finding.expect("a finding").what;
        assert!(what.contains("no trusted key signed"), "{what}");
        assert!(history.note().await.starts_with(KEY_NAME));
    })
    .await;
}

#[tokio::test]
async fn what_is_erased_is_counted_and_breaks_nothing() {
    both_engines(async |store| {
        let history = History::write(store).await;
        history
            .run("UPDATE audit_detail SET salt = NULL, body = NULL WHERE seq = 9")
            .await;
        let report = history.holds().await;
        assert_eq!(report.erased_details, 1);
        assert!(
            report.details > 0 && report.versions > 0 && report.checkpoints == 2,
            "{report}"
        );
    })
    .await;
}

#[tokio::test]
async fn nothing_is_signed_over_a_broken_log() {
    both_engines(async |store| {
        let history = History::write(store).await;
        assert_eq!(
            service::audit::checkpoint(&history.service)
                .await
                .expect("nothing new"),
            None
        );
        for change in [
            "frontier = root",
            "note = replace(note, 'A', 'B')",
            "root = frontier",
        ] {
            let saved = history.save("audit_checkpoint").await;
            store.clock().advance(MINUTE);
            history.more().await;
            history
                .run(&format!("UPDATE audit_checkpoint SET {change}"))
                .await;
            let refused = service::audit::checkpoint(&history.service)
                .await
                .expect_err("not signed again")
                .to_string();
            assert!(
                refused.contains("is damaged and is not signed again"),
                "{refused}"
            );
            history.restore("audit_checkpoint", &saved).await;
        }
        let last = history.last().await;
        let saved = history.save("audit_entry").await;
        history
            .run(&format!(
                "UPDATE audit_entry SET leaf_hash = leaf WHERE seq = {last}"
            ))
            .await;
        let refused = service::audit::checkpoint(&history.service)
            .await
            .expect_err("not signed again")
            .to_string();
        assert!(refused.contains("does not have its hash"), "{refused}");
        history.restore("audit_entry", &saved).await;
        assert!(
            service::audit::checkpoint(&history.service)
                .await
                .expect("signs")
                .is_some()
        );
        history.holds().await;
    })
    .await;
}

#[tokio::test]
async fn two_nodes_may_sign_at_once() {
    both_engines(async |store| {
        let history = History::write(store).await;
        history.more().await;
        let (one, two) = tokio::join!(
            service::audit::checkpoint(&history.service),
            service::audit::checkpoint(&history.service)
        );
        let made = [one, two]
            .into_iter()
            .filter_map(|made| made.expect("signs"))
            .count();
        assert_eq!(made, 1);
        assert_eq!(history.holds().await.checkpoints, 3);
    })
    .await;
}

#[test]
fn every_untouched_history_holds() {
    property(
        6,
        prop::collection::vec((0_u8..7, 0_u8..4), 1..30),
        async |store, steps| {
            let history = walk(store, steps).await;
            let report = history.holds().await;
            assert_eq!(i64::try_from(report.entries), Ok(history.last().await));
        },
    );
}
