//! The page without navigation: sign-in, first run, set password. One card in the middle, the product's name above it.

use leptos::prelude::*;

use super::{shell::mark, words};

/// Body content of a page for somebody who is not signed in.
#[component]
pub fn Centre(#[prop(into)] product: String, children: Children) -> impl IntoView {
    view! {
        <a class="skip" href="#main">
            {words().skip}
        </a>
        <div class="centre">
            <header class="centre-brand">{mark()} <span>{product}</span></header>
            <main id="main" class="centre-main" tabindex="-1">
                {children()}
            </main>
        </div>
    }
    .into_any()
}
