//! Tabs that are links: views of a list, parts of a detail page. Each has its address.

use leptos::prelude::*;
use maud::html;

use super::leaf::leaf;

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
    leaf(html! {
        nav.tabs aria-label=(label) {
            ul {
                @for tab in items {
                    li {
                        a href=(tab.href) aria-current=[tab.current.then_some("page")] {
                            (tab.label)
                            @if !tab.count.is_empty() { span.tab-count { (tab.count) } }
                        }
                    }
                }
            }
        }
    })
}
