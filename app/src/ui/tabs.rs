//! Tabs that are links: views of a list, parts of a detail page. Each has its address.

use leptos::prelude::*;

use super::some;

/// One tab.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tab {
    pub label: String,
    pub href: String,
    /// Already formatted; may be empty.
    pub count: String,
    pub current: bool,
}

/// A row of tabs.
#[component]
pub fn Tabs(#[prop(into)] label: String, items: Vec<Tab>) -> impl IntoView {
    let tabs = items
        .into_iter()
        .map(|tab| {
            let count =
                some(tab.count).map(|count| view! { <span class="tab-count">{count}</span> });
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page")>
                        {tab.label}
                        {count}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <nav class="tabs" aria-label=label><ul>{tabs}</ul></nav> }.into_any()
}
