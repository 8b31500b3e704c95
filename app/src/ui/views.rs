//! The row above a list: its views as tabs, what can be done with the view, and the choice of columns.

use leptos::prelude::*;
use maud::{Markup, html};

use super::leaf::leaf;
use super::{Slot, some, words};

/// One view.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewTab {
    pub label: String,
    pub href: String,
    /// Already formatted; may be empty.
    pub count: String,
    pub current: bool,
    /// The list shows something else than the view by now.
    pub changed: bool,
    /// Who shares it; empty for a view of one's own.
    pub by: String,
}

/// The views of a list; `end` holds what can be done.
#[component]
pub fn ViewBar(items: Vec<ViewTab>, #[prop(optional, into)] end: Slot) -> impl IntoView {
    let words = words();
    let tabs = leaf(html! {
        nav.tabs aria-label=(words.views) {
            ul { @for tab in items { (one(tab)) } }
        }
    });
    view! {
        <div class="viewbar">
            {tabs}
            {end.wrapped(|view| view! { <div class="viewbar-end">{view}</div> })}
        </div>
    }
    .into_any()
}

fn one(tab: ViewTab) -> Markup {
    let words = words();
    let by = some(tab.by).map(|by| format!("{} {by}", words.shared_by));
    html! {
        li {
            a href=(tab.href) aria-current=[tab.current.then_some("page")] title=[by.as_deref()] {
                span dir="auto" { (tab.label) }
                @if let Some(by) = &by { span.unseen { ", " (by) } }
                @if !tab.count.is_empty() { span.tab-count { (tab.count) } }
                @if tab.changed {
                    span.tab-dot { span.unseen { (words.changed) } }
                }
            }
        }
    }
}
