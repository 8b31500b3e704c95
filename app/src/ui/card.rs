//! A surface with an optional header. The first level of grouping on a page; cards are never put into cards.

use leptos::prelude::*;

use super::{Slot, some};

/// A card; `flush` lets a table or a list touch its edges.
#[component]
pub fn Card(
    #[prop(optional, into)] title: String,
    /// A number beside the title, already formatted.
    #[prop(optional, into)]
    count: String,
    #[prop(optional, into)] actions: Slot,
    #[prop(optional)] flush: bool,
    children: Children,
) -> impl IntoView {
    let count = some(count).map(|count| view! { <span class="card-count">{count}</span> });
    let header = some(title).map(|title| {
        view! {
            <header class="card-head">
                <h2>{title}</h2>
                {count}
                {actions.wrapped(|view| view! { <div class="card-actions">{view}</div> })}
            </header>
        }
    });
    view! {
        <section class="card">
            {header}
            <div class="card-body" data-flush=flush.then_some("")>
                {children()}
            </div>
        </section>
    }
    .into_any()
}
