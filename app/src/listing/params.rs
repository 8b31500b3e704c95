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
    pub(super) view: String,
    pub(super) cols: String,
    pub(super) arrange: String,
    pub(super) filters: String,
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
            columns: self.columns(),
            facets: self.shows_filters(),
            ..ListQuery::default()
        }
    }

    /// The state of a list from the query of an address; what it does not know is left out.
    pub fn read(query: &str) -> Self {
        let pairs: Vec<(String, String)> = serde_urlencoded::from_str(query).unwrap_or_default();
        let take = |wanted: &str| {
            let found = pairs.iter().find(|(key, _)| key == wanted);
            found.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        Self {
            q: take("q"),
            sort: take("sort"),
            size: take("size"),
            view: take("view"),
            cols: take("cols"),
            ..Self::default()
        }
    }

    /// What a view keeps of a list: the search, the order and the columns, always written the same way.
    pub fn kept(&self) -> String {
        let search = self.search().to_string();
        let own = [
            ("q", search.as_str()),
            ("sort", &self.sort),
            ("cols", &self.cols),
        ];
        query(&own, &[])
    }

    /// What choosing columns keeps of a list.
    pub(super) fn all_but_columns(&self) -> String {
        let own = [
            ("q", self.q.as_str()),
            ("sort", &self.sort),
            ("size", &self.size),
            ("view", &self.view),
        ];
        query(&own, &[])
    }

    /// The columns that the address names, in their order.
    fn columns(&self) -> Vec<String> {
        let named = self.cols.split(',').filter(|name| !name.is_empty());
        named.map(str::to_owned).collect()
    }

    /// Whether the panel of filters is open.
    pub(super) const fn shows_filters(&self) -> bool {
        !self.filters.is_empty()
    }

    /// The same page of the list with the panel of filters opened or closed.
    pub(super) fn toggle_filters(&self, base: &str) -> String {
        let open = if self.shows_filters() { "" } else { "open" };
        self.here(base, &[("panel", &self.panel), ("filters", open)])
    }

    /// The number of the first row, as far as the way here told; only for showing.
    pub(super) fn first_row(&self) -> u64 {
        self.at.parse().unwrap_or(1).max(1)
    }

    /// The list from its first page with some things changed; an empty value takes one out.
    pub(super) fn url(&self, base: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("view", self.view.as_str()),
            ("q", &self.q),
            ("sort", &self.sort),
            ("cols", &self.cols),
            ("size", &self.size),
        ];
        written(base, &own, changes)
    }

    /// The same page of the list with some things changed.
    pub(super) fn here(&self, base: &str, changes: &[(&str, &str)]) -> String {
        let own = [
            ("view", self.view.as_str()),
            ("q", &self.q),
            ("sort", &self.sort),
            ("cols", &self.cols),
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
        self.url(base, &[("size", ""), ("view", "")])
    }

    /// The same list with other columns, from its first page; `arrange` leaves their choice open.
    pub fn with_columns(&self, base: &str, columns: &str, arrange: bool) -> String {
        let arrange = if arrange { "1" } else { "" };
        self.url(base, &[("cols", columns), ("arrange", arrange)])
    }

    /// The list as a view shows it.
    pub fn of_view(base: &str, kept: &str, view: &str) -> String {
        let state = Self {
            view: view.to_owned(),
            ..Self::read(kept)
        };
        state.url(base, &[])
    }
}

fn written(base: &str, own: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    match query(own, changes) {
        query if query.is_empty() => base.to_owned(),
        query => format!("{base}?{query}"),
    }
}

fn query(own: &[(&str, &str)], changes: &[(&str, &str)]) -> String {
    let kept = own
        .iter()
        .filter(|(key, _)| !changes.iter().any(|(changed, _)| changed == key));
    let pairs: Vec<_> = kept
        .chain(changes)
        .filter(|(_, value)| !value.is_empty())
        .collect();
    serde_urlencoded::to_string(&pairs).unwrap_or_default()
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

    #[test]
    fn a_view_keeps_search_order_and_columns_and_reads_them_back() {
        let params = Params {
            q: "  status=active   kim ".into(),
            sort: "-name".into(),
            cols: "status,kind".into(),
            size: "100".into(),
            after: "abc".into(),
            view: "all".into(),
            ..Params::default()
        };
        let kept = params.kept();
        assert_eq!(kept, "q=status%3Aactive+kim&sort=-name&cols=status%2Ckind");
        assert_eq!(Params::read(&kept).kept(), kept);
        assert_eq!(
            Params::of_view("/people", &kept, "viw_1"),
            format!("/people?view=viw_1&{kept}")
        );
        assert_eq!(Params::default().kept(), "");
    }
}
