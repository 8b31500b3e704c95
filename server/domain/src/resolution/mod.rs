//! Who has what: from what a person was given, through roles, past exclusions, to effective access with its derivation.
//!
//! Pure: whoever calls brings the roles, what the person holds, and the moment. The terms are those of INCITS 359
//! (hierarchical RBAC), where a role that includes another has the permissions of both. Nothing is kept here, and nothing
//! is known of people's names.

mod cut;
mod graph;
mod resolve;
#[cfg(test)]
mod tests;

pub use cut::{Cut, cut};
pub use graph::{Inclusion, Node, RoleGraph};
pub use resolve::{Access, Chain, Exclusion, Given, Subject, entitlements, resolve};
