//! Indexes of observed access, taken away while millions of rows are written and made again afterwards, and what the
//! planner knows of the tables.

use anyhow::Result;
use service::Store;
use sqlx::AssertSqlSafe;

/// Names of indexes and the statements that make them.
type Kept = Vec<(String, String)>;

/// Lets SQLite write without waiting for the disk: what is measured comes later.
pub(crate) async fn hurry(store: &Store) -> Result<()> {
    if let Store::Sqlite { .. } = store {
        run(store, "PRAGMA synchronous = OFF").await?;
        run(store, "PRAGMA cache_size = -1000000").await?;
    }
    Ok(())
}

pub(crate) async fn take(store: &Store) -> Result<Kept> {
    let kept: Kept = match store {
        Store::Sqlite { writer, .. } => {
            let text = "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = 'observed_access' AND sql IS NOT NULL";
            sqlx::query_as(text).fetch_all(writer).await?
        }
        Store::Postgres { pool, .. } => {
            let text = "SELECT indexname::text, indexdef FROM pg_indexes WHERE tablename = 'observed_access'";
            sqlx::query_as(text).fetch_all(pool).await?
        }
    };
    for (name, _) in &kept {
        run(store, &format!("DROP INDEX {name}")).await?;
    }
    Ok(kept)
}

pub(crate) async fn put_back(store: &Store, kept: &Kept) -> Result<()> {
    for (_, text) in kept {
        run(store, text).await?;
    }
    Ok(())
}

/// What an import does at its end and, on PostgreSQL, what the server would do soon by itself.
pub(crate) async fn know(store: &Store) -> Result<()> {
    store.optimize(&[]).await?;
    if let Store::Postgres { .. } = store {
        run(store, "VACUUM ANALYZE").await?;
    }
    Ok(())
}

/// Runs a statement that was made in this file or by the engine itself.
async fn run(store: &Store, text: &str) -> Result<()> {
    let text = AssertSqlSafe(text.to_owned());
    match store {
        Store::Sqlite { writer, .. } => sqlx::raw_sql(text).execute(writer).await.map(drop)?,
        Store::Postgres { pool, .. } => sqlx::raw_sql(text).execute(pool).await.map(drop)?,
    }
    Ok(())
}
