//! How this feature calls things.

use domain::source::{ImportMode, Source};

use crate::format::every;

/// What missing rows mean, in a sentence.
pub(in crate::features) const fn mode_detail(mode: ImportMode) -> &'static str {
    match mode {
        ImportMode::Snapshot => {
            "The files are everything the source has: what is no longer in them is ended."
        }
        ImportMode::Delta => {
            "The files hold only what is new or changed: nothing is ended because it is missing."
        }
    }
}

/// How its folder is watched; empty when none is.
pub(super) fn watched(source: &Source) -> String {
    match source.content.every_minutes {
        Some(minutes) if !source.content.folder.is_empty() => every(minutes),
        _ => String::new(),
    }
}
