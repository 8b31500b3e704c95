//! The one builder of filtered, sorted, keyset-paged lists.
//!
//! The only place where SQL text is put together at run time: from constants of this crate and numbered placeholders,
//! never from what was typed.

macro_rules! bind_all {
    ($query:expr, $args:expr) => {{
        let mut query = $query;
        for arg in $args {
            query = match arg {
                Arg::Text(value) => query.bind(value),
                Arg::Int(value) => query.bind(value),
                Arg::At(value) => query.bind(At(value)),
                Arg::Day(value) => query.bind(Day(value)),
                Arg::Bool(value) => query.bind(value),
            };
        }
        query
    }};
}

mod conditions;
mod count;
mod tallies;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::page::{ListQuery, Page, Position};
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

pub(crate) use conditions::Conditions;
pub use tallies::Tallies;
pub(crate) use tallies::{State, Tally};

use crate::Result;
use crate::column::{At, Day};
use crate::engine::ReadTx;

/// Words of one object that may begin alike, before all words that fit are looked through.
const WORDS_OF_ONE: u64 = 8;

/// A value bound to a placeholder.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub(crate) enum Arg {
    Text(String),
    Int(i64),
    At(Instant),
    Day(Date),
    Bool(bool),
}

impl Arg {
    /// What both engines can compare with. PostgreSQL refuses to look for a NUL: another control character stands for it,
    /// because names hold none of them. Its calendar begins in 4713 BC, and nothing that is kept is older than the year 1.
    fn comparable(self) -> Self {
        match self {
            Self::Text(text) if text.contains('\0') => Self::Text(text.replace('\0', "\u{1}")),
            Self::At(at) => Self::At(at.max(first_day().start(&TimeZone::UTC))),
            Self::Day(day) => Self::Day(day.max(first_day())),
            other => other,
        }
    }
}

/// 0001-01-01.
const fn first_day() -> Date {
    Date::new(jiff::civil::date(1, 1, 1))
}

/// A column a list can be sorted by. Its expression is never null.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SortColumn {
    pub(crate) name: &'static str,
    pub(crate) sql: &'static str,
}

/// A list: where its rows come from and how it may be sorted. The first sort column is the list's own order.
#[derive(Debug)]
pub(crate) struct Shape {
    pub(crate) columns: &'static str,
    pub(crate) from: &'static str,
    pub(crate) id: &'static str,
    pub(crate) sorts: &'static [SortColumn],
    /// Whether the list's own order runs backwards.
    pub(crate) newest_first: bool,
    /// Where the table of words is sorted as the list is.
    pub(crate) by_words: Option<ByWords>,
}

/// What makes searches for words alone quick.
#[derive(Debug)]
pub(crate) struct ByWords {
    /// The sort column by which the table of words is sorted after the word; it is `name_key` there.
    pub(crate) sort: &'static str,
    /// The index of the first table that begins with the id and has everything the list is narrowed by.
    pub(crate) facets: &'static str,
}

/// A row that knows its place in a list.
pub(crate) trait Placed {
    /// The value of the sort column and the id.
    fn place(&self, sort: &str) -> (Arg, i64);

    /// Whether a value that came with a cursor is of the type of this sort column. Not asked for the id itself.
    fn fits(_sort: &str, key: &Arg) -> bool {
        matches!(key, Arg::Text(_))
    }

    /// What sorts rows that are alike in the sort column, before the id does; never null.
    fn then(_sort: &str) -> &'static [(&'static str, Kind)] {
        &[]
    }

    /// The values of these.
    fn rest(&self, _sort: &str) -> Vec<Arg> {
        Vec::new()
    }
}

/// The type of a column that sorts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Int,
}

impl Kind {
    const fn fits(self, arg: &Arg) -> bool {
        matches!(
            (self, arg),
            (Self::Text, Arg::Text(_)) | (Self::Int, Arg::Int(_))
        )
    }
}

/// Rows of both engines.
pub(crate) trait AnyRow:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> AnyRow for T {}

/// Where a page ended, for the next one. Opaque to everyone else.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    s: String,
    d: bool,
    k: Arg,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    r: Vec<Arg>,
    i: i64,
}

