//! Closing reviews, as use cases on both engines: what was revoked is really gone, once, and nothing else.

mod closing;
mod foreseen;
mod gone;
mod items;
mod killed;
mod kit;
mod persons;
mod smaller;
mod stages;
mod steering;
mod things;
mod time;
mod turns;
mod verified;
