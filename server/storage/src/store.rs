//! The database: where it is, its connections, and how transactions begin.

use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use domain::context::Entropy;
use domain::time::Instant;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, SqlitePool};

use crate::engine::{Conn, ReadTx, WriteTx};
use crate::{Result, migrate};

/// How long a writer waits for the one before it; also how long a page waits for a connection.
const WAIT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 8;
const POSTGRES_CONNECTIONS: u32 = 16;

/// A database on one of the two engines.
#[derive(Debug, Clone)]
pub enum Store {
    /// Embedded: one writer, several readers, in a file.
    Sqlite {
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that read.
        readers: SqlitePool,
    },
    /// A PostgreSQL server.
    Postgres(PgPool),
}

impl Store {
    /// Opens (and makes) the SQLite file and brings its schema up to date.
    pub async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(WAIT)
            .pragma("cache_size", "-8000")
            .pragma("temp_store", "memory")
            .optimize_on_close(true, 400);
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(WAIT)
            .connect_with(options.clone().create_if_missing(true))
            .await?;
        migrate::sqlite(&writer).await?;
        let readers = SqlitePoolOptions::new()
            .min_connections(1)
            .max_connections(SQLITE_READERS)
            .acquire_timeout(WAIT)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self::Sqlite { writer, readers })
    }

    /// Connects to a PostgreSQL server by URL and brings the schema up to date.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("bailiwick");
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(WAIT)
            .connect_with(options)
            .await?;
        migrate::postgres(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    /// Name of the engine.
    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres(_) => "PostgreSQL",
        }
    }

    /// Begins to read one moment of the database.
    pub async fn read(&self) -> Result<ReadTx> {
        let conn = match self {
            Self::Sqlite { readers, .. } => Conn::Sqlite(readers.begin().await?),
            Self::Postgres(pool) => Conn::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        };
        Ok(ReadTx { conn })
    }

    /// Begins to write at the clock's `now`, once the writer before is done.
    pub async fn write(&self, now: Instant, entropy: Arc<dyn Entropy>) -> Result<WriteTx> {
        let conn = match self {
            Self::Sqlite { writer, .. } => {
                Conn::Sqlite(writer.begin_with("BEGIN IMMEDIATE").await?)
            }
            Self::Postgres(pool) => Conn::Postgres(pool.begin().await?),
        };
        WriteTx::begin(conn, now, entropy).await
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<()> {
        let mut tx = self.read().await?;
        let _: i64 =
            on!(tx, c => sqlx::query_scalar("SELECT seq FROM audit_head").fetch_one(c).await)?;
        Ok(())
    }

    /// Closes all connections; SQLite writes its log back into the file.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { writer, readers } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}
