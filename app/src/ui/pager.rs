//! The foot of a list: which rows these are, the page before and after, and how many rows a page has.
//!
//! Links only. The first and the last page show a disabled word in place of a link, so that nothing moves.

use leptos::prelude::*;
use maud::{Markup, html};

use super::leaf::leaf;
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
    leaf(html! {
        nav.pager aria-label=(words.pages) {
            p.pager-range role="status" { (range) }
            @if let Some(href) = some(first) { a.pager-first href=(href) { (words.first) } }
            @if !sizes.is_empty() {
                div.pager-sizes {
                    span #pager-rows { (words.rows) }
                    ul aria-labelledby="pager-rows" {
                        @for choice in sizes {
                            li { a href=(choice.href) aria-current=[(choice.rows == size).then_some("true")] { (choice.rows) } }
                        }
                    }
                }
            }
            div.pager-steps {
                (step(previous, "prev", words.previous))
                (step(next, "next", words.next))
            }
        }
    })
}

fn step(href: String, rel: &'static str, label: &'static str) -> Markup {
    let inner = html! {
        @if rel == "prev" { (Icon::ChevronLeft.markup()) }
        span { (label) }
        @if rel == "next" { (Icon::ChevronRight.markup()) }
    };
    html! {
        @if let Some(href) = some(href) {
            a.btn rel=(rel) href=(href) { (inner) }
        } @else {
            span.btn aria-disabled="true" { (inner) }
        }
    }
}
