//! Brings a database to the schema of this program, and refuses one that is newer.

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::{PgPool, SqlitePool};

use crate::{Error, Result};

static SQLITE: Migrator = sqlx::migrate!("../../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../../migrations/postgres");

pub(crate) async fn sqlite(pool: &SqlitePool) -> Result<()> {
    SQLITE.run(pool).await.map_err(explain)
}

pub(crate) async fn postgres(pool: &PgPool) -> Result<()> {
    POSTGRES.run(pool).await.map_err(explain)
}

fn explain(error: MigrateError) -> Error {
    Error::Schema(match error {
        MigrateError::VersionMissing(version) => format!(
            "This database was made by a newer Bailiwick (it has migration {version}, which this program does not know). \
             Start the newer program, or restore a backup made by this one."
        ),
        MigrateError::VersionMismatch(version) => format!(
            "Migration {version} of this database differs from this program's. It was made by a development build; \
             start the program that made it, or use another data directory."
        ),
        other => format!("The database's schema could not be brought up to date: {other}"),
    })
}
