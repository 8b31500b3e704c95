//! Access reviews: people look at who has what, keep what is needed, and end the rest.
//!
//! A *definition* says what is reviewed, by whom and until when. A *campaign* is one carrying out of it over a population
//! that is frozen when it begins: every item keeps the facts that its reviewer sees. Decisions are staged, changed at will
//! and then submitted; what was submitted never changes. What an item's decisions come to is *derived* by a pure function.
//! Nothing here knows of rows, pages or of how access ends.

mod assign;
mod campaign;
mod decision;
mod definition;
mod facts;
mod outcome;
mod remedy;
mod repeats;
mod smaller;
mod standing;
#[cfg(test)]
mod tests;

pub use assign::{Candidates, Chosen, Parts, Why, choose, choose_apart};
pub use campaign::{Campaign, CampaignContent, CampaignState, CampaignStep, Population, Timed};
pub use decision::{
    Choice, Decision, Next, NotStageable, Remedy, Staged, changeable, check, needs_reason, offered,
    swept,
};
pub use definition::{
    LONGEST_GRACE, MOST_DAYS, MOST_ITEMS, MOST_STAGES, Review, ReviewContent, STAGE_FIELDS, Scope,
    Stage, StageFields, StageRule, Subjects, Unanswered,
};
pub use facts::{Excluded, ExcludedWhy, Facts, Flag, How, ItemKind, Last, flags};
pub use outcome::{Outcome, derive};
pub use remedy::{Read, RemedyState, RemedyStep, verifies};
pub use repeats::{Every, Repeats};
pub use smaller::is_smaller;
pub use standing::Standing;
