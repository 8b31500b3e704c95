//! Transactions on either engine, and the macros that run one SQL text on both.

use crate::boxed;
use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use domain::context::Entropy;
use domain::id::ObjectKind;
use domain::time::Instant;
use sqlx::{Postgres, Sqlite, Transaction};

use crate::column::At;
use crate::list::{State, Tallies};
use crate::model::LastGraph;
use crate::{Error, Result};

/// Runs the same expression on the connection of either engine. The expression is compiled twice, so its result must
/// not be an engine's own type.
macro_rules! on {
    ($tx:expr, $conn:ident => $body:expr) => {
        match &mut $tx.conn {
            $crate::engine::Conn::Sqlite(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
            $crate::engine::Conn::Postgres(transaction) => {
                let $conn = &mut **transaction;
                $body
            }
        }
    };
}

/// The only place where the text may differ between the engines.
macro_rules! sql {
    ($tx:expr, sqlite: $sqlite:expr, postgres: $postgres:expr $(,)?) => {
        match &$tx.conn {
            $crate::engine::Conn::Sqlite(_) => $sqlite,
            $crate::engine::Conn::Postgres(_) => $postgres,
        }
    };
}

/// Runs one statement that reads, without a transaction around it: it sees one moment of the database by itself.
macro_rules! at_once {
    ($store:expr, $pool:ident => $body:expr) => {
        match $store {
            $crate::Store::Sqlite { readers: $pool, .. } => $body,
            $crate::Store::Postgres { pool: $pool, .. } => $body,
        }
    };
}

/// A transaction of one of the engines.
#[derive(Debug)]
pub(crate) enum Conn {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A transaction that sees one moment of the database and changes nothing.
#[derive(Debug)]
pub struct ReadTx {
    pub(crate) conn: Conn,
    /// What was counted last; none in a transaction that writes.
    pub(crate) tallies: Option<Arc<Tallies>>,
    /// The state of the moment that this sees, once it was asked for.
    pub(crate) state: Option<State>,
    /// The graph of roles that was made last; none once this transaction changed roles.
    pub(crate) graph: Option<Arc<LastGraph>>,
}

/// The one writing transaction of its moment; reads like a [`ReadTx`].
///
/// It holds the lock on `audit_head` from its first statement on, so writers are serial: keep it short, without network
/// and without password hashing. There is no plain commit: see [`WriteTx::commit`] and [`WriteTx::commit_unaudited`].
/// Dropping it rolls everything back.
#[derive(Debug)]
pub struct WriteTx {
    read: ReadTx,
    pub(crate) recorded: Instant,
    pub(crate) seq: i64,
    pub(crate) entropy: Arc<dyn Entropy>,
    /// A write was refused half-way: see [`WriteTx::whole`].
    failed: bool,
}

impl Deref for WriteTx {
    type Target = ReadTx;
    fn deref(&self) -> &ReadTx {
        &self.read
    }
}

impl DerefMut for WriteTx {
    fn deref_mut(&mut self) -> &mut ReadTx {
        &mut self.read
    }
}

/// The number of PostgreSQL's advisory lock that writers queue for: the name's first bytes.
const WRITERS: i64 = i64::from_be_bytes(*b"bailiwik");

impl WriteTx {
    /// Takes the lock and the moment: the clock's, or one microsecond after the last write when the clock stands or
    /// went back, so that what was true at a past moment never changes.
    pub(crate) async fn begin(
        conn: Conn,
        now: Instant,
        entropy: Arc<dyn Entropy>,
        graph: Arc<LastGraph>,
    ) -> Result<Self> {
        let mut tx = Self {
            read: ReadTx {
                conn,
                tallies: None,
                state: None,
                graph: Some(graph),
            },
            recorded: now,
            seq: 0,
            entropy,
            failed: false,
        };
        if let Conn::Postgres(transaction) = &mut tx.read.conn {
            // Writers wait for a row in no order: whoever writes again and again, as an import does, would nearly always
            // be first. They wait for this lock in the order they came.
            sqlx::query("SELECT pg_advisory_xact_lock($1)")
                .bind(WRITERS)
                .execute(&mut **transaction)
                .await?;
        }
        let text = sql!(tx,
            sqlite: "UPDATE audit_head SET recorded = max($1, recorded + 1) RETURNING seq, recorded",
            postgres: "UPDATE audit_head SET recorded = greatest($1, recorded + interval '1 microsecond') RETURNING seq, recorded",
        );
        let (seq, recorded): (i64, At) =
            on!(tx, c => sqlx::query_as(text).bind(At(now)).fetch_one(c).await)?;
        tx.seq = seq;
        tx.recorded = recorded.0;
        Ok(tx)
    }

    /// The moment at which everything in this transaction is recorded.
    pub const fn recorded(&self) -> Instant {
        self.recorded
    }

    /// The next id of a kind. A rolled back transaction gives its ids back.
    #[boxed]
    pub async fn next_id(&mut self, kind: ObjectKind) -> Result<i64> {
        self.next_ids(kind, 1).await
    }

    /// The first of `count` consecutive ids of a kind.
    #[boxed]
    pub async fn next_ids(&mut self, kind: ObjectKind, count: i64) -> Result<i64> {
        let text = "INSERT INTO id_sequence (kind, last) VALUES ($1, $2) \
                    ON CONFLICT (kind) DO UPDATE SET last = id_sequence.last + excluded.last RETURNING last";
        let last: i64 = on!(self, c => sqlx::query_scalar(text).bind(kind.name()).bind(count).fetch_one(c).await)?;
        Ok(last - count + 1)
    }

    /// Commits what needs no entry: leases, session touches, counters. The reason is for whoever searches the source.
    #[boxed]
    pub async fn commit_unaudited(self, reason: &'static str) -> Result<()> {
        tracing::trace!(reason, "committed without an audit entry");
        self.finish().await
    }

    /// Passes on how a write of several statements ended. After a refused one nothing can be committed: PostgreSQL would
    /// not do it anyhow, and SQLite would keep the half that was done.
    pub(crate) fn whole<T>(&mut self, written: Result<T>) -> Result<T> {
        self.failed |= written.is_err();
        written
    }

    pub(crate) async fn finish(self) -> Result<()> {
        if self.failed {
            return Err(Error::HalfDone);
        }
        match self.read.conn {
            Conn::Sqlite(tx) => tx.commit().await,
            Conn::Postgres(tx) => tx.commit().await,
        }
        .map_err(Error::from)
    }
}
