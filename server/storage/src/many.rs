//! Very many new rows of one table, in the way that each engine takes fastest: SQLite as parameters of statements of some
//! hundred rows, PostgreSQL by `COPY` in its binary format
//! (<https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4>). A million rows as JSON, which is enough for
//! everything else ([`bulk`](crate::bulk)), cost twice as much.

use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use crate::Result;
use crate::engine::Conn;

/// Rows of one statement on SQLite. What is left at the end takes the smaller ones, so few texts are ever prepared; the
/// largest has fewer parameters than SQLite allows (32,766) for 32 columns.
const SIZES: [usize; 4] = [512, 64, 8, 1];
/// Bytes that go to PostgreSQL at a time.
const SENT: usize = 256 << 10;

/// The beginning of `COPY` in binary format: its signature, no flags, no extension.
const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
/// Its end.
const TRAILER: [u8; 2] = (-1_i16).to_be_bytes();

/// A cell of a row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Cell<'a> {
    Number(i64),
    Text(&'a str),
    Flag(bool),
}

/// A table and those of its columns that rows have; the others get their defaults.
#[derive(Debug)]
pub(crate) struct Table<const N: usize> {
    pub(crate) name: &'static str,
    pub(crate) columns: [&'static str; N],
}

impl<const N: usize> Table<N> {
    /// Adds rows; all or, in a transaction that can only be rolled back, none.
    pub(crate) async fn add<'a>(
        &self,
        conn: &mut Conn,
        rows: impl Iterator<Item = [Cell<'a>; N]> + Send,
    ) -> Result<()> {
        match conn {
            Conn::Sqlite(transaction) => self.add_sqlite(transaction, rows.collect()).await,
            Conn::Postgres(transaction) => self.add_postgres(transaction, rows).await,
        }
    }

    async fn add_sqlite(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        rows: Vec<[Cell<'_>; N]>,
    ) -> Result<()> {
        let mut rest = rows.as_slice();
        for size in SIZES {
            let mut pieces = rest.chunks_exact(size);
            for piece in pieces.by_ref() {
                // Names of ours and marks for parameters, nothing else.
                let mut query = sqlx::query(AssertSqlSafe(self.insert(size)));
                for cell in piece.as_flattened() {
                    query = match *cell {
                        Cell::Number(number) => query.bind(number),
                        Cell::Text(text) => query.bind(text),
                        Cell::Flag(flag) => query.bind(flag),
                    };
                }
                query.execute(&mut **transaction).await?;
            }
            rest = pieces.remainder();
        }
        Ok(())
    }

    fn insert(&self, rows: usize) -> String {
        let row = format!("({})", ["?"; N].join(","));
        let rows = vec![row; rows].join(",");
        format!(
            "INSERT INTO {} ({}) VALUES {rows}",
            self.name,
            self.columns.join(", ")
        )
    }

    async fn add_postgres<'a>(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        rows: impl Iterator<Item = [Cell<'a>; N]>,
    ) -> Result<()> {
        let text = format!(
            "COPY {} ({}) FROM STDIN (FORMAT binary)",
            self.name,
            self.columns.join(", ")
        );
        let mut copy = transaction.copy_in_raw(&text).await?;
        let mut bytes = Vec::with_capacity(2 * SENT);
        bytes.extend_from_slice(SIGNATURE);
        for row in rows {
            encode(&row, &mut bytes);
            if bytes.len() >= SENT {
                copy.send(bytes.as_slice()).await?;
                bytes.clear();
            }
        }
        bytes.extend_from_slice(&TRAILER);
        copy.send(bytes.as_slice()).await?;
        copy.finish().await?;
        Ok(())
    }
}

/// A row as `COPY` has it: how many cells, and each with its length.
fn encode(row: &[Cell<'_>], bytes: &mut Vec<u8>) {
    let count = u16::try_from(row.len()).expect("invariant: a table has few columns");
    bytes.extend_from_slice(&count.to_be_bytes());
    let mut put = |cell: &[u8]| {
        let length = u32::try_from(cell.len()).expect("invariant: a record is short");
        bytes.extend_from_slice(&length.to_be_bytes());
        bytes.extend_from_slice(cell);
    };
    for cell in row {
        match *cell {
            Cell::Number(number) => put(&number.to_be_bytes()),
            Cell::Text(text) => put(text.as_bytes()),
            Cell::Flag(flag) => put(&[u8::from(flag)]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_as_postgresql_reads_it() {
        let mut bytes = Vec::new();
        encode(
            &[Cell::Number(-2), Cell::Text("é"), Cell::Flag(true)],
            &mut bytes,
        );
        let expected: Vec<u8> = [
            &[0, 3][..],
            &[0, 0, 0, 8, 255, 255, 255, 255, 255, 255, 255, 254],
            &[0, 0, 0, 2, 0xc3, 0xa9],
            &[0, 0, 0, 1, 1],
        ]
        .concat();
        assert_eq!(bytes, expected);
    }

    #[test]
    fn a_statement_names_its_columns_and_has_a_mark_for_each_cell() {
        let table = Table {
            name: "t",
            columns: ["a", "b"],
        };
        assert_eq!(table.insert(2), "INSERT INTO t (a, b) VALUES (?,?),(?,?)");
    }
}
