//! Saved views: what somebody looks at in a list, under a name.
//!
//! A view is the query of a list's address (search, order, columns) and nothing more: what it shows is decided anew for
//! whoever opens it. So a shared view gives nobody anything to see.

use crate::field::FieldErrors;
use crate::id::{IdentityId, ViewId};
use crate::words;

/// Longest name of a view.
pub const NAME_MAX: usize = 40;
/// Longest query of a view.
pub const QUERY_MAX: usize = 2_000;
/// Most views that one person keeps of one list.
pub const VIEWS_MAX: usize = 50;
/// Most columns that a list remembers, with their commas.
pub const COLUMNS_MAX: usize = 500;

words! {
    /// A list that has views.
    ListName {
        /// People, services and agents.
        People = "people", "People";
        /// Business systems.
        Applications = "applications", "Applications";
        /// What they can grant.
        Entitlements = "entitlements", "Entitlements";
        /// Access that few peers have.
        Outliers = "outliers", "Outliers";
        /// What is given to whom.
        Assignments = "assignments", "Assignments";
        /// Bundles of them.
        Roles = "roles", "Roles";
        /// Who gets what by their attributes.
        Rules = "rules", "Rules";
    }
}

/// A view as somebody wrote it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ViewDraft {
    /// What it is called.
    pub name: String,
    /// The query of the list's address.
    pub query: String,
    /// Whether others find it, too.
    pub shared: bool,
}

/// A view without what is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ViewContent {
    /// What it is called.
    pub name: String,
    /// The query of the list's address.
    pub query: String,
    /// Whether others find it, too.
    pub shared: bool,
}

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// Whose it is; nobody else changes it.
    pub owner: IdentityId,
    /// The owner's name.
    pub owner_name: String,
    /// The list it belongs to.
    pub list: ListName,
    /// What it says.
    pub content: ViewContent,
}

impl ViewDraft {
    /// The content, or what is wrong with it.
    pub fn check(&self) -> Result<ViewContent, FieldErrors> {
        let mut errors = FieldErrors::new();
        let name = errors.required("name", "The name", &self.name, NAME_MAX);
        if self.query.chars().count() > QUERY_MAX || self.query.chars().any(char::is_control) {
            errors.add(
                "name",
                "The search is too long to be kept. Shorten it and save the view again.",
            );
        }
        errors.or(ViewContent {
            name,
            query: self.query.clone(),
            shared: self.shared,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_view_needs_a_name_and_a_query_of_some_length() {
        let draft = |name: &str, query: String| ViewDraft {
            name: name.to_owned(),
            query,
            shared: false,
        };
        let view = draft("  My people ", "q=manager%3Ame".to_owned()).check();
        assert_eq!(view.map(|view| view.name), Ok("My people".to_owned()));
        assert!(draft(" ", String::new()).check().is_err());
        assert!(draft(&"n".repeat(41), String::new()).check().is_err());
        assert!(draft("Long", "q".repeat(QUERY_MAX + 1)).check().is_err());
    }
}
