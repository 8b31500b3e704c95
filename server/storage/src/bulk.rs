//! Many rows in one statement: they travel as one JSON text, which either engine takes apart.
//!
//! A statement costs a round trip whatever it holds, so thousands of rows one by one are ten times slower.

use domain::text;
use domain::time::{Date, Instant};

/// A cell of a row that arrived as a JSON array, as a column of the engine.
macro_rules! cell {
    (sqlite, piece $i:literal) => {
        concat!(
            "CAST(substr($2, (value ->> ",
            $i,
            ") >> 24, (value ->> ",
            $i,
            ") & 16777215) AS TEXT)"
        )
    };
    (postgres, piece $i:literal) => {
        concat!(
            "convert_from(substr($2, ((value ->> ",
            $i,
            ")::bigint >> 24)::integer, ((value ->> ",
            $i,
            ")::bigint & 16777215)::integer), 'UTF8')"
        )
    };
    (sqlite, bytes $i:literal) => {
        concat!("unhex(value ->> ", $i, ")")
    };
    (sqlite, $kind:ident $i:literal) => {
        concat!("value ->> ", $i)
    };
    (postgres, number $i:literal) => {
        concat!("(value ->> ", $i, ")::bigint")
    };
    (postgres, text $i:literal) => {
        concat!("value ->> ", $i)
    };
    (postgres, bytes $i:literal) => {
        concat!("decode(value ->> ", $i, ", 'hex')")
    };
    (postgres, day $i:literal) => {
        concat!("(value ->> ", $i, ")::date")
    };
    (postgres, flag $i:literal) => {
        concat!("(value ->> ", $i, ")::boolean")
    };
    (postgres, json $i:literal) => {
        concat!("(value ->> ", $i, ")::jsonb")
    };
    (postgres, at $i:literal) => {
        concat!(
            "(timestamptz '1970-01-01 00:00:00+00' + (value ->> ",
            $i,
            ")::bigint * interval '1 microsecond')"
        )
    };
}

/// Cells with commas between.
macro_rules! cells {
    ($engine:ident, $kind:ident $i:literal $(, $kinds:ident $is:literal)*) => {
        concat!(cell!($engine, $kind $i) $(, ", ", cell!($engine, $kinds $is))*)
    };
}

/// `head`, the cells of every row in $1, and `tail`: the rest of a statement that reads `SELECT … FROM rows WHERE true`.
macro_rules! of_rows {
    ($tx:expr, $head:expr, [$($kind:ident $i:literal),+], $tail:expr) => {
        sql!($tx,
            sqlite: concat!($head, cells!(sqlite, $($kind $i),+), " FROM jsonb_each($1) WHERE true", $tail),
            postgres: concat!($head, cells!(postgres, $($kind $i),+), " FROM json_array_elements($1::json) WHERE true", $tail),
        )
    };
}

/// Rows of a table whose keys are in $1, a JSON array of single values; `k.value` is the key as text, or as what it is.
macro_rules! of_keys {
    ($tx:expr, $columns:expr, $table:literal, $condition:literal) => {
        sql!($tx,
            sqlite: concat!("SELECT ", $columns, " FROM json_each($1) k CROSS JOIN ", $table, " WHERE ", $condition),
            postgres: concat!("SELECT ", $columns, " FROM json_array_elements_text($1::json) k CROSS JOIN ", $table, " WHERE ", $condition),
        )
    };
}

/// `head`, a subquery of the ids in $1, a JSON array of numbers, and `tail`.
macro_rules! of_ids {
    ($tx:expr, $head:expr, $tail:expr) => {
        sql!($tx,
            sqlite: concat!($head, "(SELECT CAST(value AS BIGINT) FROM json_each($1))", $tail),
            postgres: concat!($head, "(SELECT CAST(value AS BIGINT) FROM json_array_elements_text($1::json))", $tail),
        )
    };
}

/// Long texts of rows, one after the other in $2; a row has only where its text lies (`piece`). In the JSON of the rows such
/// a text would be escaped, and taken apart anew for each of the other cells.
#[derive(Debug, Default)]
pub(crate) struct Pieces(Vec<u8>);

