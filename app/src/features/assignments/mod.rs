//! What is given to people, and what they are excluded from: the forms that give, change and end it, and the menus that
//! lead there. What people have is shown elsewhere.

mod acts;
mod begin;
mod changed;
mod changes;
mod columns;
mod exclusion;
mod gifts;
mod list;
mod open;
mod same;
mod steps;
mod words;

pub(super) use acts::{acts, begin_acts, exclusion_acts, resting_acts};
pub(super) use begin::give_fields;
pub(super) use gifts::{
    apply, ask, confirm_field, planned_again, planned_view, results, summed as results_sum,
    what_given,
};
pub(super) use words::{asked_for, technical};

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get("/people/{id}/give", begin::give_page)
        .post("/people/{id}/give", begin::give)
        .get("/people/{id}/same", same::page)
        .post("/people/{id}/same", same::take)
        .get("/people/{id}/exclude", begin::exclude_page)
        .post("/people/{id}/exclude", begin::exclude)
        .get(routes::ASSIGNMENTS, list::page)
        .get(routes::ASSIGNMENTS_EXPORT, list::export)
        .get(routes::ASSIGNMENTS_BULK, changes::page)
        .post(routes::ASSIGNMENTS_BULK, changes::take)
        .get("/assignments/{id}/{step}", steps::page)
        .post("/assignments/{id}/{step}", steps::take)
        .get("/exclusions/{id}/end", exclusion::page)
        .post("/exclusions/{id}/end", exclusion::end)
}
