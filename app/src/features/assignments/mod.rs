//! What is given to people, and what they are excluded from: the forms that give, change and end it, and the menus that
//! lead there. What people have is shown elsewhere.

mod acts;
mod begin;
mod exclusion;
mod open;
mod steps;
mod words;

pub(super) use acts::{acts, begin_acts, exclusion_acts, resting_acts};
pub(super) use words::technical;

use crate::pages::Pages;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get("/people/{id}/give", begin::give_page)
        .post("/people/{id}/give", begin::give)
        .get("/people/{id}/exclude", begin::exclude_page)
        .post("/people/{id}/exclude", begin::exclude)
        .get("/assignments/{id}/{step}", steps::page)
        .post("/assignments/{id}/{step}", steps::take)
        .get("/exclusions/{id}/end", exclusion::page)
        .post("/exclusions/{id}/end", exclusion::end)
}