impl Pieces {
    /// Longest text.
    const MOST: usize = (1 << 24) - 1;

    /// Adds a text; the cell by which it is found, a `number`: its first byte, counted from 1, and in the lowest 24 bits its
    /// length.
    ///
    /// # Panics
    /// For a text of 16 MiB or more: no record is as long.
    pub(crate) fn add(&mut self, text: &str) -> i64 {
        assert!(text.len() <= Self::MOST, "invariant: a record is short");
        let number = |size| i64::try_from(size).unwrap_or(i64::MAX);
        let cell = (number(self.0.len() + 1) << 24) | number(text.len());
        self.0.extend_from_slice(text.as_bytes());
        cell
    }

    /// All of them, for $2.
    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.0
    }
}

/// Rows as a JSON array of arrays.
#[derive(Debug)]
pub(crate) struct Rows {
    text: Vec<u8>,
}

impl Rows {
    /// No rows yet, with room for some.
    pub(crate) fn with_capacity(bytes: usize) -> Self {
        let mut text = Vec::with_capacity(bytes + 2);
        text.push(b'[');
        Self { text }
    }

    /// Each item as a row of cells.
    pub(crate) fn of<T>(
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut Cells<'_>, T),
    ) -> String {
        let mut rows = Self::with_capacity(0);
        for item in items {
            rows.row(|cells| write(cells, item));
        }
        rows.into_text()
    }

    /// Adds a row.
    pub(crate) fn row(&mut self, write: impl FnOnce(&mut Cells<'_>)) {
        if self.text.len() > 1 {
            self.text.push(b',');
        }
        self.text.push(b'[');
        write(&mut Cells {
            text: &mut self.text,
            first: true,
        });
        self.text.push(b']');
    }

    /// The JSON.
    pub(crate) fn into_text(mut self) -> String {
        self.text.push(b']');
        String::from_utf8(self.text).expect("invariant: JSON of texts is UTF-8")
    }
}

/// The cells of one row, in their order.
#[derive(Debug)]
pub(crate) struct Cells<'a> {
    text: &'a mut Vec<u8>,
    first: bool,
}

impl Cells<'_> {
    fn next(&mut self) -> &mut Vec<u8> {
        if !self.first {
            self.text.push(b',');
        }
        self.first = false;
        self.text
    }

    pub(crate) fn number(&mut self, number: i64) {
        write_json(self.next(), &number);
    }

    pub(crate) fn maybe_number(&mut self, number: Option<i64>) {
        write_json(self.next(), &number);
    }

    pub(crate) fn text(&mut self, text: &str) {
        write_json(self.next(), text);
    }

    pub(crate) fn maybe_text(&mut self, text: Option<&str>) {
        write_json(self.next(), &text);
    }

    pub(crate) fn flag(&mut self, flag: bool) {
        write_json(self.next(), &flag);
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.text(&text::hex(bytes));
    }

    pub(crate) fn maybe_bytes(&mut self, bytes: Option<&[u8]>) {
        self.maybe_text(bytes.map(text::hex).as_deref());
    }

    pub(crate) fn at(&mut self, at: Instant) {
        self.number(at.micros());
    }

    pub(crate) fn maybe_at(&mut self, at: Option<Instant>) {
        self.maybe_number(at.map(Instant::micros));
    }

    pub(crate) fn maybe_day(&mut self, day: Option<Date>) {
        self.maybe_text(day.map(|day| day.to_string()).as_deref());
    }

    /// JSON as a text, for a column of JSON.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) {
        let text = serde_json::to_string(value).expect("invariant: contents are JSON");
        self.text(&text);
    }
}

fn write_json<T: serde::Serialize + ?Sized>(text: &mut Vec<u8>, value: &T) {
    serde_json::to_writer(text, value).expect("invariant: a cell is JSON, and memory takes all");
}

/// Keys as a JSON array.
pub(crate) fn keys<T: serde::Serialize>(keys: impl IntoIterator<Item = T>) -> String {
    let keys: Vec<T> = keys.into_iter().collect();
    serde_json::to_string(&keys).expect("invariant: keys are texts and numbers")
}
