//! Where the data of a measurement lies: in a folder, and on PostgreSQL in a database beside it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use service::Store;
use tempfile::TempDir;

use crate::postgres::{self, Database};
use crate::server::program;

/// The data directory in a temporary folder; what the server writes to its log lies beside it.
const DATA: &str = "data";

/// The database engines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Those that can be measured here.
    pub(crate) fn there() -> impl Iterator<Item = Self> {
        let postgres = postgres::server().map(|_| Self::Postgres);
        std::iter::once(Self::Sqlite).chain(postgres)
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        }
    }
}

/// A temporary folder on the disk that holds the build: one in memory would make every commit look free.
fn folder() -> Result<TempDir> {
    let program = std::env::current_exe()?;
    let target = program
        .ancestors()
        .nth(2)
        .context("this program lies in a folder of the build")?;
    let parent = target.join("tmp");
    fs::create_dir_all(&parent)?;
    Ok(TempDir::with_prefix_in("bench-", parent)?)
}

/// A place for data, gone with this value.
#[derive(Debug)]
pub(crate) struct Home {
    // Before the folder: the server may still write into it.
    database: Option<Database>,
    folder: TempDir,
}

impl Home {
    /// With an empty data directory.
    pub(crate) async fn new(engine: Engine) -> Result<Self> {
        let folder = folder()?;
        fs::create_dir(folder.path().join(DATA))?;
        let database = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(Database::create().await?),
        };
        Ok(Self { database, folder })
    }

    /// The data directory.
    pub(crate) fn path(&self) -> PathBuf {
        self.beside(DATA)
    }

    /// A file beside the data directory.
    pub(crate) fn beside(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The database, for a look from outside.
    pub(crate) async fn store(&self) -> Result<Store> {
        Ok(match &self.database {
            Some(database) => Store::open_postgres(&database.url()).await?,
            None => Store::open_sqlite(&self.path().join("bailiwick.db")).await?,
        })
    }

    /// The program with these arguments on this data; `core` keeps it on one.
    pub(crate) fn command(&self, core: Option<usize>, arguments: &[&str]) -> Result<Command> {
        let mut command = match core {
            Some(core) => {
                let mut command = Command::new("taskset");
                command.args(["-c", &core.to_string()]).arg(program()?);
                command
            }
            None => Command::new(program()?),
        };
        // Without our environment: a DATABASE_URL or RUST_LOG of the day must not change the figures.
        command
            .args(arguments)
            .arg("--data-dir")
            .arg(self.path())
            .env_clear();
        if let Some(database) = &self.database {
            command.env("DATABASE_URL", database.url());
        }
        Ok(command)
    }
}
