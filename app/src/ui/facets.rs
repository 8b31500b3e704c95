//! Filter values with their counts, as links: choosing one adds a token to the search, choosing it again removes it.

use leptos::prelude::*;
use maud::{Markup, html};

use super::leaf::leaf;
use super::{Icon, words};

/// One value a list can be narrowed to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetValue {
    pub label: String,
    /// Already formatted, such as `10 000+`; may be empty.
    pub count: String,
    pub href: String,
    pub active: bool,
}

/// The values of one property.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FacetGroup {
    pub title: String,
    pub values: Vec<FacetValue>,
}

/// A button and, when it is open, the panel under it. The button is a link to the list with the panel the other way: values
/// are only counted for who looks at them.
#[component]
pub fn Facets(groups: Vec<FacetGroup>, open: bool, #[prop(into)] toggle: String) -> impl IntoView {
    let expanded = if open { "true" } else { "false" };
    leaf(html! {
        div.facets {
            // Whoever opened it goes on from here by keyboard, and closes it by Escape.
            a.btn href=(toggle) aria-expanded=(expanded) aria-controls=[open.then_some("filters")] autofocus[open] {
                (Icon::Funnel.markup())
                span { (words().filters) }
            }
            @if open { (panel(&groups)) }
        }
    })
}

fn panel(groups: &[FacetGroup]) -> Markup {
    html! {
        div.facets-panel #filters {
            @if groups.is_empty() { p.soft { (words().no_filters) } }
            @for group in groups {
                div.facet-group {
                    h2 { (group.title) }
                    ul { @for value in &group.values { (one(value)) } }
                }
            }
        }
    }
}

fn one(value: &FacetValue) -> Markup {
    html! {
        li {
            a.facet href=(value.href) aria-current=[value.active.then_some("true")] {
                span.facet-tick { @if value.active { (Icon::Check.markup()) } }
                span.facet-label dir="auto" { (value.label) }
                @if !value.count.is_empty() { span.facet-count { (value.count) } }
            }
        }
    }
}
