//! The only SQL of Bailiwick: one text for SQLite and PostgreSQL, versioned tables, and transactions that cannot be
//! committed without an audit entry.
//!
//! Knows nothing of permissions, pages or HTTP: [`Visibility`](domain::permission::Visibility) arrives as an argument.

#[macro_use]
mod engine;

pub mod applications;
pub mod assignments;
pub mod audit;
mod column;
pub mod credentials;
pub mod entitlements;
mod error;
pub mod identities;
mod list;
mod migrate;
pub mod once;
pub mod organisation;
pub mod sessions;
mod store;
pub mod throttle;
mod versioned;
mod words;

pub use engine::{ReadTx, WriteTx};
pub use error::Error;
pub use store::Store;

/// What storage calls return.
pub type Result<T> = std::result::Result<T, Error>;
