//! The only SQL of Bailiwick: one text for SQLite and PostgreSQL, versioned tables, and transactions that cannot be
//! committed without an audit entry.
//!
//! Knows nothing of permissions, pages or HTTP: [`Visibility`](domain::permission::Visibility) arrives as an argument.

#[macro_use]
mod engine;
#[macro_use]
mod bulk;

pub mod access;
pub mod accounts;
pub mod applications;
pub mod assignments;
pub mod audit;
mod cart;
mod changed;
mod column;
pub mod credentials;
pub mod decisions;
mod deflate;
mod delegations;
pub mod discoveries;
mod documents;
pub mod entitlements;
mod error;
pub mod exclusions;
pub mod findings;
mod flows;
mod foreseen;
pub mod identities;
mod inbox;
pub mod jobs;
mod leavers;
pub mod links;
mod list;
pub mod manifests;
mod many;
mod migrate;
pub mod model;
pub mod notifications;
pub mod once;
pub mod organisation;
pub mod outliers;
pub mod overview;
pub mod proposals;
pub mod reports;
pub mod requests;
pub mod reviews;
pub mod roles;
pub mod rules;
pub mod runs;
pub mod sessions;
pub mod sources;
mod store;
mod tasks;
pub mod throttle;
mod versioned;
pub mod views;
pub mod visitor;
mod words;

/// Futures of queries are boxed: each is compiled here, once, and not again in every crate that waits for it.
pub(crate) use async_recursion::async_recursion as boxed;
pub use engine::{ReadTx, WriteTx};
pub use error::Error;
pub use list::Tallies;
pub use store::Store;

/// What storage calls return.
pub type Result<T> = std::result::Result<T, Error>;
