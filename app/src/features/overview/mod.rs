//! The first page of whoever looks after access.

mod page;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new().get(routes::OVERVIEW, page::page)
}
