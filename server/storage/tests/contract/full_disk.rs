//! A disk without room: refused with its reason, nothing half-written, and writing goes on when there is room again.

use storage::Store;
use testkit::{a_person, both_engines};

use crate::support::person;

#[tokio::test]
async fn after_a_full_disk_the_store_writes_again() {
    both_engines(async |db| {
        // PostgreSQL can be given no limit for one database; its connections roll back by themselves.
        let Store::Sqlite { writer, .. } = db.store() else {
            return;
        };
        person(db, a_person("Ana Silva").build()).await;
        let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
            .fetch_one(writer)
            .await
            .unwrap();
        let limit = format!("PRAGMA max_page_count = {}", pages + 20);
        sqlx::query(sqlx::AssertSqlSafe(limit))
            .execute(writer)
            .await
            .unwrap();
        let before = db.read().await.audit_head().await.unwrap();
        for _ in 0..3 {
            let mut tx = db.write().await;
            let mut refused = None;
            for number in 0..2_000 {
                let name = format!("Somebody {number} {}", "long ".repeat(30));
                if let Err(error) = tx.insert_identity(&a_person(&name).build()).await {
                    refused = Some(error);
                    break;
                }
            }
            let error = refused.expect("so many do not fit");
            assert!(error.disk_full(), "{error:?}");
            assert!(error.to_string().contains("no room left"), "{error}");
            drop(tx);
            assert_eq!(db.read().await.audit_head().await.unwrap(), before);
        }
        sqlx::query("PRAGMA max_page_count = 1000000")
            .execute(writer)
            .await
            .unwrap();
        person(db, a_person("Ben Okoro").build()).await;
    })
    .await;
}

/// When the log cannot grow, SQLite rolls back by itself, and nobody tells the connection.
#[tokio::test]
async fn after_sqlite_gave_a_transaction_up_the_store_writes_again() {
    both_engines(async |db| {
        let Store::Sqlite { writer, .. } = db.store() else {
            return;
        };
        for name in ["Ana Silva", "Ben Okoro", "Kim Lee"] {
            let mut tx = writer.begin_with("BEGIN IMMEDIATE").await.unwrap();
            sqlx::query("ROLLBACK").execute(&mut *tx).await.unwrap();
            drop(tx);
            person(db, a_person(name).build()).await;
        }
    })
    .await;
}
