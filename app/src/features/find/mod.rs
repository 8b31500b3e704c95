//! Finding: the search page, the JSON for the palette and the pickers, and the page of keyboard shortcuts.
//!
//! The page finds what the palette finds, so that nothing is lost where scripts do not run.

mod api;
mod keys;
mod search;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::SEARCH, search::page)
        .get(routes::HELP_KEYS, keys::page)
        .get(routes::API_SEARCH, api::search)
        .get(routes::API_PICK_PEOPLE, api::people)
        .get(routes::API_PICK_APPLICATIONS, api::applications)
        .get(routes::API_PICK_ACCESS, api::access)
}

/// What is asked for.
#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
struct Asked {
    /// As it was typed.
    q: String,
}
