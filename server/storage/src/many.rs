//! Very many new rows of one table, in the way that each engine takes fastest: SQLite as parameters of statements of some
//! hundred rows; PostgreSQL by `COPY` in its binary format
//! (<https://www.postgresql.org/docs/current/sql-copy.html#id-1.9.3.55.9.4>), or as an array for each column where they are too
//! few for that. A million rows as JSON, which is enough for everything else ([`bulk`](crate::bulk)), cost twice as much.

use sqlx::{AssertSqlSafe, Postgres, Sqlite, Transaction};

use crate::Result;
use crate::engine::Conn;

/// Rows of one statement on SQLite. What is left at the end takes the smaller ones, so few texts are ever prepared; the
/// largest has fewer parameters than SQLite allows (32,766) for 32 columns.
const SIZES: [usize; 4] = [512, 64, 8, 1];
/// So many rows are copied. The end of a `COPY` is a small message after another one, which Nagle's algorithm (RFC 896) holds
/// back until the other side acknowledges, and that may take it 40 ms (RFC 1122, 4.2.3.2): as long as thousands of rows.
const COPIED: usize = 4_000;
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

impl<'a> Cell<'a> {
    const fn number(self) -> Option<i64> {
        match self {
            Self::Number(number) => Some(number),
            _ => None,
        }
    }

    const fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    const fn flag(self) -> Option<bool> {
        match self {
            Self::Flag(flag) => Some(flag),
            _ => None,
        }
    }
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
        let rows: Vec<[Cell<'a>; N]> = rows.collect();
        match conn {
            Conn::Sqlite(transaction) => self.add_sqlite(transaction, &rows).await,
            Conn::Postgres(transaction) if rows.len() < COPIED => {
                self.add_arrays(transaction, &rows).await
            }
            Conn::Postgres(transaction) => self.copy(transaction, &rows).await,
        }
    }

    async fn add_sqlite(
        &self,
        transaction: &mut Transaction<'static, Sqlite>,
        rows: &[[Cell<'_>; N]],
    ) -> Result<()> {
        let mut rest = rows;
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

    async fn add_arrays(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        rows: &[[Cell<'_>; N]],
    ) -> Result<()> {
        let Some(first) = rows.first() else {
            return Ok(());
        };
        // Names of ours and marks for parameters, nothing else.
        let mut query = sqlx::query(AssertSqlSafe(self.of_arrays(first)));
        for (at, cell) in first.iter().enumerate() {
            let column = rows.iter().map(|row| row[at]);
            query = match cell {
                Cell::Number(_) => query.bind(column.filter_map(Cell::number).collect::<Vec<_>>()),
                Cell::Text(_) => query.bind(column.filter_map(Cell::text).collect::<Vec<_>>()),
                Cell::Flag(_) => query.bind(column.filter_map(Cell::flag).collect::<Vec<_>>()),
            };
        }
        query.execute(&mut **transaction).await?;
        Ok(())
    }

    fn of_arrays(&self, row: &[Cell<'_>; N]) -> String {
        let arrays: Vec<String> = (1..)
            .zip(row)
            .map(|(at, cell)| match cell {
                Cell::Number(_) => format!("${at}::bigint[]"),
                Cell::Text(_) => format!("${at}::text[]"),
                Cell::Flag(_) => format!("${at}::boolean[]"),
            })
            .collect();
        format!(
            "INSERT INTO {} ({}) SELECT * FROM unnest({})",
            self.name,
            self.columns.join(", "),
            arrays.join(", ")
        )
    }

    async fn copy(
        &self,
        transaction: &mut Transaction<'static, Postgres>,
        rows: &[[Cell<'_>; N]],
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
            encode(row, &mut bytes);
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
        assert_eq!(
            table.of_arrays(&[Cell::Number(1), Cell::Flag(true)]),
            "INSERT INTO t (a, b) SELECT * FROM unnest($1::bigint[], $2::boolean[])"
        );
    }
}
