//! What every list shares: its state in the URL, search with chips and facets, sort links, and the pager.
//!
//! Changing the search or a filter drops the cursor: a page that continues belongs to one search only.

mod around;
mod columns;
mod panel;
mod params;
mod views;

use domain::page::{DEFAULT_SIZE, Facet, Page, SIZES};
use domain::search::{Search, Term};
use frontend::tokens::{TokenKey, TokenSearch};
use leptos::prelude::*;

pub use self::around::Around;
pub use self::columns::{NO_COLUMN, Offer, Shown};
pub use self::panel::{Opened, Peek};
pub use self::params::{ListParams, Params};
pub use self::views::{Bar, Shipped};
use crate::format::{capped, number};
use crate::ui::{
    Banner, Chip, Chips, Column, FacetGroup, FacetValue, Facets, PageSize, Pager, SearchInput,
    Sort, Tone, Toolbar,
};

/// A list page's frame around its rows.
#[derive(Debug)]
pub struct Listing<'a> {
    /// Path of the list.
    pub base: &'a str,
    /// Its state.
    pub params: &'a Params,
    /// What the search box is called, such as `Search people`.
    pub label: &'static str,
    /// An example of a search.
    pub placeholder: &'static str,
    /// Tokens that complete while typing.
    pub tokens: Vec<TokenKey>,
    /// Values to narrow by, when the panel of filters is open; none in a list without filters.
    pub facets: Option<Vec<Facet>>,
    /// Keys that mean nothing here.
    pub unknown: Vec<String>,
    /// What a facet's key and a value of it are called.
    pub words: fn(&str, &str) -> (String, String),
}

