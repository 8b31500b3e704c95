//! A database for one test.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use domain::context::{Clock, Entropy};
use storage::{ReadTx, Store, WriteTx};
use tempfile::TempDir;

use crate::postgres::Database;
use crate::{FakeClock, SeededEntropy};

/// The database engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// A file in a temporary folder.
    Sqlite,
    /// A database on the server that `BAILIWICK_TEST_POSTGRES` names.
    Postgres,
}

impl Engine {
    /// Both.
    pub const ALL: &[Self] = &[Self::Sqlite, Self::Postgres];
}

/// A migrated, empty database with its clock and randomness; gone with this value.
#[derive(Debug)]
pub struct TestStore {
    engine: Engine,
    store: Store,
    clock: Arc<FakeClock>,
    entropy: Arc<SeededEntropy>,
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(TempDir),
    Database(Database),
}

impl Place {
    async fn open(&self) -> storage::Result<Store> {
        match self {
            Self::Folder(folder) => Store::open_sqlite(&file(folder.path())).await,
            Self::Database(database) => Store::open_postgres(&database.url()).await,
        }
    }
}

fn file(folder: &Path) -> PathBuf {
    folder.join("bailiwick.db")
}

impl TestStore {
    /// A new database.
    ///
    /// # Panics
    /// When there is no PostgreSQL server to make it on, or anything else is missing: a test is never skipped.
    pub async fn new(engine: Engine) -> Self {
        let place = match engine {
            Engine::Sqlite => {
                Place::Folder(TempDir::with_prefix("bailiwick-test-").expect("a temporary folder"))
            }
            Engine::Postgres => Place::Database(Database::create().await),
        };
        let store = place.open().await.expect("the new database opens");
        Self {
            engine,
            store,
            clock: Arc::default(),
            entropy: Arc::new(SeededEntropy::new(1)),
            place,
        }
    }

    /// The engine it is on.
    pub const fn engine(&self) -> Engine {
        self.engine
    }

    /// The database.
    pub const fn store(&self) -> &Store {
        &self.store
    }

    /// Opens the same database once more, as another process would.
    pub async fn open_again(&self) -> storage::Result<Store> {
        self.place.open().await
    }

    /// Its clock.
    pub fn clock(&self) -> Arc<FakeClock> {
        Arc::clone(&self.clock)
    }

    /// Its randomness.
    pub fn entropy(&self) -> Arc<dyn Entropy> {
        Arc::clone(&self.entropy) as Arc<dyn Entropy>
    }

    /// Begins to read.
    ///
    /// # Panics
    /// When the database cannot.
    pub async fn read(&self) -> ReadTx {
        self.store.read().await.expect("a read transaction")
    }

    /// Begins to write at the clock's present moment.
    ///
    /// # Panics
    /// When the database cannot.
    pub async fn write(&self) -> WriteTx {
        self.store
            .write(self.clock.now(), self.entropy())
            .await
            .expect("a write transaction")
    }
}
