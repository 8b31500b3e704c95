//! What the small JSON endpoints answer and the islands read.
//!
//! Both sides use these types, so that an answer which the browser cannot read does not compile on the server.

use serde::{Deserialize, Serialize};

/// One thing to choose or to go to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// What a form field takes when this is chosen: a user name or an id as text. In the palette any unique text.
    pub id: String,
    /// The name that people read.
    pub label: String,
    /// A quieter second part: title, department, e-mail. May be empty.
    #[serde(default)]
    pub detail: String,
    /// Where it leads, a path of this site. Empty where it can only be chosen.
    #[serde(default)]
    pub href: String,
    /// The kind in one word ("Person", "Application", "Page").
    #[serde(default)]
    pub kind: String,
}

/// The first few matches and how many there are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestions {
    /// The best matches, at most twenty.
    pub items: Vec<Suggestion>,
    /// How many match in all, counted up to a limit.
    pub total: u64,
    /// Whether `total` stopped at that limit, so that there are more.
    pub more: bool,
}
