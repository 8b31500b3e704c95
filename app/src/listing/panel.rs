//! Which row of a list stands open beside it, and the ways from one row's panel to the next.

use std::fmt::Display;
use std::str::FromStr;

use domain::page::Page;
use leptos::prelude::*;
use service::Error;

use super::Params;
use crate::ui::{Banner, Tone};

/// Stands for the first row of the page, whichever it is: from the last row of the page before.
const FIRST: &str = "first";
/// Stands for the last row of the page.
const LAST: &str = "last";

/// The row that the address opens beside its list.
#[derive(Debug)]
pub enum Opened<T> {
    /// None.
    Nothing,
    /// One that is not there, or not for this visitor.
    Missing,
    /// This one.
    Row(T),
}

impl<T> Opened<T> {
    /// Reads the row that is asked for, if one is. What cannot be seen is missing; other refusals are passed on.
    pub async fn read<I: FromStr>(
        peek: &Peek<'_>,
        read: impl AsyncFnOnce(I) -> service::Result<T>,
    ) -> service::Result<Self> {
        if peek.wanted.is_empty() {
            return Ok(Self::Nothing);
        }
        let Ok(id) = peek.wanted.parse() else {
            return Ok(Self::Missing);
        };
        match read(id).await {
            Ok(row) => Ok(Self::Row(row)),
            Err(Error::NotFound) => Ok(Self::Missing),
            Err(error) => Err(error),
        }
    }

    /// Says above the list that there is nothing to open.
    pub fn note(&self) -> Option<AnyView> {
        matches!(self, Self::Missing).then(|| {
            view! {
                <Banner tone=Tone::Warn title="Nothing to show beside the list">
                    "What this address opens was not found: it is not there, or it is not yours to see."
                </Banner>
            }
            .into_any()
        })
    }
}

/// The links between the rows of a page and their panels.
#[derive(Debug)]
pub struct Peek<'a> {
    base: &'static str,
    params: &'a Params,
    /// Id of the row that is asked for; empty when none is.
    wanted: String,
    close: String,
    previous: String,
    next: String,
}

impl<'a> Peek<'a> {
    /// For a page whose rows have these ids.
    pub fn new<T, I: Display>(
        base: &'static str,
        params: &'a Params,
        page: &Page<T>,
        id: impl Fn(&T) -> I,
    ) -> Self {
        // Only a panel that stands open leads to others.
        let rows = if params.panel.is_empty() {
            &[]
        } else {
            page.rows.as_slice()
        };
        let ids: Vec<String> = rows.iter().map(|row| id(row).to_string()).collect();
        let end = match params.panel.as_str() {
            FIRST => ids.first(),
            LAST => ids.last(),
            _ => None,
        };
        let wanted = end.unwrap_or(&params.panel).clone();
        let at = ids.iter().position(|id| *id == wanted);
        let to = |id: Option<&String>| id.map(|id| params.here(base, &[("panel", id)]));
        let turn = |key: &str, cursor: &Option<String>, at: u64, end: &str| {
            let cursor = cursor.as_ref()?;
            Some(params.url(
                base,
                &[(key, cursor), ("at", &at.to_string()), ("panel", end)],
            ))
        };
        let first = params.first_row();
        let size = u64::from(params.query().rows());
        let previous = at.and_then(|at| match at.checked_sub(1) {
            Some(before) => to(ids.get(before)),
            None => turn(
                "before",
                &page.before,
                first.saturating_sub(size).max(1),
                LAST,
            ),
        });
        let next = at.and_then(|at| {
            to(ids.get(at + 1))
                .or_else(|| turn("after", &page.after, first + ids.len() as u64, FIRST))
        });
        // The fragment brings the eye, and the next press of Tab, back to the row.
        let fragment = at.map(|_| format!("#row-{wanted}")).unwrap_or_default();
        Self {
            close: params.here(base, &[]) + &fragment,
            base,
            params,
            wanted,
            previous: previous.unwrap_or_default(),
            next: next.unwrap_or_default(),
        }
    }

    /// The same page of the list with the panel of this row.
    pub fn to(&self, id: impl Display) -> String {
        self.params.here(self.base, &[("panel", &id.to_string())])
    }

    /// Whether the panel of this row is open.
    pub fn shows(&self, id: impl Display) -> bool {
        self.wanted == id.to_string()
    }

    /// The list without a panel.
    pub fn close(&self) -> String {
        self.close.clone()
    }

    /// The panel of the row before; empty at the first of all.
    pub fn previous(&self) -> String {
        self.previous.clone()
    }

    /// The panel of the row after; empty at the last of all.
    pub fn next(&self) -> String {
        self.next.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(after: bool) -> Page<&'static str> {
        Page {
            rows: vec!["a", "b", "c"],
            before: None,
            after: after.then(|| "cursor".to_owned()),
            total: 3,
        }
    }

    fn params(panel: &str) -> Params {
        Params {
            q: "kim".into(),
            after: "x".into(),
            at: "51".into(),
            panel: panel.into(),
            ..Params::default()
        }
    }

    #[test]
    fn a_panel_keeps_the_page_and_leads_to_its_neighbours() {
        let params = params("b");
        let page = page(false);
        let peek = Peek::new("/people", &params, &page, |row| *row);
        assert!(peek.shows("b") && !peek.shows("a"));
        assert_eq!(peek.previous(), "/people?q=kim&after=x&at=51&panel=a");
        assert_eq!(peek.next(), "/people?q=kim&after=x&at=51&panel=c");
        assert_eq!(peek.close(), "/people?q=kim&after=x&at=51#row-b");
    }

    #[test]
    fn from_the_last_row_of_a_page_the_next_page_opens_at_its_first() {
        let at_end = params("c");
        let page = page(true);
        let peek = Peek::new("/people", &at_end, &page, |row| *row);
        assert_eq!(peek.next(), "/people?q=kim&after=cursor&at=54&panel=first");
        let next = params("first");
        let peek = Peek::new("/people", &next, &page, |row| *row);
        assert!(peek.shows("a"));
        assert_eq!(peek.previous(), "");
    }

    #[test]
    fn a_row_of_another_page_has_no_neighbours() {
        let params = params("z");
        let page = page(true);
        let peek = Peek::new("/people", &params, &page, |row| *row);
        assert_eq!(
            (peek.previous(), peek.next()),
            (String::new(), String::new())
        );
        assert_eq!(peek.close(), "/people?q=kim&after=x&at=51");
    }
}
