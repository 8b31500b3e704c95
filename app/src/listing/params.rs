//! The state of a list in its URL, and the links that change one thing of it.

use axum::extract::Query;
use domain::page::{ListQuery, Position, Sort as Order};
use domain::search::Search;
use serde::Deserialize;

/// The state of a list in its URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Params {
    pub(super) q: String,
    pub(super) sort: String,
    pub(super) after: String,
    pub(super) before: String,
    pub(super) size: String,
    pub(super) at: String,
    pub(super) panel: String,
}

/// As axum hands it over.
pub type ListParams = Query<Params>;

impl Params {
    /// The search that was typed.
    pub fn search(&self) -> Search {
        Search::parse(&self.q)
    }

    /// What the service is asked for.
    pub fn query(&self) -> ListQuery {
        let sort = (!self.sort.is_empty()).then(|| match self.sort.strip_prefix('-') {
            Some(column) => Order {
                column: column.to_owned(),
                descending: true,
            },
            None => Order {
                column: self.sort.clone(),
                descending: false,
            },
        });
        let position = match (self.after.as_str(), self.before.as_str()) {
            ("", "") => Position::Start,
            ("", before) => Position::Before(before.to_owned()),
            (after, _) => Position::After(after.to_owned()),
        };
        ListQuery {
            search: self.search(),
            sort,
            position,
            size: self.size.parse().unwrap_or(0),
        }
    }

    /// The number of the first row, as far as the way here told; only for showing.
    pub(super) fn first_row(&self) -> u64 {
        self.at.parse().unwrap_or(1).max(1)
    }

    /// The list from its first page with some things changed; an empty value takes one out.
    pub(super) fn url(&self, base: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("sort", &self.sort),
            ("size", &self.size),
        ];
        written(base, &own, changes)
    }

    /// The same page of the list with some things changed.
    pub(super) fn here(&self, base: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("sort", &self.sort),
            ("size", &self.size),
            ("after", &self.after),
            ("before", &self.before),
            ("at", &self.at),
        ];
        written(base, &own, changes)
    }

    /// The same list with another search, from its first page.
    pub fn with_search(&self, base: &str, search: &Search) -> String {
        self.url(base, &[("q", &search.to_string())])
    }

    /// The same filter and order at another path, such as an export.
    pub fn at_path(&self, base: &str) -> String {
        self.url(base, &[("size", "")])
    }
}

fn written(base: &str, own: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let kept = own
        .iter()
        .filter(|(key, _)| !changes.iter().any(|(changed, _)| changed == key));
    let pairs: Vec<_> = kept
        .chain(changes)
        .filter(|(_, value)| !value.is_empty())
        .collect();
    if pairs.is_empty() {
        return base.to_owned();
    }
    format!(
        "{base}?{}",
        serde_urlencoded::to_string(&pairs).unwrap_or_default()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changing_the_search_drops_the_cursor_and_keeps_order_and_size() {
        let params = Params {
            q: "kim status:active".into(),
            sort: "-name".into(),
            after: "abc".into(),
            size: "100".into(),
            at: "51".into(),
            panel: "idn_x".into(),
            ..Params::default()
        };
        let url = params.with_search("/people", &params.search().without(1));
        assert_eq!(url, "/people?sort=-name&size=100&q=kim");
        assert_eq!(
            params.at_path("/people/export.csv"),
            "/people/export.csv?q=kim+status%3Aactive&sort=-name"
        );
        assert_eq!(params.query().position, Position::After("abc".into()));
    }
}
