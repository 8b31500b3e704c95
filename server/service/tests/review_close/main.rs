//! Closing reviews, as use cases on both engines: what was revoked is really gone, once, and nothing else.

mod closing;
mod killed;
mod kit;
mod steering;
mod verified;
