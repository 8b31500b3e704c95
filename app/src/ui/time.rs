//! A point in time: short text for the eye, the exact instant on hover and for machines.
//!
//! The page formats both; this primitive knows no clock and no zone.

use leptos::prelude::*;
use maud::html;

use super::leaf::leaf;
use super::some;

/// `at` is RFC 3339, `text` what is shown, `full` the exact time with its zone.
#[component]
pub fn Time(
    #[prop(into)] at: String,
    #[prop(into)] text: String,
    #[prop(optional, into)] full: String,
) -> impl IntoView {
    leaf(html! { time datetime=(at) title=[some(full)] { (text) } })
}
