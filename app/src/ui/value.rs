//! A name and its value in one line, for small print such as "Zone: Europe/Lisbon".

use leptos::prelude::*;

/// Children are the value.
#[component]
pub fn KeyValue(#[prop(into)] name: String, children: Children) -> impl IntoView {
    view! {
        <span class="key-value">
            <span class="key-value-name">{name}</span>
            <span class="key-value-value" dir="auto">
                {children()}
            </span>
        </span>
    }
    .into_any()
}
