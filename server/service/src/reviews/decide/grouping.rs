//! What a pile is grouped by.

use domain::id::ObjectKind;
use domain::review::Subjects;
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
    /// The ways in which what is reviewed can be grouped.
    pub const fn ways(subjects: Subjects) -> &'static [Self] {
        match subjects {
            Subjects::Access | Subjects::Roles | Subjects::Rights => Self::ALL,
            // Entitlements and roles, both of which are in roles, are counted apart.
            Subjects::Contents => &[Self::Person, Self::Application, Self::Flat],
            Subjects::Accounts => &[Self::Application, Self::Flat],
        }
    }

    /// This way, or the first one where what is reviewed is not grouped like that.
    #[must_use]
    pub fn fitting(self, subjects: Subjects) -> Self {
        let ways = Self::ways(subjects);
        let fits = ways.contains(&self);
        if fits {
            self
        } else {
            ways.first().copied().unwrap_or(Self::Flat)
        }
    }

    /// How it is called where this is reviewed.
    pub fn called(self, subjects: Subjects) -> &'static str {
        match (self, subjects) {
            (Self::Person, Subjects::Contents) => "By role",
            (one, _) => one.label(),
        }
    }

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
