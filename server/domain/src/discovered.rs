//! A search for roles as it is kept: where it looked, and how far it came. What is found is in [`crate::discovery`].

use crate::id::ApplicationId;
use crate::words;

words! {
    /// Where a kept search is in its life.
    DiscoveryState {
        /// A job is at it, or waits.
        Searching = "searching", "Searching";
        /// There is a proposal.
        Found = "found", "Found";
        /// Somebody called it off.
        Cancelled = "cancelled", "Cancelled";
        /// Its job could not come to its end.
        Failed = "failed", "Failed";
    }
}

/// Whose access, and to what, roles are looked for in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scope {
    /// Everything that everybody has.
    Everybody,
    /// What everybody has in one application.
    Application(ApplicationId),
    /// Everything that the people of one department have.
    Department(String),
}

impl Scope {
    /// Its word in forms and in the database.
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Everybody => "everybody",
            Self::Application(_) => "application",
            Self::Department(_) => "department",
        }
    }

    /// The application, when it is one.
    pub const fn application(&self) -> Option<ApplicationId> {
        match self {
            Self::Application(id) => Some(*id),
            Self::Everybody | Self::Department(_) => None,
        }
    }

    /// The department, when it is one.
    pub fn department(&self) -> Option<&str> {
        match self {
            Self::Department(name) => Some(name),
            Self::Everybody | Self::Application(_) => None,
        }
    }

    /// The scope of these three, when they fit together.
    pub fn of(
        word: &str,
        application: Option<ApplicationId>,
        department: Option<String>,
    ) -> Option<Self> {
        match (word, application, department) {
            ("everybody", None, None) => Some(Self::Everybody),
            ("application", Some(id), None) => Some(Self::Application(id)),
            ("department", None, Some(name)) => Some(Self::Department(name)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_is_made_of_its_parts_and_of_no_others() {
        for scope in [
            Scope::Everybody,
            Scope::Application(ApplicationId::from_raw(7)),
            Scope::Department("Finance".to_owned()),
        ] {
            let department = scope.department().map(str::to_owned);
            let again = Scope::of(scope.word(), scope.application(), department);
            assert_eq!(again.as_ref(), Some(&scope));
            assert_eq!(Scope::of("nobody", scope.application(), None), None);
        }
        let two = Scope::of(
            "application",
            Some(ApplicationId::from_raw(7)),
            Some("Finance".to_owned()),
        );
        assert_eq!(two, None);
    }
}
