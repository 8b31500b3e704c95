//! Risk as a word with one to four filled bars: height carries the level as well as colour, so it reads in grey too.

use leptos::prelude::*;

/// Left edge, top and height of the four bars in a box of 18 by 12.
const BARS: [(u8, u8, u8); 4] = [(0, 9, 3), (5, 6, 6), (10, 3, 9), (15, 0, 12)];

/// A risk level from 1 (low) to 4 (critical) and its word.
#[component]
pub fn Risk(level: u8, #[prop(into)] word: String) -> impl IntoView {
    let bars = BARS
        .into_iter()
        .zip(1_u8..)
        .map(|((x, y, height), place)| {
            let class = (place <= level).then_some("on");
            view! { <rect class=class x=x.to_string() y=y.to_string() width="3" height=height.to_string() rx="1"></rect> }
        })
        .collect_view();
    view! {
        <span class="risk" data-level=level.to_string()>
            <svg viewBox="0 0 18 12" aria-hidden="true" focusable="false">
                {bars}
            </svg>
            <span>{word}</span>
        </span>
    }
    .into_any()
}
