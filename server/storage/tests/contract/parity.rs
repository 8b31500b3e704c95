//! The two schemas are one: tables, columns, keys and indexes of both engines, read from their catalogues.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, PgPool, SqlitePool};
use storage::Store;
use testkit::{Engine, TestStore};

#[derive(Debug, Default, PartialEq, Eq)]
struct Table {
    /// Name, family of types, whether it may be null; in their order.
    columns: Vec<(String, &'static str, bool)>,
    primary_key: Vec<String>,
    /// By name: unique, key expressions, condition.
    indexes: BTreeMap<String, (bool, Vec<String>, String)>,
}

type Schema = BTreeMap<String, Table>;

/// The one index that is not the same, and why: PostgreSQL keeps alike entries together, and with the last column none are
/// alike (38 instead of 7 bytes a grant); SQLite does not, and reads a page of the list in the order of it.
const SHORTER_ON_POSTGRES: (&str, &str, &str) =
    ("observed_access", "observed_access_by_age", "identity_id");

#[tokio::test]
async fn both_schemas_have_the_same_tables_columns_keys_and_indexes() {
    let (sqlite, postgres) = (
        TestStore::new(Engine::Sqlite).await,
        TestStore::new(Engine::Postgres).await,
    );
    let (Store::Sqlite { readers, .. }, Store::Postgres { pool, .. }) =
        (sqlite.store(), postgres.store())
    else {
        panic!("a store of each engine");
    };
    let (mut one, other) = (of_sqlite(readers).await, of_postgres(pool).await);
    let (table, index, last) = SHORTER_ON_POSTGRES;
    let columns = one
        .get_mut(table)
        .and_then(|table| table.indexes.get_mut(index))
        .map(|index| &mut index.1);
    assert_eq!(columns.and_then(Vec::pop).as_deref(), Some(last));
    assert!(
        one.len() > 15 && one["identity"].indexes.len() > 5,
        "the catalogue was read: {one:#?}"
    );
    assert_eq!(
        one.keys().collect::<Vec<_>>(),
        other.keys().collect::<Vec<_>>()
    );
    for (name, table) in &one {
        assert_eq!(
            table, &other[name],
            "table {name}: SQLite left, PostgreSQL right"
        );
    }
}

/// Texts are compared byte by byte on both engines, also when they are sorted.
#[tokio::test]
async fn postgres_compares_texts_as_sqlite_does() {
    let db = TestStore::new(Engine::Postgres).await;
    let Store::Postgres { pool, .. } = db.store() else {
        panic!("a PostgreSQL store")
    };
    let odd: Vec<(String, String)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text FROM information_schema.columns \
         WHERE table_schema = 'public' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C' AND table_name <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    assert_eq!(odd, [], "these need COLLATE \"C\"");
}

async fn of_sqlite(pool: &SqlitePool) -> Schema {
    let names: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> '_sqlx_migrations'")
        .fetch_all(pool)
        .await
        .expect("tables");
    let mut schema = Schema::new();
    for name in names {
        let text = format!(
            "SELECT name, type, \"notnull\", pk FROM pragma_table_info('{name}') ORDER BY cid"
        );
        let columns: Vec<(String, String, bool, i64)> = sqlx::query_as(AssertSqlSafe(text))
            .fetch_all(pool)
            .await
            .expect("columns");
        let mut key: Vec<(i64, String)> = columns
            .iter()
            .filter(|column| column.3 > 0)
            .map(|column| (column.3, column.0.clone()))
            .collect();
        key.sort();
        let text = format!(
            "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL AND tbl_name = '{name}'"
        );
        let indexes: Vec<(String, String)> = sqlx::query_as(AssertSqlSafe(text))
            .fetch_all(pool)
            .await
            .expect("indexes");
        let table = Table {
            // A key column of a STRICT table is never null, whether or not the catalogue repeats it.
            columns: columns
                .into_iter()
                .map(|(name, kind, not_null, pk)| (name, family(&kind), !not_null && pk == 0))
                .collect(),
            primary_key: key.into_iter().map(|(_, name)| name).collect(),
            indexes: indexes
                .into_iter()
                .map(|(name, sql)| (name, index(&sql)))
                .collect(),
        };
        schema.insert(name, table);
    }
    schema
}

async fn of_postgres(pool: &PgPool) -> Schema {
    let columns: Vec<(String, String, String, bool)> = sqlx::query_as(
        "SELECT table_name::text, column_name::text, data_type::text, is_nullable = 'YES' FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations' ORDER BY table_name, ordinal_position",
    )
    .fetch_all(pool)
    .await
    .expect("columns");
    let indexes: Vec<(String, String, bool, String)> = sqlx::query_as(
        "SELECT t.relname::text, i.relname::text, x.indisprimary, pg_get_indexdef(x.indexrelid) FROM pg_index x \
         JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = t.relnamespace \
         WHERE n.nspname = 'public' AND t.relname <> '_sqlx_migrations'",
    )
    .fetch_all(pool)
    .await
    .expect("indexes");
    let mut schema = Schema::new();
    for (table, name, kind, nullable) in columns {
        schema
            .entry(table)
            .or_default()
            .columns
            .push((name, family(&kind), nullable));
    }
    for (table, name, primary, definition) in indexes {
        let table = schema.entry(table).or_default();
        let index = index(&definition);
        if primary {
            table.primary_key = index.1;
        } else {
            table.indexes.insert(name, index);
        }
    }
    schema
}

/// What a type of either engine is to the other.
fn family(kind: &str) -> &'static str {
    match kind {
        "INTEGER" | "bigint" | "integer" | "smallint" | "boolean" | "timestamp with time zone" => {
            "number"
        }
        "TEXT" | "text" | "date" | "jsonb" => "text",
        "BLOB" | "bytea" => "bytes",
        other => panic!("an unknown type: {other}"),
    }
}

/// Uniqueness, key expressions and condition of a CREATE INDEX statement, without the engines' habits of writing.
fn index(sql: &str) -> (bool, Vec<String>, String) {
    let (keys, condition) = sql.split_once(" WHERE ").unwrap_or((sql, ""));
    // How full its pages are is no matter of what it holds.
    let (keys, _) = keys.split_once(" WITH (").unwrap_or((keys, ""));
    let (_, keys) = keys.split_once('(').expect("an index has keys");
    let keys = keys
        .trim_end()
        .strip_suffix(')')
        .expect("an index's keys end");
    let mut depth = 0;
    let split = keys.split(|c: char| {
        depth += i32::from(c == '(') - i32::from(c == ')');
        c == ',' && depth == 0
    });
    (
        sql.starts_with("CREATE UNIQUE "),
        split.map(plain).collect(),
        plain(condition),
    )
}

fn plain(text: &str) -> String {
    let text = text
        .replace("::text", "")
        .replace("::date", "")
        .replace("DATE ", "")
        // PostgreSQL writes `x IN (1, 2)` as `x = ANY (ARRAY[1, 2])`.
        .replace("= ANY", "IN")
        .replace("ARRAY[", " ")
        .replace(['(', ')', '"', ']'], " ");
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
