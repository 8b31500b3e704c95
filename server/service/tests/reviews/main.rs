//! Access reviews, as use cases on both engines.

mod deciding;
mod inspecting;
mod kit;
mod packs;
mod reports;
mod together;
