//! What is wrong with the present access data: each finding with its count, what it means, and the way to its list.

mod page;
mod words;

pub(super) use page::short_table;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new().get(routes::FINDINGS, page::page)
}
