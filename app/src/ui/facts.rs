//! Key facts of an object as a definition list: in the rail of a detail page, or in a card.

use leptos::prelude::*;

use super::some;

/// A list of facts with an optional heading.
#[component]
pub fn Facts(#[prop(optional, into)] title: String, children: Children) -> impl IntoView {
    view! {
        <section class="facts">
            {some(title).map(|title| view! { <h2>{title}</h2> })}
            <dl>{children()}</dl>
        </section>
    }
    .into_any()
}

/// One fact; children are its value.
#[component]
pub fn Fact(#[prop(into)] term: String, children: Children) -> impl IntoView {
    view! {
        <div class="fact">
            <dt>{term}</dt>
            <dd dir="auto">{children()}</dd>
        </div>
    }
    .into_any()
}
