//! Finds roles in what people have: as few sets of permissions as possible of which everybody's access is put together
//! exactly. In other words a minimum biclique cover.
//!
//! First everything goes that leaves the least number as it is (`relation`, `cells`, `kernel`); of real companies
//! little remains. Then that remainder is searched (`improve`). Pure and repeatable: the same grants and the same effort
//! give the same roles. It does not know people or entitlements, names no roles and decides nothing.

mod bound;
mod budget;
mod cells;
mod check;
mod discover;
mod exact;
mod finish;
mod grants;
mod greedy;
mod improve;
mod kernel;
mod proposal;
mod random;
mod relation;
mod search;
mod table;
#[cfg(test)]
mod tests;

pub use budget::{Effort, Progress};
pub use check::{check, coverage};
pub use discover::discover;
pub use grants::Grants;
pub use proposal::{Proposal, Proposed};