impl Cursor {
    fn text(&self) -> String {
        URL_SAFE_NO_PAD
            .encode(serde_json::to_vec(self).expect("a cursor holds only texts and numbers"))
    }

    /// A cursor that was tampered with, or belongs to another order, begins at the first page.
    fn read<R: Placed>(
        text: &str,
        shape: &Shape,
        sort: &SortColumn,
        descending: bool,
    ) -> Option<Self> {
        let cursor: Self = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
        let fits = if sort.sql == shape.id {
            matches!(cursor.k, Arg::Int(_))
        } else {
            R::fits(sort.name, &cursor.k)
        };
        let then = R::then(sort.name);
        let rest = cursor.r.len() == then.len()
            && then
                .iter()
                .zip(&cursor.r)
                .all(|((_, kind), arg)| kind.fits(arg));
        (cursor.s == sort.name && cursor.d == descending && fits && rest).then_some(cursor)
    }
}

impl ReadTx {
    /// A page of a list.
    pub(crate) async fn page<R: AnyRow + Placed>(
        &mut self,
        shape: &Shape,
        conditions: &Conditions,
        query: &ListQuery,
    ) -> Result<Page<R>> {
        let (sort, descending) = order(shape, query);
        let (cursor, backwards) = match &query.position {
            Position::Start => (None, false),
            Position::After(text) => (Cursor::read::<R>(text, shape, sort, descending), false),
            Position::Before(text) => (Cursor::read::<R>(text, shape, sort, descending), true),
        };
        let backwards = backwards && cursor.is_some();
        let at_start = cursor.is_none();
        let downwards = descending != backwards;
        let sorted = shape.by_words.as_ref().map(|words| words.sort);
        let in_words = sorted == Some(sort.sql) && conditions.only_words();
        let conditions = &self.sized(conditions, in_words).await?;
        let in_words = in_words && conditions.words.iter().all(|word| !word.common);
        let mut paged = conditions.clone();
        let then = R::then(sort.name);
        let order: Vec<&str> = std::iter::once(sort.sql)
            .chain(then.iter().map(|(sql, _)| *sql))
            .chain([shape.id])
            .collect();
        let mut after = String::new();
        if let Some(cursor) = cursor {
            let keys = std::iter::once(cursor.k)
                .chain(cursor.r)
                .chain([Arg::Int(cursor.i)]);
            let keys: Vec<String> = keys.map(|key| paged.bind(key)).collect();
            let operator = if downwards { "<" } else { ">" };
            let keys = keys.join(", ");
            after = format!(" AND (v.name_key, v.id) {operator} ({keys})");
            paged.and(&format!("({}) {operator} ({keys})", order.join(", ")));
        }
        let size = usize::from(query.rows());
        let texts = Ordered {
            shape,
            conditions: &paged,
            after: &after,
            columns: &order,
            direction: if downwards { "DESC" } else { "ASC" },
            rows: query.rows() + 1,
        };
        let mut rows: Vec<R> = if in_words {
            let ids = self.ids_by_words(&texts).await?;
            if ids.is_empty() {
                Vec::new()
            } else {
                let (text, args) = texts.of_ids(&ids);
                self.rows(text, args).await?
            }
        } else {
            let text = texts.by_rows();
            self.rows(text, paged.args).await?
        };
        let more = rows.len() > size;
        rows.truncate(size);
        if backwards {
            rows.reverse();
        }
        let cursor = |row: &R| {
            let (key, id) = row.place(sort.name);
            Cursor {
                s: sort.name.to_owned(),
                d: descending,
                k: key,
                r: row.rest(sort.name),
                i: id,
            }
            .text()
        };
        let has_before = if backwards { more } else { !at_start };
        let has_after = if backwards { true } else { more };
        Ok(Page {
            before: rows.first().filter(|_| has_before).map(cursor),
            after: rows.last().filter(|_| has_after).map(cursor),
            total: if query.whole && !at_start {
                0
            } else {
                self.count(shape, conditions, query.whole).await?
            },
            rows,
        })
    }

