//! The frame of every page for a signed-in person: navigation, top bar, content.
//!
//! One navigation in the markup. On a phone it is a drawer (a native popover, no scripts), with the first places in a
//! dock at the bottom of the screen.

mod nav;

use leptos::prelude::*;
use maud::html;

pub use self::nav::{NavGroup, NavItem, UserMenu};
use super::leaf::leaf;
use super::{Crumb, Crumbs, Icon, Kbd, Slot, some, words};

/// How wide the content may be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Width {
    /// All there is, for tables.
    #[default]
    Full,
    /// Narrow enough to read or to fill in, for forms and text.
    Text,
}

/// Body content of a page; children are what stands in `main`.
#[component]
pub fn Shell(
    #[prop(into)] product: String,
    /// Where the product's name leads.
    #[prop(into)]
    home: String,
    /// The search page, which the palette replaces where it can.
    #[prop(into)]
    search: String,
    /// The page about keys.
    #[prop(optional, into)]
    keys: String,
    nav: Vec<NavGroup>,
    user: UserMenu,
    #[prop(optional)] crumbs: Vec<Crumb>,
    /// More things in the top bar.
    #[prop(optional, into)]
    bar: Slot,
    /// A message for the whole product, above the content.
    #[prop(optional, into)]
    banner: Slot,
    /// The one-shot message.
    #[prop(optional, into)]
    flash: Slot,
    #[prop(optional)] width: Width,
    children: Children,
) -> impl IntoView {
    let words = words();
    let width = (width == Width::Text).then_some("text");
    let keys = some(keys).map(|href| {
        view! {
            <a class="btn top-keys" data-kind="plain" data-shape="square" href=href aria-label=words.keys title=words.keys>
                {Icon::Keyboard.view()}
            </a>
        }
    });
    let dock = nav::dock(&nav);
    view! {
        <a class="skip" href="#main">
            {words.skip}
        </a>
        <div class="shell">
            {nav::side(product.clone(), home.clone(), &nav, user)}
            <div class="view">
                <header class="top">
                    <a class="top-brand" href=home aria-label=product>
                        {mark()}
                    </a>
                    <Crumbs items=crumbs />
                    <div class="top-end">
                        {bar.wrapped(|view| view)}
                        <a class="jump" href=search data-open="palette">
                            {Icon::Search.view()}
                            <span>{words.jump}</span>
                            <Kbd keys=words.jump_key />
                        </a>
                        {keys}
                    </div>
                </header>
                {banner.wrapped(|view| view! { <div class="view-banner">{view}</div> })}
                <main id="main" class="page" tabindex="-1" data-width=width>
                    {children()}
                </main>
            </div>
            {dock}
        </div>
        {flash.wrapped(|view| view! { <section class="toasts" aria-label=words.messages>{view}</section> })}
    }
    .into_any()
}

/// The product's mark: a key that is the letter b.
pub(super) fn mark() -> AnyView {
    leaf(html! {
        svg.mark viewBox="0 0 24 24" aria-hidden="true" focusable="false" {
            rect width="24" height="24" rx="6" {}
            path d="M8 4.75v13.5M8 6.25h3.25M8 9.5h2.25" {}
            circle cx="12.25" cy="14.75" r="4" {}
        }
    })
}
