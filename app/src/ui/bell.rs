//! The bell in the top bar: a link to what one was told, with how much of it is unread.

use leptos::prelude::*;
use maud::html;

use super::leaf::leaf;
use super::{Icon, words};

/// A link; the number is for the eye, and the name says it in words.
#[component]
pub fn Bell(
    #[prop(into)] href: String,
    /// How many are unread, already formatted; empty when none is.
    #[prop(into)]
    unread: String,
) -> impl IntoView {
    let words = words();
    let name = if unread.is_empty() {
        words.notifications.to_owned()
    } else {
        format!("{}, {unread} {}", words.notifications, words.unread)
    };
    leaf(html! {
        a.btn.bell data-kind="plain" data-shape="square" href=(href) aria-label=(name) title=(name) {
            (Icon::Bell.markup())
            @if !unread.is_empty() { span.bell-count aria-hidden="true" { (unread) } }
        }
    })
}
