//! Proposals on access, learnt from past decisions: what is looked at, the learner, the score, and what moved it, in words.
//!
//! The mean of two sums: a logistic regression over single fields of a person and an entitlement, their pairs and their
//! triples; and shapes of how often, and on how many, requests were approved that have a field or two in common. What each
//! part of a sum moved is known exactly, and that is what the reasons say. How far it can be trusted, and how much
//! peers count, is found on a fifth of the decisions that is held back. Nothing here reads a database, decides, or is
//! random: the same decisions give the same numbers.

mod bytes;
mod calibration;
mod combinations;
mod fields;
mod fit;
mod hash;
mod learnt;
mod linear;
mod propose;
mod quality;
mod shapes;
mod tally;
mod words;

#[cfg(test)]
mod tests;

pub use calibration::Peers;
pub use fields::{Decided, ENTITLEMENT, Past, Trait, field};
pub use hash::{pair_hash, value_hash};
pub use learnt::{Learnt, TooFew, Trial, begin};
pub use propose::{Asked, Basis, Proposal, propose};
pub use quality::area_under_curve;

use crate::words;

words! {
    /// What past decisions and peers speak for. Never chosen for whoever decides.
    Lean {
        /// At least nine in ten requests like this were approved.
        Approve = "approve", "Approve";
        /// Fewer than half were.
        Deny = "deny", "Deny";
        /// Neither.
        Open = "none", "No recommendation";
    }
}

/// From this chance of an approval on, approving is proposed. Scores are calibrated, so it is a share of decisions.
pub const APPROVE_FROM: f64 = 0.9;
/// Below this chance, denying is proposed.
pub const DENY_BELOW: f64 = 0.5;
/// Fewer decisions than these teach nothing.
pub const FEWEST: usize = 200;
/// Of more decisions than these, so many are learnt from: those whose pair has the lowest hash.
pub const MOST: usize = 50_000;
