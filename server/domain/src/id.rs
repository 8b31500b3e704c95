//! The registry of object kinds and their typed ids.
//!
//! Inside, an id is a dense 64-bit integer, one sequence per kind. Outside it is text: the kind's prefix and a Sqid
//! (`idn_86Rf07xd4z`). Nothing relies on ids being secret.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::sqid;

/// Text that is no id of the expected kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not an id of this kind")]
pub struct InvalidId(pub String);

fn write(f: &mut fmt::Formatter<'_>, prefix: &str, raw: i64) -> fmt::Result {
    let number =
        u64::try_from(raw).expect("ids are positive: they come from a sequence that starts at 1");
    f.write_str(prefix)?;
    f.write_str("_")?;
    f.write_str(sqid::encode(number).as_str())
}

fn decode(prefix: &str, text: &str) -> Result<i64, InvalidId> {
    text.strip_prefix(prefix)
        .and_then(|rest| rest.strip_prefix('_'))
        .and_then(sqid::decode)
        .and_then(|number| i64::try_from(number).ok())
        .filter(|raw| *raw > 0)
        .ok_or_else(|| InvalidId(text.to_owned()))
}

macro_rules! registry {
    ($($(#[$doc:meta])* $kind:ident $id:ident $prefix:literal $name:literal;)*) => {
        /// Every kind of object that has an id.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectKind { $($(#[$doc])* $kind,)* }

        impl ObjectKind {
            /// All kinds, in the order of the registry.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The word the database and the log use for the kind.
            pub const fn name(self) -> &'static str { match self { $(Self::$kind => $name,)* } }

            /// The prefix of its ids.
            pub const fn prefix(self) -> &'static str { match self { $(Self::$kind => $prefix,)* } }

            /// The kind with this name.
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }

        $($(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $id(i64);

        impl $id {
            /// Wraps a number that came from the sequence of this kind.
            pub const fn from_raw(raw: i64) -> Self { Self(raw) }
            /// The number for the database.
            pub const fn raw(self) -> i64 { self.0 }
        }

        impl fmt::Display for $id {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { write(f, $prefix, self.0) }
        }

        impl FromStr for $id {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> { decode($prefix, text).map(Self) }
        }

        impl Serialize for $id {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> { s.collect_str(self) }
        }

        impl<'de> Deserialize<'de> for $id {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                let text = String::deserialize(d)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl From<$id> for ObjectRef {
            fn from(id: $id) -> Self { Self { kind: ObjectKind::$kind, raw: id.0 } }
        })*
    };
}

registry! {
    /// A person, service or agent that can have access.
    Identity IdentityId "idn" "identity";
    /// A business system that grants things.
    Application ApplicationId "app" "application";
    /// One thing an application can grant.
    Entitlement EntitlementId "ent" "entitlement";
    /// A desired grant of an entitlement or role to an identity.
    Assignment AssignmentId "asg" "assignment";
    /// The one organisation of a database.
    Organisation OrganisationId "org" "organisation";
    /// Long work that goes on beside the pages.
    Job JobId "job" "job";
    /// A named bundle of entitlements and other roles.
    Role RoleId "rol" "role";
    /// A login in an application.
    Account AccountId "acc" "account";
    /// Where access data comes from.
    Source SourceId "src" "source";
    /// One reading of a source.
    SourceRun SourceRunId "run" "source_run";
    /// A saved search of a list.
    View ViewId "viw" "view";
    /// Something a person shall not get, whoever gives it.
    Exclusion ExclusionId "exc" "exclusion";
    /// Who gets what by their attributes.
    Rule RuleId "rul" "rule";
    /// A search for roles in what people have.
    Discovery DiscoveryId "dsc" "discovery";
    /// Who must agree before access is given.
    ApprovalFlow ApprovalFlowId "flw" "approval_flow";
    /// What somebody asks for, for themselves or somebody else.
    Request RequestId "req" "request";
    /// One thing that is asked for in a request.
    RequestItem RequestItemId "rqi" "request_item";
    /// One thing that happened to an item of a request.
    RequestEvent RequestEventId "rqe" "request_event";
    /// Somebody decides for somebody else for a time.
    Delegation DelegationId "dlg" "delegation";
    /// What a person does because no connector does it yet.
    FulfilmentTask FulfilmentTaskId "tsk" "fulfilment_task";
    /// What somebody is told.
    Notification NotificationId "ntf" "notification";
    /// A mail to somebody.
    Mail MailId "mal" "mail";
    /// What is reviewed, by whom, and how often.
    Review ReviewId "rvw" "review";
    /// One carrying out of a review.
    Campaign CampaignId "cmp" "campaign";
    /// A link with which an outside auditor reads a campaign.
    AuditorLink AuditorLinkId "alk" "auditor_link";
}

/// An object of any kind, as the log and the search speak of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectRef {
    /// What it is.
    pub kind: ObjectKind,
    /// Its number within the kind.
    pub raw: i64,
}

impl ObjectRef {
    /// The identity id, when it is one.
    pub fn identity(self) -> Option<IdentityId> {
        (self.kind == ObjectKind::Identity).then_some(IdentityId(self.raw))
    }
}

impl fmt::Display for ObjectRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(f, self.kind.prefix(), self.raw)
    }
}

impl FromStr for ObjectRef {
    type Err = InvalidId;
    fn from_str(text: &str) -> Result<Self, InvalidId> {
        let kind = ObjectKind::ALL.iter().copied().find(|kind| {
            text.strip_prefix(kind.prefix())
                .is_some_and(|rest| rest.starts_with('_'))
        });
        let kind = kind.ok_or_else(|| InvalidId(text.to_owned()))?;
        decode(kind.prefix(), text).map(|raw| Self { kind, raw })
    }
}

impl Serialize for ObjectRef {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ObjectRef {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_number_are_two_forms_of_one_id(raw in 1_i64..=i64::MAX) {
            let id = IdentityId::from_raw(raw);
            let text = id.to_string();
            prop_assert!(text.starts_with("idn_") && text.len() >= 14);
            prop_assert_eq!(text.parse::<IdentityId>(), Ok(id));
            prop_assert_eq!(text.parse::<ObjectRef>(), Ok(id.into()));
            prop_assert!(text.parse::<ApplicationId>().is_err());
        }

        #[test]
        fn a_text_that_parses_is_the_text_that_is_shown(text in "idn_[a-zA-Z0-9]{0,14}") {
            if let Ok(id) = text.parse::<IdentityId>() { prop_assert_eq!(id.to_string(), text); }
        }
    }
}
