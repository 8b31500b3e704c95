//! The one-shot message after something was done. Never the only place where a thing is said.

use leptos::prelude::*;

use super::{Icon, Tone, some};

/// What was done, with a way to see it; an island around it may let it fade.
#[component]
pub fn Flash(
    #[prop(into)] text: String,
    #[prop(default = Tone::Good)] tone: Tone,
    #[prop(optional, into)] href: String,
    /// The words of the link.
    #[prop(optional, into)]
    link: String,
) -> impl IntoView {
    let drawing = match tone {
        Tone::Good => Icon::CircleCheck,
        Tone::Plain => Icon::Info,
        Tone::Warn => Icon::TriangleAlert,
        Tone::Bad => Icon::CircleAlert,
    };
    let link = some(href).map(|href| view! { <a href=href>{link}</a> });
    view! {
        <p class="flash" data-tone=tone.attribute()>
            {drawing.view()}
            <span>{text}</span>
            {link}
        </p>
    }
    .into_any()
}
