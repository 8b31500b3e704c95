//! How this feature calls things.

use domain::lifecycle::{Level, Lifecycle};
use leptos::prelude::*;

use crate::access;
use crate::ui::Pill;

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "status" => "Status",
        "criticality" => "Criticality",
        "owner" => "Owner",
        "name" => "Technical name",
        other => other,
    };
    let label = match key {
        "status" => Lifecycle::from_word(value).map(Lifecycle::label),
        "criticality" => Level::from_word(value).map(Level::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}

/// The status, and that it is the console itself.
pub(super) fn status(status: Lifecycle, built_in: bool) -> AnyView {
    if built_in {
        view! { <Pill text="Built in" /> }.into_any()
    } else {
        access::status_pill(status)
    }
}
