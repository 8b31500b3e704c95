//! Risk as a word with one to four filled bars: height carries the level as well as colour, so it reads in grey too.

use leptos::prelude::*;
use maud::html;

use super::leaf::leaf;

/// Left edge, top and height of the four bars in a box of 18 by 12.
const BARS: [(u8, u8, u8); 4] = [(0, 9, 3), (5, 6, 6), (10, 3, 9), (15, 0, 12)];

/// A risk level from 1 (low) to 4 (critical) and its word.
#[component]
pub fn Risk(level: u8, #[prop(into)] word: String) -> impl IntoView {
    leaf(html! {
        span.risk data-level=(level) {
            svg viewBox="0 0 18 12" aria-hidden="true" focusable="false" {
                @for ((x, y, height), place) in BARS.into_iter().zip(1_u8..) {
                    rect class=[(place <= level).then_some("on")] x=(x) y=(y) width="3" height=(height) rx="1" {}
                }
            }
            span { (word) }
        }
    })
}
