//! Markup that is written as text at once.
//!
//! A view of Leptos keeps every element, attribute and child in a box of its own until the page is written. What stands on a
//! page once can afford that; what stands there fifty times over (cells, icons, pills, entries of the navigation) took most
//! of the time of a list. So the leaves are written by `maud`, which escapes what is put in, and enter the tree of views as
//! one piece each.

use leptos::prelude::*;
use leptos::tachys::html::InertElement;
use maud::{Markup, PreEscaped};

/// Markup as a view.
pub(crate) fn leaf(markup: Markup) -> AnyView {
    InertElement::new(markup.into_string()).into_any()
}

/// A view inside markup.
pub(crate) fn within(view: AnyView) -> Markup {
    PreEscaped(view.to_html())
}
