//! How this feature calls things.

use domain::entitlement::EntitlementKind;
use domain::lifecycle::{Level, Lifecycle};

/// What a token's key and a value of it are called.
pub(super) fn token_words(key: &str, value: &str) -> (String, String) {
    let title = match key {
        "application" => "Application",
        "kind" => "Kind",
        "risk" => "Risk",
        "status" => "Status",
        "owner" => "Owner",
        "requestable" => "Can be asked for",
        "name" => "Technical name",
        "grantable" => "Can be given",
        other => other,
    };
    let label = match key {
        "kind" => EntitlementKind::from_word(value).map(EntitlementKind::label),
        "risk" => Level::from_word(value).map(Level::label),
        "status" => Lifecycle::from_word(value).map(Lifecycle::label),
        _ => None,
    };
    (title.to_owned(), label.unwrap_or(value).to_owned())
}
