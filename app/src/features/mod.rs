//! The features of the console, a folder each: list, detail, form, and the handlers beside them.

pub mod applications;
pub mod audit;
pub mod entitlements;
pub mod find;
pub mod me;
pub mod people;
pub mod sign_in;

use crate::pages::Pages;

/// All pages.
pub fn pages() -> Pages {
    Pages::new()
        .merge(applications::router())
        .merge(audit::router())
        .merge(entitlements::router())
        .merge(find::router())
        .merge(people::router())
        .merge(me::router())
        .merge(sign_in::router())
}
