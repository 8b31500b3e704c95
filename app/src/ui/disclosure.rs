//! A part of a page that opens under its title, without scripts.

use leptos::prelude::*;

use super::{Icon, some};

/// A title that opens what is under it; `note` stands beside it and is read while it is closed.
#[component]
pub fn Disclosure(
    #[prop(into)] title: String,
    #[prop(optional, into)] note: String,
    #[prop(optional)] open: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure" open=open>
            <summary>
                {Icon::ChevronRight.view()}
                <span>{title}</span>
                {some(note).map(|note| view! { <span class="disclosure-note">{note}</span> })}
            </summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
    .into_any()
}
