//! Closing reviews, as use cases on both engines: what was revoked is really gone, once, and nothing else.

mod closing;
mod defining;
mod foreseen;
mod gone;
mod items;
mod killed;
mod kit;
mod looked;
mod movers;
mod owners;
mod persons;
mod smaller;
mod stages;
mod steering;
mod things;
mod time;
mod turns;
mod verified;
