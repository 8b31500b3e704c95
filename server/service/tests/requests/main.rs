//! Requests for access, as use cases on both engines.

mod catalogue;
mod concurrent;
mod course;
mod emergency;
mod kit;
mod refused;
mod tasks;
mod time;
mod verified;
