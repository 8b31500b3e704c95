//! The log's tables read from an SQLite file by the synchronous driver `rusqlite`.
//!
//! The pool's driver runs a statement in a thread of its own and sends every row as owned values through a channel; that
//! costs several times what is checked of the row. Here a row is looked at where SQLite has it. Both drivers link the same
//! SQLite, and this one only ever reads.

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OpenFlags, Row};
use tokio::task::spawn_blocking;

use super::block::{Block, Shape};
use super::{DETAIL, DetailBlock, ENTRY, EntryBlock, LogChunk, Reach, TARGET, TargetBlock};
use crate::store::WAIT;
use crate::{Error, Result};

const ENTRIES: &str = "SELECT seq, recorded, actor, action, outcome, request, leaf, leaf_hash FROM audit_entry \
     WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq";
const TARGETS: &str = "SELECT seq, ordinal, object_id, kind, content FROM audit_target \
     WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq, ordinal";
const DETAILS: &str = "SELECT seq, ordinal, subject, salt, body FROM audit_detail \
     WHERE seq BETWEEN ?1 AND ?2 ORDER BY seq, ordinal";

/// One moment of an SQLite file.
#[derive(Debug, Clone)]
pub(super) struct LogFile(Arc<Mutex<Connection>>);

impl LogFile {
    pub(super) async fn open(file: &Path) -> Result<Self> {
        let file = file.to_owned();
        let opened = spawn_blocking(move || {
            let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
            let connection = Connection::open_with_flags(file, flags)?;
            connection.busy_timeout(WAIT)?;
            connection.execute_batch("BEGIN")?;
            Ok(connection)
        });
        let connection: rusqlite::Result<Connection> = opened.await.map_err(failed)?;
        Ok(Self(Arc::new(Mutex::new(connection.map_err(failed)?))))
    }

    pub(super) async fn chunk(&self, entries: Reach, parts: Reach) -> Result<LogChunk> {
        let Self(connection) = self.clone();
        let read = spawn_blocking(move || {
            let connection = connection
                .lock()
                .map_err(|_| Error::damaged("reading the log stopped before"))?;
            Ok(LogChunk {
                entries: EntryBlock(block(&connection, ENTRIES, ENTRY, entries)?),
                targets: TargetBlock(block(&connection, TARGETS, TARGET, parts)?),
                details: DetailBlock(block(&connection, DETAILS, DETAIL, parts)?),
            })
        });
        read.await.map_err(failed)?
    }
}

fn block(connection: &Connection, text: &str, shape: Shape, reach: Reach) -> Result<Block> {
    let mut statement = connection.prepare_cached(text).map_err(failed)?;
    let mut rows = statement.query(reach).map_err(failed)?;
    let mut block = Block::default();
    while let Some(row) = rows.next().map_err(failed)? {
        add(&mut block, row, shape)?;
    }
    Ok(block)
}

fn add(block: &mut Block, row: &Row<'_>, shape: Shape) -> Result<()> {
    for place in 0..shape.numbers {
        block.number(row.get(place).map_err(failed)?);
    }
    for place in shape.numbers..shape.numbers + shape.texts {
        block.text(match row.get_ref(place).map_err(failed)? {
            ValueRef::Null => None,
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => Some(bytes),
            ValueRef::Integer(_) | ValueRef::Real(_) => {
                return Err(Error::damaged(
                    "a column of the log that is for texts holds a number",
                ));
            }
        });
    }
    Ok(())
}

/// SQLite refused, or the thread that asked it stopped.
fn failed(error: impl std::error::Error + Send + Sync + 'static) -> Error {
    sqlx::Error::Io(std::io::Error::other(error)).into()
}
