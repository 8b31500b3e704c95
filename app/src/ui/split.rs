//! Where blocks of a page stand: under each other, or beside a rail of facts where there is room.

use leptos::prelude::*;

use super::Slot;

/// Content with a rail on the right; on narrow screens it comes first, as it does in the markup.
#[component]
pub fn Split(#[prop(into)] rail: Slot, children: Children) -> impl IntoView {
    view! {
        <div class="split">
            {rail.wrapped(|view| view! { <aside class="rail">{view}</aside> })}
            <div class="stack">{children()}</div>
        </div>
    }
    .into_any()
}

/// Blocks under each other with the page's distance between them.
#[component]
pub fn Stack(children: Children) -> impl IntoView {
    view! { <div class="stack">{children()}</div> }.into_any()
}
