//! Shows a password while it is typed, and hides it again before it is sent.
//!
//! The field is the server's; without scripts the button is hidden by the stylesheet.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::dom;

/// Wraps a password field.
#[island]
pub fn RevealPassword(children: Children) -> impl IntoView {
    let root = NodeRef::<html::Div>::new();
    let shown = RwSignal::new(false);
    let show = move |show: bool| {
        shown.set(show);
        let field = root
            .get_untracked()
            .and_then(|root| dom::query_in(&root, "input"));
        if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
            field.set_type(if show { "text" } else { "password" });
        }
    };
    Effect::new(move |_| {
        // Browsers offer to remember a field as a password only while it is one.
        window_event_listener(ev::submit, move |_| show(false));
    });
    view! {
        <div class="reveal" node_ref=root>
            {children()}
            <button
                type="button"
                class="reveal-button"
                aria-label="Show password"
                aria-pressed=move || if shown.get() { "true" } else { "false" }
                on:click=move |_| show(!shown.get_untracked())
            >
                {move || if shown.get() { "Hide" } else { "Show" }}
            </button>
        </div>
    }
}
