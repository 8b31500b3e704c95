//! What tests of the other crates stand on: databases and whole services on both engines, a clock that is moved by hand, randomness that
//! repeats itself, and builders for the contents of objects.
//!
//! A development dependency only: nothing here is part of the program.

mod app;
mod applications;
mod clock;
mod engines;
mod entitlements;
mod entropy;
mod events;
mod people;
mod postgres;
mod property;
mod reviews;
mod store;

pub use app::{PASSWORD, TestApp, both_apps};
pub use applications::{ApplicationBuilder, an_application};
pub use clock::{FakeClock, START};
pub use engines::both_engines;
pub use entitlements::{EntitlementBuilder, an_entitlement};
pub use entropy::SeededEntropy;
pub use events::an_event;
pub use people::{PersonBuilder, a_person};
pub use property::{property, property_of_apps};
pub use reviews::{an_item, an_open_campaign};
pub use store::{Engine, TestStore};
