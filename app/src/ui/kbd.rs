//! Keys as they are printed on a keyboard. Decoration: the page that explains keys says them in words as well.

use leptos::prelude::*;
use maud::{Markup, html};

use super::leaf::leaf;

/// One key or a sequence; keys are separated by spaces.
#[component]
pub fn Kbd(#[prop(into)] keys: String) -> impl IntoView {
    leaf(caps(&keys))
}

/// The same in markup.
pub(super) fn caps(keys: &str) -> Markup {
    html! {
        span.kbd {
            @for key in keys.split(' ') { kbd { (key) } }
        }
    }
}
