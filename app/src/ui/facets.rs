//! Filter values with their counts, as links: choosing one adds a token to the search, choosing it again removes it.

use leptos::prelude::*;

use super::{Icon, some, words};

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

/// A panel that opens under its button, without scripts.
#[component]
pub fn Facets(groups: Vec<FacetGroup>) -> impl IntoView {
    let columns = groups
        .into_iter()
        .map(|group| {
            let values = group
                .values
                .into_iter()
                .map(|value| {
                    let count = some(value.count).map(|count| view! { <span class="facet-count">{count}</span> });
                    view! {
                        <li>
                            <a class="facet" href=value.href aria-current=value.active.then_some("true")>
                                <span class="facet-tick">{value.active.then(|| Icon::Check.view())}</span>
                                <span class="facet-label" dir="auto">
                                    {value.label}
                                </span>
                                {count}
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <div class="facet-group">
                    <h2>{group.title}</h2>
                    <ul>{values}</ul>
                </div>
            }
        })
        .collect_view();
    view! {
        <details class="facets">
            <summary class="btn">
                {Icon::Funnel.view()}
                <span>{words().filters}</span>
            </summary>
            <div class="facets-panel">{columns}</div>
        </details>
    }
    .into_any()
}
