//! Words, rules and decisions of Bailiwick: types without I/O.
//!
//! Everything here is a pure function of its arguments. Clock and randomness come in through the traits of
//! [`context`]; storage, network and rendering live in other crates. The crate also builds for the browser.

pub mod application;
pub mod audit;
pub mod context;
pub mod entitlement;
pub mod field;
pub mod id;
pub mod identity;
pub mod lifecycle;
pub mod organisation;
pub mod page;
pub mod permission;
pub mod search;
pub mod text;
pub mod time;
