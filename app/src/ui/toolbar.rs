//! The search of a list: one box that parses tokens, the tokens as chips, filters beside it. A GET form, so that the
//! address is the state.

use leptos::prelude::*;

use super::{Hidden, Icon, Slot, some, words};

/// The form around the search; `hidden` holds what a new search keeps, such as the page size (never the cursor).
#[component]
pub fn Toolbar(
    #[prop(into)] action: String,
    #[prop(optional)] hidden: Vec<(String, String)>,
    /// The filter panel.
    #[prop(optional, into)]
    filters: Slot,
    /// At the far end.
    #[prop(optional, into)]
    end: Slot,
    children: Children,
) -> impl IntoView {
    let kept = hidden
        .into_iter()
        .map(|(name, value)| view! { <Hidden name=name value=value /> })
        .collect_view();
    view! {
        <form method="get" class="toolbar" role="search" action=action>
            {children()}
            {kept}
            {filters.wrapped(|view| view)}
            {end.wrapped(|view| view! { <div class="toolbar-end">{view}</div> })}
        </form>
    }
    .into_any()
}

/// The search box with its submit button; `/` leads to it.
#[component]
pub fn SearchInput(
    #[prop(into)] label: String,
    #[prop(optional, into)] value: String,
    #[prop(optional, into)] placeholder: String,
) -> impl IntoView {
    view! {
        <div class="search">
            {Icon::Search.view()}
            <input
                type="search"
                id="q"
                name="q"
                value=value
                aria-label=label
                placeholder=some(placeholder)
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
                enterkeyhint="search"
                dir="auto"
            />
            <span class="search-key" aria-hidden="true">
                "/"
            </span>
            <button type="submit" class="unseen">
                {words().search}
            </button>
        </div>
    }
    .into_any()
}

/// One token of the search; its link removes it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Chip {
    pub key: String,
    pub value: String,
    /// The list without this token.
    pub remove: String,
}

/// The tokens of the search; nothing when there are none.
#[component]
pub fn Chips(
    items: Vec<Chip>,
    /** The list without any token. */
    #[prop(optional, into)]
    clear: String,
) -> impl IntoView {
    if items.is_empty() {
        return ().into_any();
    }
    let words = words();
    let clear = (items.len() > 1)
        .then(|| some(clear))
        .flatten()
        .map(|href| view! { <li><a class="chip-clear" href=href>{words.clear_filters}</a></li> });
    let chips = items
        .into_iter()
        .map(|chip| {
            let key = some(chip.key).map(|key| view! { <span class="chip-key">{key} ":"</span> });
            view! {
                <li>
                    <a class="chip" href=chip.remove title=words.remove_filter>
                        <span class="unseen">{words.remove_filter} " "</span>
                        {key}
                        <b dir="auto">{chip.value}</b>
                        {Icon::X.view()}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="chips" aria-label=words.active_filters>{chips} {clear}</ul> }.into_any()
}
