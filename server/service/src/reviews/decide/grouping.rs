//! What a pile is grouped by.

use domain::id::ObjectKind;
use domain::words;

words! {
    /// What items are grouped by.
    Grouping {
        /// By whom they are about.
        Person = "person", "By person";
        /// By application.
        Application = "application", "By application";
        /// By what is had.
        Access = "access", "By access";
        /// Not at all.
        Flat = "flat", "In one list";
    }
}

impl Grouping {
    /// The kind of object that a group is; none when there are no groups.
    pub const fn kind(self) -> Option<ObjectKind> {
        match self {
            Self::Person => Some(ObjectKind::Identity),
            Self::Application => Some(ObjectKind::Application),
            Self::Access => Some(ObjectKind::Entitlement),
            Self::Flat => None,
        }
    }
}
