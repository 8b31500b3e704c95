//! Imports from files to the end, on both engines. Every test ends with the log verified.

mod access;
mod again;
mod bad_input;
mod beside;
mod broken;
mod effective;
mod folder;
mod jobs;
mod killed;
mod kit;
mod model;
mod people;
mod plan;
mod plan_random;
mod resumed;
mod rights;
mod roles;
mod snapshot;
mod unclear;
