//! A message about the whole page that stays: information, a warning, or something wrong.

use leptos::prelude::*;

use super::{Icon, Tone, some};

/// Children are the text and any link.
#[component]
pub fn Banner(
    #[prop(optional)] tone: Tone,
    #[prop(optional, into)] title: String,
    #[prop(optional)] children: Option<Children>,
) -> impl IntoView {
    let drawing = match tone {
        Tone::Plain => Icon::Info,
        Tone::Good => Icon::CircleCheck,
        Tone::Warn => Icon::TriangleAlert,
        Tone::Bad => Icon::CircleAlert,
    };
    let text = children.map(|children| view! { <div class="banner-text">{children()}</div> });
    view! {
        <div class="banner" data-tone=tone.attribute()>
            {drawing.view()}
            <div class="banner-words">
                {some(title).map(|title| view! { <p class="banner-title">{title}</p> })}
                {text}
            </div>
        </div>
    }
    .into_any()
}
