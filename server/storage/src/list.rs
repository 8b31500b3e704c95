//! The one builder of filtered, sorted, keyset-paged lists.
//!
//! The only place where SQL text is put together at run time: from constants of this crate and numbered placeholders,
//! never from what was typed.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::page::{COUNT_CAP, Facet, FacetValue, ListQuery, Page, Position};
use domain::search::{Comparison, Search, Term};
use domain::time::{Date, Instant};
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use sqlx::{AssertSqlSafe, FromRow};

use crate::Result;
use crate::column::{At, Day};
use crate::engine::ReadTx;

/// A value bound to a placeholder.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
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
}

/// A row that knows its place in a list.
pub(crate) trait Placed {
    /// The value of the sort column and the id.
    fn place(&self, sort: &str) -> (Arg, i64);

    /// Whether a value that came with a cursor is of the type of this sort column. Not asked for the id itself.
    fn fits(_sort: &str, key: &Arg) -> bool {
        matches!(key, Arg::Text(_))
    }
}

/// Rows of both engines.
pub(crate) trait AnyRow:
    for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin
{
}
impl<T: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin> AnyRow for T {}

/// Conditions with their arguments.
#[derive(Debug, Clone)]
pub(crate) struct Conditions {
    sql: String,
    args: Vec<Arg>,
}

impl Conditions {
    /// Begins with a condition that always holds for the list.
    pub(crate) fn new(base: &str) -> Self {
        Self {
            sql: base.to_owned(),
            args: Vec::new(),
        }
    }

    /// Binds a value and gives its placeholder.
    pub(crate) fn bind(&mut self, arg: Arg) -> String {
        self.args.push(arg.comparable());
        format!("${}", self.args.len())
    }

    /// Adds a condition.
    pub(crate) fn and(&mut self, condition: &str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// Adds `expression OP value`.
    pub(crate) fn compare(&mut self, expression: &str, comparison: Comparison, arg: Arg) {
        let operator = match comparison {
            Comparison::Is => "=",
            Comparison::AtLeast => ">=",
            Comparison::AtMost => "<=",
            Comparison::Over => ">",
            Comparison::Under => "<",
        };
        let placeholder = self.bind(arg);
        self.and(&format!("{expression} {operator} {placeholder}"));
    }

    /// Nothing matches.
    pub(crate) fn never(&mut self) {
        self.and("1 = 0");
    }

    /// Every word of the search begins a word of the object.
    pub(crate) fn words(&mut self, id: &str, table: &str, search: &Search) {
        for word in search.words() {
            if let Some(found) = self.words_condition(id, table, word) {
                self.and(&found);
            }
        }
    }

    /// The condition that each of some words begins a word of the object; none when there is no word. Quoted words are
    /// looked up one by one: the table holds single words.
    pub(crate) fn words_condition(&mut self, id: &str, table: &str, words: &str) -> Option<String> {
        let folded = domain::text::prefix(words);
        let parts = folded.split(' ').filter(|part| !part.is_empty());
        let each = parts.map(|part| {
            let from = self.bind(Arg::Text(part.to_owned()));
            let to = self.bind(Arg::Text(format!("{part}\u{10FFFF}")));
            format!("{id} IN (SELECT w.id FROM {table} w WHERE w.word >= {from} AND w.word < {to})")
        });
        let each: Vec<String> = each.collect();
        (!each.is_empty()).then(|| each.join(" AND "))
    }

    /// Hands every token to `apply`, which answers false for a key it does not know: such a token matches nothing, and
    /// the page says so.
    pub(crate) fn tokens(
        &mut self,
        search: &Search,
        mut apply: impl FnMut(&mut Self, &str, Comparison, &str) -> bool,
    ) {
        for term in &search.terms {
            if let Term::Token {
                key,
                comparison,
                value,
            } = term
                && !apply(self, key, *comparison, value)
            {
                self.never();
            }
        }
    }
}

/// Where a page ended, for the next one. Opaque to everyone else.
#[derive(Debug, Serialize, Deserialize)]
struct Cursor {
    s: String,
    d: bool,
    k: Arg,
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
        (cursor.s == sort.name && cursor.d == descending && fits).then_some(cursor)
    }
}

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
        let mut paged = conditions.clone();
        if let Some(cursor) = cursor {
            let (key, id) = (paged.bind(cursor.k), paged.bind(Arg::Int(cursor.i)));
            let operator = if downwards { "<" } else { ">" };
            paged.and(&format!(
                "({}, {}) {operator} ({key}, {id})",
                sort.sql, shape.id
            ));
        }
        let size = usize::from(query.rows());
        let direction = if downwards { "DESC" } else { "ASC" };
        let text = format!(
            "SELECT {} FROM {} WHERE {} ORDER BY {} {direction}, {} {direction} LIMIT {}",
            shape.columns,
            shape.from,
            paged.sql,
            sort.sql,
            shape.id,
            size + 1
        );
        let mut rows: Vec<R> = self.rows(text, paged.args).await?;
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
                i: id,
            }
            .text()
        };
        let has_before = if backwards { more } else { !at_start };
        let has_after = if backwards { true } else { more };
        Ok(Page {
            before: rows.first().filter(|_| has_before).map(cursor),
            after: rows.last().filter(|_| has_after).map(cursor),
            total: self.count(shape, conditions).await?,
            rows,
        })
    }

    /// How many match, counted up to [`COUNT_CAP`] + 1.
    async fn count(&mut self, shape: &Shape, conditions: &Conditions) -> Result<u64> {
        let text = format!(
            "SELECT count(*) FROM (SELECT 1 FROM {} WHERE {} LIMIT {}) AS capped",
            shape.from,
            conditions.sql,
            COUNT_CAP + 1
        );
        let args = conditions.args.clone();
        let count: i64 = on!(self, c => bind_all!(sqlx::query_scalar(AssertSqlSafe(text)), args).fetch_one(c).await)?;
        Ok(u64::try_from(count).unwrap_or(0))
    }

    /// The most frequent values of an expression among the first [`COUNT_CAP`] that match.
    pub(crate) async fn facet(
        &mut self,
        shape: &Shape,
        conditions: &Conditions,
        key: &'static str,
        expression: &str,
        most: u32,
    ) -> Result<Facet> {
        let text = format!(
            "SELECT v, count(*) AS n FROM (SELECT {expression} AS v FROM {} WHERE {} LIMIT {COUNT_CAP}) AS capped \
             WHERE v IS NOT NULL AND v <> '' GROUP BY v ORDER BY n DESC, v LIMIT {most}",
            shape.from, conditions.sql
        );
        let args = conditions.args.clone();
        let rows: Vec<(String, i64)> = on!(self, c => bind_all!(sqlx::query_as(AssertSqlSafe(text)), args).fetch_all(c).await)?;
        let values = rows
            .into_iter()
            .map(|(value, n)| FacetValue {
                value,
                count: u64::try_from(n).unwrap_or(0),
            })
            .collect();
        Ok(Facet { key, values })
    }

    /// Runs a text made of this crate's constants.
    pub(crate) async fn rows<R: AnyRow>(&mut self, text: String, args: Vec<Arg>) -> Result<Vec<R>> {
        Ok(on!(self, c => bind_all!(sqlx::query_as(AssertSqlSafe(text)), args).fetch_all(c).await)?)
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
