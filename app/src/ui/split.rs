//! Where blocks of a page stand: under each other, or beside a rail of facts where there is room.

use leptos::prelude::*;

use super::Slot;

/// Content with a rail on the right; on narrow screens the rail comes first, because it is short.
#[component]
pub fn Split(#[prop(into)] rail: Slot, children: Children) -> impl IntoView {
    view! {
        <div class="split">
            <div class="stack">{children()}</div>
            {rail.wrapped(|view| view! { <aside class="rail">{view}</aside> })}
        </div>
    }
    .into_any()
}

/// Blocks under each other with the page's distance between them.
#[component]
pub fn Stack(children: Children) -> impl IntoView {
    view! { <div class="stack">{children()}</div> }.into_any()
}
