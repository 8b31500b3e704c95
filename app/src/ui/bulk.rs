//! The bar that acts on selected rows: the form the row checkboxes belong to.
//!
//! It only asks: the page it leads to shows what will happen. Without scripts it is always there and cannot count.

use leptos::prelude::*;

use super::{Hidden, Slot, words};

/// The box that takes all that match, also those on other pages; it belongs to the bar's form.
#[component]
pub fn AllMatching(
    #[prop(into)] label: String,
    /// How many match, as it is shown.
    #[prop(into)]
    count: String,
) -> impl IntoView {
    view! {
        <label class="bulk-matching">
            <input type="checkbox" name="matching" value="1" data-select="matching" data-count=count autocomplete="off" />
            <span>{label}</span>
        </label>
    }
    .into_any()
}

/// Children are the buttons; `all` is the box that takes everything that matches.
#[component]
pub fn BulkBar(
    #[prop(into)] action: String,
    #[prop(optional)] hidden: Vec<(String, String)>,
    #[prop(optional, into)] all: Slot,
    children: Children,
) -> impl IntoView {
    let words = words();
    let kept = hidden
        .into_iter()
        .map(|(name, value)| view! { <Hidden name=name value=value /> })
        .collect_view();
    view! {
        <form id="bulk" class="bulk" method="get" action=action>
            {kept}
            <div class="bulkbar">
                <p class="bulk-count" role="status">
                    <span class="bulk-live"><b data-bulk="count">"0"</b> " " {words.selected}</span>
                    <span class="bulk-still">{words.with_selected}</span>
                </p>
                {all.wrapped(|view| view! { <span class="bulk-all">{view}</span> })}
                <div class="bulk-actions">{children()}</div>
            </div>
        </form>
    }
    .into_any()
}