    /// Runs a text made of this crate's constants.
    pub(crate) async fn rows<R: AnyRow>(&mut self, text: String, args: Vec<Arg>) -> Result<Vec<R>> {
        Ok(on!(self, c => bind_all!(sqlx::query_as(AssertSqlSafe(text)), args).fetch_all(c).await)?)
    }
}

/// What the text of a page is made from.
pub(super) struct Ordered<'a> {
    shape: &'a Shape,
    pub(super) conditions: &'a Conditions,
    /// Where the page begins, for the table of words.
    after: &'a str,
    columns: &'a [&'static str],
    direction: &'static str,
    pub(super) rows: u16,
}

impl Ordered<'_> {
    fn order(&self) -> String {
        let direction = self.direction;
        let columns = self.columns.iter();
        let each: Vec<String> = columns.map(|sql| format!("{sql} {direction}")).collect();
        each.join(", ")
    }

    fn by_rows(&self) -> String {
        let (shape, paged, order, rows) = (self.shape, self.conditions, self.order(), self.rows);
        let found = paged.text();
        let few = paged.unordered || paged.words.iter().any(|word| !word.common);
        if few && shape.id.rsplit('.').next() == Some("id") {
            // Only what sorts is read of the rows that are sorted, and the rest of those that are shown.
            return format!(
                "SELECT {} FROM {} WHERE {} AND {id} IN (SELECT {id} FROM {} WHERE {found} ORDER BY {order} LIMIT {rows}) ORDER BY {order}",
                shape.columns,
                shape.from,
                paged.base,
                count::needed(shape.from, &format!("{found} {order}")),
                id = shape.id,
            );
        }
        let (columns, from) = (shape.columns, shape.from);
        let first = count::needed(from, &format!("{found} {order}"));
        if let Some((joined, alias)) = from.strip_prefix(first).zip(first.rsplit(' ').next())
            && !joined.is_empty()
        {
            // What is joined is read for the rows that are shown, and not for all that might be.
            return format!(
                "SELECT {columns} FROM (SELECT {alias}.* FROM {first} WHERE {found} ORDER BY {order} LIMIT {rows}) {alias}{joined} ORDER BY {order}"
            );
        }
        format!("SELECT {columns} FROM {from} WHERE {found} ORDER BY {order} LIMIT {rows}")
    }

    /// Which ones they are, read from the table of words alone: texts to be tried until one gives all rows. Most objects
    /// have one word that fits. Some times as many words as objects are nearly always enough, and only those are kept
    /// while the rest is passed by.
    pub(super) fn by_words(&self) -> Vec<String> {
        let (paged, direction) = (self.conditions, self.direction);
        let fitting = paged.words.first().map_or(0, |word| word.fitting);
        let enough = WORDS_OF_ONE * u64::from(self.rows);
        let tried = [enough, fitting]
            .into_iter()
            .filter(|words| *words <= fitting);
        let text = |words: u64| {
            format!(
                "SELECT w.id FROM (SELECT v.name_key, v.id FROM {}{} ORDER BY v.name_key {direction}, v.id {direction} LIMIT {words}) AS w \
                 GROUP BY w.name_key, w.id ORDER BY w.name_key {direction}, w.id {direction} LIMIT {}",
                paged.of_words(),
                self.after,
                self.rows,
            )
        };
        tried.map(text).collect()
    }

    /// The rows of these.
    fn of_ids(&self, ids: &[i64]) -> (String, Vec<Arg>) {
        let places: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
        let shape = self.shape;
        let text = format!(
            "SELECT {} FROM {} WHERE {} AND {} IN ({}) ORDER BY {}",
            shape.columns,
            shape.from,
            self.conditions.base,
            shape.id,
            places.join(", "),
            self.order(),
        );
        (text, ids.iter().map(|id| Arg::Int(*id)).collect())
    }
}

fn order<'s>(shape: &'s Shape, query: &ListQuery) -> (&'s SortColumn, bool) {
    let own = (&shape.sorts[0], shape.newest_first);
    query.sort.as_ref().map_or(own, |wanted| {
        shape
            .sorts
            .iter()
            .find(|column| column.name == wanted.column)
            .map_or(own, |column| (column, wanted.descending))
    })
}
