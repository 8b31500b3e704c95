//! A status in one word. Colour only where something is not as it should be; the word always says it too.

use leptos::prelude::*;
use maud::html;

use super::leaf::leaf;

/// What a colour means, for pills, banners, events and numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// No judgement.
    #[default]
    Plain,
    Good,
    Warn,
    Bad,
}

impl Tone {
    /// Value of `data-tone`.
    pub(super) fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Good => Some("good"),
            Self::Warn => Some("warn"),
            Self::Bad => Some("bad"),
        }
    }
}

/// A status.
#[component]
pub fn Pill(#[prop(into)] text: String, #[prop(optional)] tone: Tone) -> impl IntoView {
    leaf(html! { span.pill data-tone=[tone.attribute()] { (text) } })
}
