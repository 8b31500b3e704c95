//! The database: where it is, its connections, and how transactions begin.

use crate::boxed;
use std::path::Path;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use domain::context::Entropy;
use domain::time::Instant;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{AssertSqlSafe, Connection as _, PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::engine::{Conn, ReadTx, WriteTx};
use crate::list::Tallies;
use crate::model::LastGraph;
use crate::{Result, migrate};

/// How long a writer waits for the one before it; also how long a page waits for a connection.
pub(crate) const WAIT: Duration = Duration::from_secs(10);
const SQLITE_READERS: u32 = 8;
/// Rows that SQLite's thread reads ahead of whoever asked: with few, the two threads wait for each other's turn.
const AHEAD: usize = 512;
/// 64 MiB: an import writes into every index, and a page that is in memory need not be read again.
const WRITER_CACHE: &str = "-64000";
/// 32 MiB: an import changes the same pages of its indexes in one transaction after the other, and each is brought into the
/// file once for all of them.
const LOG_PAGES: &str = "8000";
const POSTGRES_CONNECTIONS: u32 = 16;
/// How PostgreSQL plans for us. A page looks up some rows of a few tables: on today's disks a page out of order costs hardly
/// more than the next one, and code compiled for a question costs more than the answer.
const PLANNING: [(&str, &str); 2] = [("random_page_cost", "1.1"), ("jit", "off")];
/// A connection to a server that nobody used for so long may be gone.
const RESTED: Duration = Duration::from_secs(1);
/// What readers look at through the system's own cache instead of copying it page by page: 2 GiB less a page, the most that
/// SQLite takes. Writers do not: a full disk must be an error, not a signal.
const MAPPED: &str = "2147418112";
/// Chunks of an import that are put in another order before they are written, see [`Store::chunks_together`].
const TOGETHER: usize = 20;

/// A database on one of the two engines.
#[derive(Debug, Clone)]
pub enum Store {
    /// Embedded: one writer, several readers, in a file.
    Sqlite {
        /// Where it is.
        file: Arc<Path>,
        /// The one connection that writes.
        writer: SqlitePool,
        /// Connections that read.
        readers: SqlitePool,
        /// What was counted last.
        tallies: Arc<Tallies>,
        /// The graph of roles that was made last.
        graph: Arc<LastGraph>,
    },
    /// A PostgreSQL server.
    Postgres {
        /// Its connections.
        pool: PgPool,
        /// What was counted last.
        tallies: Arc<Tallies>,
        /// The graph of roles that was made last.
        graph: Arc<LastGraph>,
    },
}

impl Store {
    /// Opens (and makes) the SQLite file and brings its schema up to date.
    #[boxed]
    pub async fn open_sqlite(file: &Path) -> Result<Self> {
        let options = SqliteConnectOptions::new()
            .filename(file)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .row_buffer_size(AHEAD)
            .busy_timeout(WAIT)
            .pragma("cache_size", "-8000")
            .pragma("temp_store", "memory")
            .optimize_on_close(true, 400);
        // No connection to a file is ever lost: looking whether it still answers would be the dearest part of a short read.
        let pool = || SqlitePoolOptions::new().test_before_acquire(false);
        let writer = pool()
            .max_connections(1)
            .acquire_timeout(WAIT)
            .connect_with(
                options
                    .clone()
                    .create_if_missing(true)
                    .pragma("cache_size", WRITER_CACHE)
                    .pragma("wal_autocheckpoint", LOG_PAGES),
            )
            .await?;
        migrate::sqlite(&writer).await?;
        let readers = pool()
            .min_connections(1)
            .max_connections(SQLITE_READERS)
            .acquire_timeout(WAIT)
            // Statistics are the writer's: a reader that tries to keep them is refused, and its connection then not waited
            // for, so that the writer may not be the last and leave its log behind.
            .connect_with(
                options
                    .read_only(true)
                    .optimize_on_close(false, None)
                    .pragma("mmap_size", MAPPED),
            )
            .await?;
        Ok(Self::Sqlite {
            file: file.into(),
            writer,
            readers,
            tallies: Arc::default(),
            graph: Arc::default(),
        })
    }

    /// Connects to a PostgreSQL server by URL and brings the schema up to date.
    #[boxed]
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?
            .application_name("bailiwick")
            .options(PLANNING);
        let pool = PgPoolOptions::new()
            .max_connections(POSTGRES_CONNECTIONS)
            .acquire_timeout(WAIT)
            // Whether it still answers is asked of a connection that rested; one that just worked is as good as its answer.
            .test_before_acquire(false)
            .before_acquire(|connection, rested| {
                Box::pin(async move {
                    if rested.idle_for > RESTED {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        migrate::postgres(&pool).await?;
        Ok(Self::Postgres {
            pool,
            tallies: Arc::default(),
            graph: Arc::default(),
        })
    }

    /// Name of the engine.
    pub const fn engine(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "SQLite",
            Self::Postgres { .. } => "PostgreSQL",
        }
    }

    /// Begins to read one moment of the database.
    #[boxed]
    pub async fn read(&self) -> Result<ReadTx> {
        let (conn, tallies, graph) = match self {
            Self::Sqlite {
                readers,
                tallies,
                graph,
                ..
            } => (Conn::Sqlite(readers.begin().await?), tallies, graph),
            Self::Postgres {
                pool,
                tallies,
                graph,
            } => {
                let text = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
                (Conn::Postgres(begun(pool, text).await?), tallies, graph)
            }
        };
        Ok(ReadTx {
            conn,
            tallies: Some(Arc::clone(tallies)),
            state: None,
            graph: Some(Arc::clone(graph)),
        })
    }

    /// Begins to write at the clock's `now`, once the writer before is done.
    #[boxed]
    pub async fn write(&self, now: Instant, entropy: Arc<dyn Entropy>) -> Result<WriteTx> {
        self.begin_write(now, entropy, Safety::AtOnce).await
    }

    /// Begins to write as [`Store::write`] does, a part of something that says nothing until a later transaction of
    /// [`Store::write`] completes it: only that one waits until all of it is on the disk. When the machine fails before, the
    /// last parts may be gone, in the order in which they were written, and nothing that anybody was told.
    ///
    /// The sources: SQLite, `PRAGMA synchronous` (in WAL mode NORMAL loses no consistency, and a later FULL commit syncs the
    /// whole log); PostgreSQL, "Asynchronous Commit".
    #[boxed]
    pub async fn write_part(&self, now: Instant, entropy: Arc<dyn Entropy>) -> Result<WriteTx> {
        self.begin_write(now, entropy, Safety::WithTheNext).await
    }

    async fn begin_write(
        &self,
        now: Instant,
        entropy: Arc<dyn Entropy>,
        safety: Safety,
    ) -> Result<WriteTx> {
        let (conn, graph) = match self {
            Self::Sqlite { writer, graph, .. } => {
                (Conn::Sqlite(begun_alone(writer, safety).await?), graph)
            }
            // As long as SQLite's writers wait for their connection.
            Self::Postgres { pool, graph, .. } => {
                let text = match safety {
                    Safety::AtOnce => "BEGIN; SET LOCAL lock_timeout = '10s'",
                    Safety::WithTheNext => {
                        "BEGIN; SET LOCAL lock_timeout = '10s'; SET LOCAL synchronous_commit = off"
                    }
                };
                (Conn::Postgres(begun(pool, text).await?), graph)
            }
        };
        WriteTx::begin(conn, now, entropy, Arc::clone(graph)).await
    }

    /// Whether the database answers.
    #[boxed]
    pub async fn ping(&self) -> Result<()> {
        let _: i64 = at_once!(self, pool => sqlx::query_scalar("SELECT seq FROM audit_head").fetch_one(pool).await)?;
        Ok(())
    }

    /// How many chunks of new rows are worth being put in the order of their other index before they are written.
    ///
    /// SQLite writes whole pages for every transaction: rows in the order of one index touch nearly every page of the
    /// other once there are many. Some chunks together, divided by the other index, touch a part of both; with this many
    /// the last of a million rows are written nearly as quickly as the first. PostgreSQL writes rows to its log, and its indexes stay smaller when
    /// they grow in order.
    pub const fn chunks_together(&self) -> usize {
        match self {
            Self::Sqlite { .. } => TOGETHER,
            Self::Postgres { .. } => 1,
        }
    }

    /// Looks at these tables anew, or at all when none is named, so that the planner knows them after much was written.
    #[boxed]
    pub async fn optimize(&self, tables: &[&'static str]) -> Result<()> {
        let whole = [""];
        let tables = if tables.is_empty() { &whole } else { tables };
        for table in tables {
            // A name of ours.
            let text = AssertSqlSafe(format!("ANALYZE {table}"));
            match self {
                Self::Sqlite { writer, .. } => {
                    let limit = sqlx::query("PRAGMA analysis_limit = 400");
                    limit.execute(writer).await?;
                    sqlx::query(text).execute(writer).await?;
                }
                Self::Postgres { pool, .. } => {
                    sqlx::query(text).execute(pool).await?;
                }
            }
        }
        Ok(())
    }

    /// Closes all connections; SQLite writes its log back into the file.
    #[boxed]
    pub async fn close(&self) {
        match self {
            Self::Sqlite {
                writer, readers, ..
            } => {
                readers.close().await;
                writer.close().await;
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// When a commit is on the disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Safety {
    /// Before it is answered.
    AtOnce,
    /// With the next one that is safe at once.
    WithTheNext,
}

/// The writer's transaction of SQLite. When the disk is full, SQLite gives a transaction up by itself; its connection then
/// cannot roll back and takes itself to be inside of it for ever. Such a one is closed, and the next takes its place.
async fn begun_alone(writer: &SqlitePool, safety: Safety) -> Result<Transaction<'static, Sqlite>> {
    // Said each time, so that no transaction inherits it from the one before.
    let text = match safety {
        Safety::AtOnce => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        Safety::WithTheNext => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
    };
    let begin = || writer.begin_with(text);
    match begin().await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            writer.acquire().await?.close().await?;
            Ok(begin().await?)
        }
        other => Ok(other?),
    }
}

/// A transaction of PostgreSQL. It begins in a task of its own: whoever stops waiting between the statement and its answer
/// would else leave a connection behind that is in a transaction and does not know it, and whose next user writes into
/// a transaction that is read-only.
async fn begun(pool: &PgPool, text: &'static str) -> Result<Transaction<'static, Postgres>> {
    let pool = pool.clone();
    let begun = tokio::spawn(async move { pool.begin_with(text).await }).await;
    match begun {
        Ok(transaction) => Ok(transaction?),
        Err(error) => Err(sqlx::Error::Io(std::io::Error::other(error)).into()),
    }
}
