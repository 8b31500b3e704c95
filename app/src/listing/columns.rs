//! The columns that a list offers: which are shown, in which order, and what of them goes into a file.
//!
//! The address says it (`cols=status,kind`); without it what the person keeps for the list, or else the usual ones. The
//! column that names the row is always first.

use leptos::prelude::*;
use maud::{Markup, html};

use super::{Listing, Params};
use crate::ui::table::cell::value_cell;
use crate::ui::{Column, ColumnChoice};
use crate::visit::Visit;

/// Stands for no column at all besides the one that names the row.
pub const NO_COLUMN: &str = "-";

/// A column that can be shown.
pub struct Offer<R: 'static> {
    key: &'static str,
    label: &'static str,
    sort: Option<&'static str>,
    numeric: bool,
    usual: bool,
    value: fn(&Visit, &R) -> AnyView,
}

impl<R> std::fmt::Debug for Offer<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.key)
    }
}

impl<R> Offer<R> {
    /// A column that is usually shown; its key is its name in a file, too.
    pub const fn usual(
        key: &'static str,
        label: &'static str,
        value: fn(&Visit, &R) -> AnyView,
    ) -> Self {
        Self {
            key,
            label,
            sort: None,
            numeric: false,
            usual: true,
            value,
        }
    }

    /// A column for who wants it.
    pub const fn extra(
        key: &'static str,
        label: &'static str,
        value: fn(&Visit, &R) -> AnyView,
    ) -> Self {
        let mut offer = Self::usual(key, label, value);
        offer.usual = false;
        offer
    }

    /// The list can be sorted by it.
    #[must_use]
    pub const fn sorted(mut self, column: &'static str) -> Self {
        self.sort = Some(column);
        self
    }

    /// It holds numbers.
    #[must_use]
    pub const fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }
}

/// The columns that are shown.
#[derive(Debug)]
pub struct Shown<R: 'static> {
    offered: &'static [Offer<R>],
    chosen: Vec<&'static Offer<R>>,
    /// Whether somebody chose them.
    own: bool,
}

impl<R> Shown<R> {
    /// What the address says, or what is kept, or the usual.
    pub fn of(offered: &'static [Offer<R>], params: &Params, kept: Option<&str>) -> Self {
        let said = Some(params.cols.as_str()).filter(|said| !said.is_empty());
        let chosen = match said.or(kept) {
            Some(keys) => pick(offered, keys),
            None => offered.iter().filter(|offer| offer.usual).collect(),
        };
        Self {
            offered,
            chosen,
            own: said.or(kept).is_some(),
        }
    }

    /// These and no others, where there is nothing to choose.
    pub fn fixed(offered: &'static [Offer<R>], keys: &str) -> Self {
        Self {
            chosen: pick(offered, keys),
            offered,
            own: false,
        }
    }

    /// Their heads, without a way to sort.
    pub fn plain_heads(&self) -> Vec<Column> {
        let heads = self.chosen.iter().map(|offer| Column::new(offer.label));
        heads.collect()
    }

    /// Their heads.
    pub fn heads(&self, listing: &Listing<'_>) -> Vec<Column> {
        let head = |offer: &&Offer<R>| {
            let column = match offer.sort {
                Some(sort) => listing.sorted(offer.label, sort, false),
                None => Column::new(offer.label),
            };
            if offer.numeric {
                column.numeric()
            } else {
                column
            }
        };
        self.chosen.iter().map(head).collect()
    }

    /// Their cells in a row.
    pub fn cells(&self, visit: &Visit, row: &R) -> Markup {
        html! {
            @for offer in &self.chosen {
                (value_cell(offer.label, if offer.numeric { "num" } else { "" }, (offer.value)(visit, row)))
            }
        }
    }

    /// Their keys, as the address says them.
    pub fn keys(&self) -> String {
        if self.chosen.is_empty() {
            return NO_COLUMN.to_owned();
        }
        let keys: Vec<&str> = self.chosen.iter().map(|offer| offer.key).collect();
        keys.join(",")
    }

    /// The list as a file is asked for: with these columns after those that name the row. When nobody chose any, the file
    /// holds all there are.
    pub fn in_file(&self, params: &Params, naming: &str) -> Params {
        let columns = match self.chosen.as_slice() {
            _ if !self.own => String::new(),
            [] => naming.to_owned(),
            _ => format!("{naming},{}", self.keys()),
        };
        Params {
            cols: columns,
            ..params.clone()
        }
    }

    /// All that can be chosen: what is shown in its order, then the rest.
    pub(super) fn choices(&self) -> Vec<ColumnChoice> {
        let shown = |offer: &Offer<R>| self.chosen.iter().any(|one| one.key == offer.key);
        let rest = self.offered.iter().filter(|offer| !shown(offer));
        let all = self.chosen.iter().copied().chain(rest);
        all.map(|offer| ColumnChoice {
            key: offer.key,
            label: offer.label,
            shown: shown(offer),
        })
        .collect()
    }
}

/// The columns of these keys; unknown and repeated ones are left out.
fn pick<R>(offered: &'static [Offer<R>], keys: &str) -> Vec<&'static Offer<R>> {
    let mut picked: Vec<&'static Offer<R>> = Vec::new();
    for key in keys.split(',') {
        let found = offered.iter().find(|offer| offer.key == key);
        let fresh = found.filter(|offer| !picked.iter().any(|one| one.key == offer.key));
        picked.extend(fresh);
    }
    picked
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFERED: &[Offer<()>] = &[
        Offer::usual("status", "Status", |_, ()| ().into_any()).sorted("status"),
        Offer::usual("kind", "Kind", |_, ()| ().into_any()),
        Offer::extra("email", "E-mail", |_, ()| ().into_any()),
    ];

    fn shown(cols: &str, kept: Option<&str>) -> Shown<()> {
        let params = Params {
            cols: cols.to_owned(),
            ..Params::default()
        };
        Shown::of(OFFERED, &params, kept)
    }

    #[test]
    fn the_address_comes_before_what_is_kept_and_that_before_the_usual() {
        assert_eq!(shown("", None).keys(), "status,kind");
        assert_eq!(shown("", Some("email")).keys(), "email");
        assert_eq!(
            shown("kind,nonsense,kind,status", Some("email")).keys(),
            "kind,status"
        );
        assert_eq!(shown(NO_COLUMN, None).keys(), NO_COLUMN);
    }

    #[test]
    fn a_file_has_the_columns_that_somebody_chose() {
        let export = |shown: Shown<()>| {
            let file = shown.in_file(&Params::default(), "username");
            file.at_path("/people/export.csv")
        };
        assert_eq!(export(shown("", None)), "/people/export.csv");
        assert_eq!(
            export(shown("", Some("email,kind"))),
            "/people/export.csv?cols=username%2Cemail%2Ckind"
        );
        assert_eq!(
            export(shown(NO_COLUMN, None)),
            "/people/export.csv?cols=username"
        );
    }

    #[test]
    fn the_choice_offers_what_is_shown_first() {
        let choices = shown("email,status", None).choices();
        let keys: Vec<_> = choices
            .into_iter()
            .map(|choice| (choice.key, choice.shown))
            .collect();
        assert_eq!(keys, [("email", true), ("status", true), ("kind", false)]);
    }
}
