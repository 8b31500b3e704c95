//! How far something is, as a native progress bar with its numbers in words beside it.

use leptos::prelude::*;

use super::some;

/// A bar; `note` is the state in words, such as `34 of 60, about 4 minutes left`.
#[component]
pub fn Progress(
    #[prop(into)] label: String,
    done: u64,
    total: u64,
    #[prop(optional, into)] note: String,
) -> impl IntoView {
    view! {
        <div class="progress">
            <progress aria-label=label value=done.to_string() max=total.max(1).to_string()></progress>
            {some(note).map(|note| view! { <p>{note}</p> })}
        </div>
    }
    .into_any()
}
