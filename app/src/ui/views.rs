//! The row above a list: its views as tabs, what can be done with the view, and the choice of columns.

use leptos::prelude::*;

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
    let tabs = items
        .into_iter()
        .map(|tab| {
            let count =
                some(tab.count).map(|count| view! { <span class="tab-count">{count}</span> });
            let dot = tab.changed.then(|| {
                view! { <span class="tab-dot"><span class="unseen">{words.changed}</span></span> }
            });
            let by = some(tab.by).map(|by| format!("{} {by}", words.shared_by));
            let spoken = by
                .clone()
                .map(|by| view! { <span class="unseen">", " {by}</span> });
            view! {
                <li>
                    <a href=tab.href aria-current=tab.current.then_some("page") title=by>
                        <span dir="auto">{tab.label}</span>
                        {spoken}
                        {count}
                        {dot}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <div class="viewbar">
            <nav class="tabs" aria-label=words.views><ul>{tabs}</ul></nav>
            {end.wrapped(|view| view! { <div class="viewbar-end">{view}</div> })}
        </div>
    }
    .into_any()
}
