//! Keys as they are printed on a keyboard. Decoration: the page that explains keys says them in words as well.

use leptos::prelude::*;

/// One key or a sequence; keys are separated by spaces.
#[component]
pub fn Kbd(#[prop(into)] keys: String) -> impl IntoView {
    let caps = keys
        .split(' ')
        .map(|key| view! { <kbd>{key.to_owned()}</kbd> })
        .collect_view();
    view! { <span class="kbd">{caps}</span> }.into_any()
}
