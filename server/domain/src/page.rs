//! How much of a list is asked for and what comes back.

/// Page sizes a person may choose.
pub const SIZES: [u16; 4] = [25, 50, 100, 200];
/// The size when none is chosen.
pub const DEFAULT_SIZE: u16 = 50;
/// Rows a page when all of a list goes into a file.
pub const FILE_ROWS: u16 = 2_000;
/// Counting stops here; the screen says “10 000+”.
pub const COUNT_CAP: u64 = 10_000;

/// Where a page begins. Cursors are opaque texts made by storage.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Position {
    /// At the first row.
    #[default]
    Start,
    /// After the row of this cursor.
    After(String),
    /// Before the row of this cursor.
    Before(String),
}

/// The order of a list: a column's name and whether it runs backwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sort {
    /// Name of a sortable column.
    pub column: String,
    /// Largest first.
    pub descending: bool,
}

/// What a list is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListQuery {
    /// Words and tokens.
    pub search: crate::search::Search,
    /// The order, when it is not the list's own.
    pub sort: Option<Sort>,
    /// Where the page begins.
    pub position: Position,
    /// Rows a page; 0 means [`DEFAULT_SIZE`].
    pub size: u16,
    /// The whole list is wanted, for a file: pages of [`FILE_ROWS`], all rows counted with the first one only.
    pub whole: bool,
    /// Columns of a file by their names, in their order; none means all there are.
    pub columns: Vec<String>,
    /// Values to narrow by are wanted, too. Counting them takes longer than the page.
    pub facets: bool,
}

impl ListQuery {
    /// Rows a page, within what may be chosen.
    pub fn rows(&self) -> u16 {
        if self.whole {
            FILE_ROWS
        } else if SIZES.contains(&self.size) {
            self.size
        } else {
            DEFAULT_SIZE
        }
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// Cursor of the page before, when there is one.
    pub before: Option<String>,
    /// Cursor of the page after, when there is one.
    pub after: Option<String>,
    /// All that match, at most [`COUNT_CAP`] + 1.
    pub total: u64,
}

impl<T> Page<T> {
    /// The same page with other rows.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            rows: self.rows.into_iter().map(f).collect(),
            before: self.before,
            after: self.after,
            total: self.total,
        }
    }
}

/// How many rows have a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FacetValue {
    /// The value as a token takes it.
    pub value: String,
    /// Rows, at most [`COUNT_CAP`].
    pub count: u64,
}

/// The values of one token with their counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// The token's key.
    pub key: &'static str,
    /// Most frequent first.
    pub values: Vec<FacetValue>,
}
