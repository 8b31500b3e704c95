//! Cells of a list: the name that heads a row, values, absent values, the checkbox, the menu.

use leptos::prelude::*;
use maud::{Markup, html};

use super::super::leaf::{leaf, within};
use super::super::person::{disc, named, tile};
use super::super::{Icon, words};

/// The cell that names the row; its link opens the thing.
#[component]
pub fn NameCell(
    #[prop(into)] column: String,
    #[prop(into)] name: String,
    #[prop(optional, into)] href: String,
    #[prop(optional, into)] detail: String,
    /// A tile in place of initials.
    #[prop(optional)]
    icon: Option<Icon>,
    /// The detail is a technical name.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    leaf(name_cell(&column, &name, href, detail, icon, mono))
}

/// The same in markup, for a row that is written as a whole.
pub(crate) fn name_cell(
    column: &str,
    name: &str,
    href: String,
    detail: String,
    icon: Option<Icon>,
    mono: bool,
) -> Markup {
    let mark = icon.map_or_else(|| disc(name, false), |icon| tile(icon, false));
    html! {
        th.name scope="row" data-label=(column) {
            span.person { (mark) (named(name, href, detail, mono)) }
        }
    }
}

/// A cell with a value.
#[component]
pub fn Cell(
    /// The label of the column, shown when the row is a card.
    #[prop(into)]
    column: String,
    #[prop(optional)] numeric: bool,
    #[prop(optional)] mono: bool,
    /// Lets the text run over several lines.
    #[prop(optional)]
    wrap: bool,
    children: Children,
) -> impl IntoView {
    let mut class = Vec::new();
    if numeric {
        class.push("num");
    }
    if mono {
        class.push("mono");
    }
    if wrap {
        class.push("wrap");
    }
    leaf(value_cell(&column, &class.join(" "), children()))
}

/// The same in markup.
pub(crate) fn value_cell(column: &str, class: &str, value: AnyView) -> Markup {
    html! {
        td class=[(!class.is_empty()).then_some(class)] data-label=(column) {
            span.value {
                span dir="auto" { (within(value)) }
            }
        }
    }
}

/// A value that is not there: a dash for the eye, a word for the ear.
#[component]
pub fn Absent() -> impl IntoView {
    leaf(html! {
        span.absent {
            span aria-hidden="true" { "–" }
            span.unseen { (words().none) }
        }
    })
}

/// The checkbox of a row; it belongs to the bulk form wherever it stands. `label` is the name of the row.
pub(crate) fn select_cell(value: &str, label: &str) -> Markup {
    html! {
        td.pick {
            label {
                span.unseen { (words().select) " " (label) }
                input type="checkbox" name="id" value=(value) form="bulk" autocomplete="off";
            }
        }
    }
}

/// The last cell of a row: the way to its panel, beside the list. `label` is the name of the row; `current` says that the
/// panel shows it now.
pub(crate) fn peek_cell(href: &str, label: &str, current: bool) -> Markup {
    let quick_look = words().quick_look;
    html! {
        td.act {
            a.peek href=(href) aria-current=[current.then_some("true")] title=(quick_look) {
                span.unseen { (quick_look) ": " (label) }
                (Icon::PanelRight.markup())
            }
        }
    }
}

/// The last cell of a row, for its menu.
#[component]
pub fn ActionCell(children: Children) -> impl IntoView {
    leaf(html! { td.act { (within(children())) } })
}
