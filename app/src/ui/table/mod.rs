//! The table of a list: caption, sortable headers as links, rows that become cards on a phone.
//!
//! A page writes plain `<tr>` rows with the cells of this module, which carry the label that a card shows.

pub mod cell;

use leptos::prelude::*;
use maud::{Markup, html};

pub use self::cell::{Absent, ActionCell, Cell, NameCell};
use super::leaf::leaf;
use super::{Icon, Slot, some, words};

/// The direction a column is sorted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    Ascending,
    Descending,
}

/// The head of one column.
#[derive(Debug, Clone, Default)]
pub struct Column {
    label: String,
    href: String,
    sorted: Option<Sort>,
    numeric: bool,
    hidden: bool,
}

impl Column {
    /// A column that cannot be sorted.
    pub fn new(label: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            ..Self::default()
        }
    }

    /// The link that sorts by this column (or turns the order round), and how it is sorted now.
    #[must_use]
    pub fn sort(mut self, href: impl Into<String>, sorted: Option<Sort>) -> Self {
        self.href = href.into();
        self.sorted = sorted;
        self
    }

    /// Numbers, aligned at the end.
    #[must_use]
    pub fn numeric(mut self) -> Self {
        self.numeric = true;
        self
    }

    /// The label is for screen readers only, as over a column of menus.
    #[must_use]
    pub fn hidden(mut self) -> Self {
        self.hidden = true;
        self
    }

    fn markup(self) -> Markup {
        let order = self.sorted.map(|sort| match sort {
            Sort::Ascending => "ascending",
            Sort::Descending => "descending",
        });
        let arrow = match self.sorted {
            Some(Sort::Ascending) => Icon::ArrowUp,
            Some(Sort::Descending) => Icon::ArrowDown,
            None => Icon::ChevronsUpDown,
        };
        html! {
            th scope="col" class=[self.numeric.then_some("num")] aria-sort=[order] {
                @if let Some(href) = some(self.href) {
                    a href=(href) { span { (self.label) } (arrow.markup()) }
                } @else if self.hidden {
                    span.unseen { (self.label) }
                } @else {
                    (self.label)
                }
            }
        }
    }
}

/// A table in a card; children are its rows, `footer` is the pager.
#[component]
pub fn Table(
    /// What the table holds, for screen readers.
    #[prop(into)]
    caption: String,
    columns: Vec<Column>,
    /// Adds the head of the column of [`cell::select_cell`]s.
    #[prop(optional)]
    selectable: bool,
    /// Off when the table stands inside a flush card.
    #[prop(default = true)]
    framed: bool,
    #[prop(optional, into)] footer: Slot,
    children: Children,
) -> impl IntoView {
    let heads = leaf(html! {
        thead {
            tr {
                @if selectable {
                    th.pick scope="col" {
                        label {
                            span.unseen { (words().select_page) }
                            input type="checkbox" data-select="page";
                        }
                    }
                }
                @for column in columns { (column.markup()) }
            }
        }
    });
    let table = view! {
        <div class="table-frame">
            <table class="table">
                <caption>{caption}</caption>
                {heads}
                <tbody>{children()}</tbody>
            </table>
        </div>
        {footer.wrapped(|view| view)}
    };
    if framed {
        view! { <section class="card">{table}</section> }.into_any()
    } else {
        table.into_any()
    }
}