impl Listing<'_> {
    /// Search, filters, chips, and what is wrong with the search.
    pub fn top(&self) -> AnyView {
        let search = self.params.search();
        let kept = [
            ("view", &self.params.view),
            ("sort", &self.params.sort),
            ("cols", &self.params.cols),
            ("size", &self.params.size),
        ];
        let hidden = kept
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(key, value)| (key.to_owned(), value.clone()))
            .collect();
        let unknown = (!self.unknown.is_empty()).then(|| {
            let text = format!(
                "This list has no {}. It knows {}.",
                self.unknown.iter().map(|key| format!("{key}:")).collect::<Vec<_>>().join(" and no "),
                self.tokens.iter().map(|token| format!("{}:", token.key)).collect::<Vec<_>>().join(" ")
            );
            view! { <Banner tone=Tone::Warn title="Part of the search means nothing here">{text}</Banner> }
        });
        let filters = self
            .facets
            .as_ref()
            .map(|facets| self.filters(facets, &search));
        let input = view! { <SearchInput label=self.label value=self.params.q.clone() placeholder=self.placeholder /> };
        let box_with_tokens = view! { <TokenSearch keys=self.tokens.clone()>{input}</TokenSearch> };
        view! {
            <Toolbar action=self.base hidden=hidden filters=filters>{box_with_tokens}</Toolbar>
            <Chips items=self.chips(&search) clear=self.params.with_search(self.base, &Search::default()) />
            {unknown}
        }
        .into_any()
    }

    fn filters(&self, facets: &[Facet], search: &Search) -> AnyView {
        let there = facets.iter().filter(|facet| !facet.values.is_empty());
        let groups = there.map(|facet| self.facet(facet, search)).collect();
        let toggle = self.params.toggle_filters(self.base);
        view! { <Facets groups=groups open=self.params.shows_filters() toggle=toggle /> }.into_any()
    }

    fn chips(&self, search: &Search) -> Vec<Chip> {
        let chip = |(i, term): (usize, &Term)| {
            let remove = self.params.with_search(self.base, &search.without(i));
            match term {
                Term::Word(word) => Chip {
                    key: String::new(),
                    value: word.clone(),
                    remove,
                },
                Term::Token { key, value, .. } => {
                    let sign = term.to_string();
                    let plain = sign.starts_with(&format!("{key}:"));
                    let (title, label) = (self.words)(key, value);
                    let value = if plain {
                        label
                    } else {
                        sign[key.len()..].to_owned()
                    };
                    Chip {
                        key: title.to_lowercase(),
                        value,
                        remove,
                    }
                }
            }
        };
        search.terms.iter().enumerate().map(chip).collect()
    }

    fn facet(&self, facet: &Facet, search: &Search) -> FacetGroup {
        let values = facet.values.iter().map(|value| {
            let active = search.token(facet.key) == Some(&value.value);
            let at = search
                .terms
                .iter()
                .position(|term| matches!(term, Term::Token { key, .. } if key == facet.key));
            let narrowed = match at {
                Some(i) if active => search.without(i),
                _ => search.with(Term::is(facet.key, &value.value)),
            };
            FacetValue {
                label: (self.words)(facet.key, &value.value).1,
                count: capped(value.count),
                href: self.params.with_search(self.base, &narrowed),
                active,
            }
        });
        FacetGroup {
            title: (self.words)(facet.key, "").0,
            values: values.collect(),
        }
    }

    /// A column that sorts; `own` says that it is the list's order when none is chosen.
    pub fn sorted(&self, label: &str, column: &str, own: bool) -> Column {
        self.ordered(label, column, own.then_some(Sort::Ascending))
    }

    /// The column that sorts a list which begins with the newest.
    pub fn newest(&self, label: &str, column: &str) -> Column {
        self.ordered(label, column, Some(Sort::Descending))
    }

    fn ordered(&self, label: &str, column: &str, own: Option<Sort>) -> Column {
        let now = match self.params.sort.as_str() {
            "" => own,
            chosen if chosen == column => Some(Sort::Ascending),
            chosen if chosen.strip_prefix('-') == Some(column) => Some(Sort::Descending),
            _ => None,
        };
        let next = if now == Some(Sort::Ascending) {
            format!("-{column}")
        } else {
            column.to_owned()
        };
        Column::new(label).sort(self.params.url(self.base, &[("sort", &next)]), now)
    }

    /// The foot of the table.
    pub fn pager<T>(&self, page: &Page<T>) -> AnyView {
        let rows = page.rows.len() as u64;
        let size = u64::from(self.params.query().rows());
        let first = if page.before.is_none() {
            1
        } else {
            self.params.first_row()
        };
        let range = match rows {
            0 => "Nothing to show".to_owned(),
            rows => format!(
                "{}–{} of {}",
                number(first),
                number(first + rows - 1),
                capped(page.total.max(first + rows - 1))
            ),
        };
        let to = |key: &str, cursor: &Option<String>, at: u64| {
            cursor
                .as_ref()
                .map(|cursor| {
                    self.params
                        .url(self.base, &[(key, cursor), ("at", &at.to_string())])
                })
                .unwrap_or_default()
        };
        let sizes = SIZES.iter().map(|size| PageSize {
            rows: u32::from(*size),
            href: self.params.url(self.base, &[("size", &size.to_string())]),
        });
        let size_now = self
            .params
            .size
            .parse()
            .ok()
            .filter(|size| SIZES.contains(size))
            .unwrap_or(DEFAULT_SIZE);
        let to_first = if page.before.is_some() {
            self.params.url(self.base, &[])
        } else {
            String::new()
        };
        view! {
            <Pager
                range=range
                previous=to("before", &page.before, first.saturating_sub(size).max(1))
                next=to("after", &page.after, first + rows)
                first=to_first
                size=u32::from(size_now)
                sizes=sizes.collect()
            />
        }
        .into_any()
    }

    /// Whether nothing was asked for, so that an empty list is really empty.
    pub fn unfiltered(&self) -> bool {
        self.params.search().terms.is_empty()
    }

    /// The list without the last thing that was asked for.
    pub fn drop_last(&self) -> String {
        let search = self.params.search();
        self.params.with_search(
            self.base,
            &search.without(search.terms.len().saturating_sub(1)),
        )
    }
}

/// A token with the values it can have.
pub fn token(key: &str, hint: &str, values: &[&str]) -> TokenKey {
    TokenKey {
        key: key.to_owned(),
        hint: hint.to_owned(),
        values: values.iter().map(|value| (*value).to_owned()).collect(),
    }
}
