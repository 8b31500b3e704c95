//! What can go wrong in storage.

/// A failed storage call.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("{}", database(.0))]
    Database(#[from] sqlx::Error),
    /// The database's schema does not fit this program.
    #[error("{0}")]
    Schema(String),
    /// A row holds what no program of this version writes.
    #[error("damaged row: {0}")]
    Damaged(String),
    /// A unique column holds the value already.
    #[error("this exists already")]
    Duplicate,
    /// The row was changed by someone else in between.
    #[error("the row has changed meanwhile")]
    Stale,
    /// A write of this transaction was refused before, so nothing of it is kept.
    #[error("an earlier write of this transaction was refused, so nothing of it is kept")]
    HalfDone,
    /// Nothing was to be committed.
    #[error("there is nothing to commit")]
    Empty,
    /// Nothing with this id.
    #[error("nothing with this id")]
    NotFound,
    /// An entry cannot be written as canonical JSON.
    #[error("the log entry cannot be written: {0}")]
    Entry(String),
}

fn is_full(error: &sqlx::Error) -> bool {
    let code = error
        .as_database_error()
        .and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("13" | "53100"))
}

fn database(error: &sqlx::Error) -> String {
    if is_full(error) {
        return "there is no room left on the disk of the database. Make room there and do this again; what was confirmed before is kept".to_owned();
    }
    format!("the database could not do this: {error}")
}

impl Error {
    pub(crate) fn damaged(what: impl Into<String>) -> Self {
        Self::Damaged(what.into())
    }

    /// Whether trying again later may help: the database was away, busy, or gave up a transaction for another.
    pub fn is_passing(&self) -> bool {
        let Self::Database(error) = self else {
            return matches!(self, Self::Stale);
        };
        match error {
            sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => true,
            // SQLite: busy, locked. PostgreSQL: connection lost, serialization, deadlock, too many, waited too long, shutting down.
            sqlx::Error::Database(inner) => inner.code().is_some_and(|code| {
                matches!(
                    &*code,
                    "5" | "6" | "261" | "517" | "40001" | "40P01" | "53300" | "55P03"
                ) || code.starts_with("08")
                    || code.starts_with("57P")
            }),
            _ => false,
        }
    }

    /// Whether the database's disk is full: `SQLITE_FULL`, or class 53 of PostgreSQL (`disk_full`).
    pub fn disk_full(&self) -> bool {
        matches!(self, Self::Database(error) if is_full(error))
    }

    /// From a failed insert or update, where a unique violation is an answer and not a fault.
    pub(crate) fn from_write(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::Database(inner) if inner.is_unique_violation() => Self::Duplicate,
            _ => Self::Database(error),
        }
    }
}
