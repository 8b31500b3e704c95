//! Words, rules and decisions of Bailiwick: types without I/O.
//!
//! Everything here is a pure function of its arguments. Clock and randomness come in through the traits of
//! [`context`]; storage, network and rendering live in other crates. The crate also builds for the browser.

pub mod access;
pub mod account;
pub mod application;
pub mod approval;
pub mod assignment;
pub mod audit;
pub mod context;
pub mod decision;
pub mod delegation;
pub mod discovered;
pub mod discovery;
pub mod entitlement;
pub mod exclusion;
pub mod field;
pub mod finding;
pub mod id;
pub mod identity;
pub mod inbox;
pub mod job;
pub mod lifecycle;
pub mod notice;
pub mod organisation;
pub mod outlier;
pub mod overlap;
pub mod page;
pub mod permission;
pub mod proposal;
pub mod report;
pub mod request;
pub mod resolution;
pub mod review;
pub mod role;
pub mod rule;
pub mod search;
pub mod source;
mod sqid;
pub mod task;
pub mod text;
pub mod time;
pub mod view;
