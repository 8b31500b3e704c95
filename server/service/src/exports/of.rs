//! Whose list becomes a file: everybody's, or that of the one object on whose page it stands.

use domain::id::{ApplicationId, EntitlementId, IdentityId, ObjectRef, RoleId};
use storage::accounts::AccountScope;

use crate::access::Scope;
use crate::{Error, Result};

/// Whose list it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    /// A list of its own.
    All,
    /// A person's.
    Person(IdentityId),
    /// An application's.
    Application(ApplicationId),
    /// An entitlement's.
    Entitlement(EntitlementId),
    /// A role's.
    Role(RoleId),
}

impl Of {
    /// From an id, or nothing.
    pub(super) fn read(of: &str) -> Result<Self> {
        if of.is_empty() {
            return Ok(Self::All);
        }
        let person = of.parse().map(Self::Person).ok();
        let application = || of.parse().map(Self::Application).ok();
        let entitlement = || of.parse().map(Self::Entitlement).ok();
        let role = || of.parse().map(Self::Role).ok();
        person
            .or_else(application)
            .or_else(entitlement)
            .or_else(role)
            .ok_or(Error::NotFound)
    }

    /// The object, when it is one.
    pub(super) fn object(self) -> Option<ObjectRef> {
        match self {
            Self::All => None,
            Self::Person(id) => Some(id.into()),
            Self::Application(id) => Some(id.into()),
            Self::Entitlement(id) => Some(id.into()),
            Self::Role(id) => Some(id.into()),
        }
    }

    /// Which accounts. An entitlement or a role has none of its own, which was refused before.
    pub(super) const fn accounts(self) -> AccountScope {
        match self {
            Self::All | Self::Entitlement(_) | Self::Role(_) => AccountScope::All,
            Self::Person(id) => AccountScope::Person(id),
            Self::Application(id) => AccountScope::Application(id),
        }
    }

    /// Which access. An application or a role has none of its own, which was refused before.
    pub(super) const fn access(self) -> Scope {
        match self {
            Self::All | Self::Application(_) | Self::Role(_) => Scope::All,
            Self::Person(id) => Scope::Person(id),
            Self::Entitlement(id) => Scope::Entitlement(id),
        }
    }
}
