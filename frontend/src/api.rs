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

/// How far a job is, in the words of its page.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct JobNow {
    /// The word of its state; when it changes, the page is another one.
    pub state: String,
    /// The state as people read it.
    pub label: String,
    /// What it does.
    pub title: String,
    /// What it is at. May be empty.
    #[serde(default)]
    pub note: String,
    /// Numbers, rate and time left in a line. May be empty.
    #[serde(default)]
    pub line: String,
    /// Items that are through.
    #[serde(default)]
    pub done: u64,
    /// Items in all; 0 while that is not known.
    #[serde(default)]
    pub total: u64,
    /// How items ended: a name, and a count as people read it.
    #[serde(default)]
    pub counts: Vec<(String, String)>,
    /// Whether nothing more happens by itself.
    #[serde(default)]
    pub over: bool,
}

/// Where a sitting stands after a decision was staged, or why it was not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SittingNow {
    /// What is staged on the item now, in words; empty when nothing is.
    #[serde(default)]
    pub said: String,
    /// Why it was not staged; empty when it was.
    #[serde(default)]
    pub why: String,
    /// How many decisions are staged.
    pub staged: u64,
    /// On how many items nothing is.
    pub left: u64,
    /// About how long those take, in words.
    pub effort: String,
}

/// What a form says, as far as it can be understood.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaysNow {
    /// Sentences; empty when it cannot be understood.
    #[serde(default)]
    pub says: Vec<String>,
    /// Why it cannot be.
    #[serde(default)]
    pub why: Option<String>,
}
