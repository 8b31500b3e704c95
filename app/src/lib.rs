//! The pages of the console: handlers that ask the service and render Leptos views on the server.
//!
//! Native only. A handler awaits its data first and then renders a whole page at once, so that the status is right and
//! nothing needs JavaScript; only the islands of the crate `frontend` run in the browser. Rules are the service's.

#![recursion_limit = "256"]

pub mod access;
pub mod as_of;
pub mod conflict;
pub mod door;
pub mod download;
pub mod features;
pub mod fields;
pub mod flash;
pub mod format;
pub mod history;
pub mod listing;
pub mod moments;
pub mod navigation;
pub mod page;
pub mod pages;
pub mod password;
pub mod plan;
pub mod posted;
pub mod refuse;
pub mod routes;
pub mod state;
pub mod step;
pub mod ui;
pub mod visit;
pub mod zones;

pub use routes::{router, surface, uploads};
pub use state::{App, Site};
pub use visit::{Preferences, Visit};
