//! Opening a database: twice is fine, one of a newer program is refused.

use storage::{Error, Store};
use testkit::{Engine, both_engines};

use crate::support::execute;

#[tokio::test]
async fn opening_a_database_again_changes_nothing() {
    both_engines(async |db| {
        let again = db.open_again().await.unwrap();
        again.ping().await.unwrap();
        assert_eq!(
            again.engine(),
            if db.engine() == Engine::Sqlite {
                "SQLite"
            } else {
                "PostgreSQL"
            }
        );
        again.close().await;
        db.store().ping().await.unwrap();
    })
    .await;
}

#[tokio::test]
async fn a_newer_database_is_refused_with_what_to_do() {
    both_engines(async |db| {
        execute(
            db,
            "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
             SELECT 9999, 'from the future', success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1",
        )
        .await;
        let refused = db.open_again().await.expect_err("a newer database");
        assert!(matches!(refused, Error::Schema(_)));
        assert_eq!(
            refused.to_string(),
            "This database was made by a newer Bailiwick (it has migration 9999, which this program does not know). \
             Start the newer program, or restore a backup made by this one."
        );
    })
    .await;
}

#[tokio::test]
async fn a_migration_that_was_changed_afterwards_is_refused() {
    both_engines(async |db| {
        let changed = if db.engine() == Engine::Sqlite {
            "UPDATE _sqlx_migrations SET checksum = x'00'"
        } else {
            "UPDATE _sqlx_migrations SET checksum = '\\x00'"
        };
        execute(db, changed).await;
        let refused = db.open_again().await.expect_err("another migration");
        assert!(
            refused
                .to_string()
                .starts_with("Migration 1 of this database differs from this program's."),
            "{refused}"
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_opened_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        Store::open_sqlite(&folder.path().join("missing/bailiwick.db")).await,
        Err(Error::Database(_))
    ));
    let file = folder.path().join("text.db");
    std::fs::write(
        &file,
        "This is no database, and it stays as it is.\n".repeat(99),
    )
    .unwrap();
    assert!(Store::open_sqlite(&file).await.is_err());
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("This is no database")
    );
    for url in ["nonsense", "postgres://"] {
        let refused = Store::open_postgres(&format!("{url}:x")).await;
        assert!(matches!(refused, Err(Error::Database(_))), "{url}");
    }
}
