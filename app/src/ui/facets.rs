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

/// A button and, when it is open, the panel under it. The button is a link to the list with the panel the other way: values
/// are only counted for who looks at them.
#[component]
pub fn Facets(groups: Vec<FacetGroup>, open: bool, #[prop(into)] toggle: String) -> impl IntoView {
    let panel = open.then(|| panel(groups));
    let button = if open {
        // Whoever opened it goes on from here by keyboard, and closes it by Escape.
        view! {
            <a class="btn" href=toggle aria-expanded="true" aria-controls="filters" data-panel="close" autofocus>
                {Icon::Funnel.view()}
                <span>{words().filters}</span>
            </a>
        }
        .into_any()
    } else {
        view! {
            <a class="btn" href=toggle aria-expanded="false">
                {Icon::Funnel.view()}
                <span>{words().filters}</span>
            </a>
        }
        .into_any()
    };
    view! {
        <div class="facets">
            {button}
            {panel}
        </div>
    }
    .into_any()
}

fn panel(groups: Vec<FacetGroup>) -> AnyView {
    if groups.is_empty() {
        return view! {
            <div class="facets-panel" id="filters">
                <p class="soft">{words().no_filters}</p>
            </div>
        }
        .into_any();
    }
    let columns = groups.into_iter().map(column).collect_view();
    view! {
        <div class="facets-panel" id="filters">
            {columns}
        </div>
    }
    .into_any()
}

fn column(group: FacetGroup) -> AnyView {
    let values = group
        .values
        .into_iter()
        .map(|value| {
            let count =
                some(value.count).map(|count| view! { <span class="facet-count">{count}</span> });
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
    .into_any()
}
