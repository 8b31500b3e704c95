//! Completes `key:value` tokens below the search field of a list while someone types.
//!
//! The field is the page's. Nothing is asked from the server: names and values are few and known. Enter runs the search
//! unless an option was chosen with the arrows.

mod complete;
mod state;

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use complete::Offer;
use state::{Suggest, option_id};

/// One name that the search of a list understands.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenKey {
    /// The name, such as `status`.
    pub key: String,
    /// What it means, in a few words.
    pub hint: String,
    /// The values it can have, as they are typed; empty where any text will do.
    pub values: Vec<String>,
}

/// Wraps the search field, `#q`.
#[island]
pub fn TokenSearch(
    /// What the list understands.
    keys: Vec<TokenKey>,
    children: Children,
) -> impl IntoView {
    let suggest = Suggest::new(keys);
    Effect::new(move |_| suggest.describe());
    Effect::new(move |_| suggest.point());
    view! {
        <div
            node_ref=suggest.root
            class="suggest"
            on:input=move |event| suggest.typed(&event)
            on:keydown=move |event| suggest.pressed(&event)
            on:focusout=move |_| suggest.close()
        >
            {children()}
            // Pressing the mouse must not take the focus from the field, or the list would close before the click.
            <div
                id="q-suggest"
                class="suggest-list"
                role="listbox"
                aria-label="Search suggestions"
                hidden=move || suggest.count() == 0
                on:mousedown=|event| event.prevent_default()
            >
                {move || {
                    let offers = suggest.completion.get().map(|it| it.offers).unwrap_or_default();
                    offers.into_iter().enumerate().map(|(at, offer)| option(suggest, offer, at)).collect_view()
                }}
            </div>
            <span class="unseen" role="status">
                {move || suggest.status()}
            </span>
        </div>
    }
}

fn option(suggest: Suggest, offer: Offer, at: usize) -> impl IntoView {
    let active = suggest.active;
    view! {
        <div
            id=option_id(at)
            class="suggest-item"
            role="option"
            aria-selected=move || if active.get() == Some(at) { "true" } else { "false" }
            on:click=move |_| suggest.accept(at)
        >
            <code class="suggest-text">{offer.text}</code>
            <span class="suggest-hint">{offer.hint}</span>
        </div>
    }
}
