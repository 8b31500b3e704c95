//! Saved views of lists, and the columns that somebody wants to see.

mod columns;
mod form;

use domain::view::ListName;

use crate::pages::Pages;
use crate::routes;

/// The pages of this feature.
pub fn router() -> Pages {
    Pages::new()
        .get(routes::VIEWS_NEW, form::new_page)
        .post(routes::VIEWS_NEW, form::create)
        .post(routes::VIEWS_COLUMNS, columns::choose)
        .get("/views/{id}", form::edit_page)
        .post("/views/{id}", form::edit)
}

/// The path of a list.
const fn base(list: ListName) -> &'static str {
    match list {
        ListName::People => routes::PEOPLE,
        ListName::Applications => routes::APPLICATIONS,
        ListName::Entitlements => routes::ENTITLEMENTS,
        ListName::Roles => routes::ROLES,
        ListName::Rules => routes::RULES,
        ListName::Outliers => routes::OUTLIERS,
        ListName::Assignments => routes::ASSIGNMENTS,
    }
}
