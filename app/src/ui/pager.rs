//! The foot of a list: which rows these are, the page before and after, and how many rows a page has.
//!
//! Links only. The first and the last page show a disabled word in place of a link, so that nothing moves.

use leptos::prelude::*;

use super::{Icon, some, words};

/// A page size and the link that chooses it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageSize {
    pub rows: u32,
    pub href: String,
}

/// Paging links; an empty link is a disabled one.
#[component]
pub fn Pager(
    /// Which rows of how many, such as `1–50 of 3 214`.
    #[prop(into)]
    range: String,
    #[prop(optional, into)] previous: String,
    #[prop(optional, into)] next: String,
    /// Back to the first page; empty on the first page.
    #[prop(optional, into)]
    first: String,
    /// The present page size.
    #[prop(optional)]
    size: u32,
    #[prop(optional)] sizes: Vec<PageSize>,
) -> impl IntoView {
    let words = words();
    let choices = sizes
        .into_iter()
        .map(|choice| {
            let here = (choice.rows == size).then_some("true");
            view! { <li><a href=choice.href aria-current=here>{choice.rows}</a></li> }
        })
        .collect::<Vec<_>>();
    let sizes = (!choices.is_empty()).then(|| {
        view! {
            <div class="pager-sizes">
                <span id="pager-rows">{words.rows}</span>
                <ul aria-labelledby="pager-rows">{choices}</ul>
            </div>
        }
    });
    let first =
        some(first).map(|href| view! { <a class="pager-first" href=href>{words.first}</a> });
    view! {
        <nav class="pager" aria-label=words.pages>
            <p class="pager-range" role="status">
                {range}
            </p>
            {first}
            {sizes}
            <div class="pager-steps">
                {step(previous, "prev", words.previous)}
                {step(next, "next", words.next)}
            </div>
        </nav>
    }
    .into_any()
}

fn step(href: String, rel: &'static str, label: &'static str) -> AnyView {
    let back = rel == "prev";
    let before = back.then(|| Icon::ChevronLeft.view());
    let after = (!back).then(|| Icon::ChevronRight.view());
    match some(href) {
        Some(href) => view! {
            <a class="btn" rel=rel href=href>
                {before}
                <span>{label}</span>
                {after}
            </a>
        }
        .into_any(),
        None => view! {
            <span class="btn" aria-disabled="true">
                {before}
                <span>{label}</span>
                {after}
            </span>
        }
        .into_any(),
    }
}
