//! What is wrong with a pack, in a sentence, and where.

use std::fmt;

use serde::Serialize;

/// The first thing that does not hold in a pack. `Display` is the sentence; the members say the place once more for
/// programs. A pack with one of these proves nothing: it must be fetched or exported anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PackError {
    /// The part of the pack, such as `population.jsonl`; none when the file as a whole is meant.
    pub part: Option<&'static str>,
    /// The line of the part, from 1, where one can be told.
    pub line: Option<u64>,
    /// The number of the review item on that line, where it has one.
    pub item: Option<u64>,
    /// What is wrong, as a sentence that names the place.
    pub sentence: String,
}

impl PackError {
    /// About the file as a whole.
    pub(super) fn whole(sentence: impl Into<String>) -> Self {
        Self {
            part: None,
            line: None,
            item: None,
            sentence: sentence.into(),
        }
    }

    /// About a part.
    pub(super) fn of(part: &'static str, sentence: impl Into<String>) -> Self {
        Self {
            part: Some(part),
            ..Self::whole(sentence)
        }
    }

    /// About a line of a part; the sentence is what follows on "Line 7 of items.csv (item 5) ".
    pub(super) fn line(
        part: &'static str,
        line: u64,
        item: Option<u64>,
        what: impl fmt::Display,
    ) -> Self {
        let item_named = item.map_or_else(String::new, |item| format!(" (item {item})"));
        Self {
            line: Some(line),
            item,
            ..Self::of(part, format!("Line {line} of {part}{item_named} {what}."))
        }
    }
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.sentence)
    }
}

impl std::error::Error for PackError {}
