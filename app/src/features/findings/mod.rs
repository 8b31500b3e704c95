//! What is wrong with the present access data: each finding with its count, what it means, and the way to its list.

mod outliers;
mod overlaps;
mod page;
mod words;

pub(super) use page::short_table;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::FINDINGS, page::page)
        .get(routes::OUTLIERS, outliers::page)
        .get(routes::OUTLIERS_EXPORT, outliers::export)
        .post(routes::OUTLIERS_LOOK, outliers::ask)
        .get(routes::OVERLAPPING_ROLES, overlaps::page)
        .get(
            "/findings/overlapping-roles/{one}/{other}",
            overlaps::beside,
        )
}
