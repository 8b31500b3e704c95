//! The pages of the console, rendered on the server.
#![recursion_limit = "256"]

pub mod ui;
