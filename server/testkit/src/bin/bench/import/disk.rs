//! What grants take on the disk, as the engine itself counts its pages.

use anyhow::{Result, ensure};
use service::Store;

/// Bytes of a grant, and how many accounts there are.
#[derive(Debug)]
pub(super) struct Disk {
    /// In its table with all indexes.
    pub(super) grant: f64,
    /// In the manifest.
    pub(super) record: f64,
    pub(super) accounts: i64,
}

pub(super) async fn measure(store: &Store) -> Result<Disk> {
    let counts = "SELECT (SELECT count(*) FROM observed_access), (SELECT sum(leaves) FROM manifest_chunk), (SELECT count(*) FROM account)";
    let ((grants, records, accounts), grant, record): ((i64, i64, i64), i64, i64) = match store {
        Store::Sqlite { readers, .. } => {
            let pages = "SELECT sum(pgsize) FROM dbstat('main', 1) WHERE name IN (SELECT name FROM sqlite_schema WHERE tbl_name = $1)";
            (
                sqlx::query_as(counts).fetch_one(readers).await?,
                sqlx::query_scalar(pages)
                    .bind("observed_access")
                    .fetch_one(readers)
                    .await?,
                sqlx::query_scalar(pages)
                    .bind("manifest_chunk")
                    .fetch_one(readers)
                    .await?,
            )
        }
        Store::Postgres { pool, .. } => {
            let counts = "SELECT (SELECT count(*) FROM observed_access), (SELECT sum(leaves)::bigint FROM manifest_chunk), (SELECT count(*) FROM account)";
            let pages = "SELECT pg_total_relation_size($1::regclass)";
            (
                sqlx::query_as(counts).fetch_one(pool).await?,
                sqlx::query_scalar(pages)
                    .bind("observed_access")
                    .fetch_one(pool)
                    .await?,
                sqlx::query_scalar(pages)
                    .bind("manifest_chunk")
                    .fetch_one(pool)
                    .await?,
            )
        }
    };
    Ok(Disk {
        grant: each(grant, grants)?,
        record: each(record, records)?,
        accounts,
    })
}

/// An engine that counts nothing is an error: no figure looks better than 0.
fn each(bytes: i64, rows: i64) -> Result<f64> {
    ensure!(bytes > 0 && rows > 0, "{bytes} bytes for {rows} rows");
    let kilobytes = u32::try_from(bytes / 1_000).map_or(f64::INFINITY, f64::from);
    let rows = u32::try_from(rows).map_or(f64::INFINITY, f64::from);
    Ok(kilobytes * 1_000.0 / rows)
}
