//! A number that matters, with its name. Coloured only when the number is bad news.

use leptos::prelude::*;

use super::{Tone, some};

/// Numbers side by side.
#[component]
pub fn Stats(children: Children) -> impl IntoView {
    view! { <dl class="stats">{children()}</dl> }.into_any()
}

/// One number; a link when there is a list behind it.
#[component]
pub fn Stat(
    #[prop(into)] label: String,
    /// Already formatted.
    #[prop(into)]
    value: String,
    #[prop(optional, into)] note: String,
    #[prop(optional, into)] href: String,
    #[prop(optional)] tone: Tone,
) -> impl IntoView {
    let value = match some(href) {
        Some(href) => view! { <a href=href>{value}</a> }.into_any(),
        None => value.into_any(),
    };
    view! {
        <div class="stat" data-tone=tone.attribute()>
            <dt>{label}</dt>
            <dd class="stat-value">{value}</dd>
            {some(note).map(|note| view! { <dd class="stat-note">{note}</dd> })}
        </div>
    }
    .into_any()
}
