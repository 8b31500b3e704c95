//! Acts at the command line, a file each.

pub(crate) mod access;
pub(crate) mod admin;
pub(crate) mod audit;

pub(crate) mod demo;
pub(crate) mod discover;
pub(crate) mod import;
pub(crate) mod link;
pub(crate) mod plan;
