//! The log: the list of entries, an entry with its proof, and the list as a file.
//!
//! Nothing here changes anything. Verifying the whole log is the work of `bailiwick audit verify`, not of a page.

mod entry;
mod list;
mod proof;
mod words;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::AUDIT, list::page)
        .get(routes::AUDIT_EXPORT, list::export)
        .get("/audit/{seq}", entry::page)
}
