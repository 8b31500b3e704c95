//! Single things an application can grant.

use serde::Serialize;

use crate::application::{optional_level, technical_name};
use crate::field::FieldErrors;
use crate::id::{ApplicationId, EntitlementId, IdentityId, SourceId};
use crate::lifecycle::{Level, Lifecycle};
use crate::text;
use crate::time::Instant;
use crate::words;

words! {
    /// What kind of thing is granted.
    EntitlementKind {
        /// An account.
        Account = "account", "Account";
        /// Membership of a group.
        Group = "group", "Group";
        /// A permission.
        Permission = "permission", "Permission";
        /// A licence.
        Licence = "licence", "Licence";
        /// A feature of a plan.
        Feature = "feature", "Feature";
    }
}

impl EntitlementKind {
    /// The kind that a word of a file means, also where the target has words of its own: `team`, `repository permission`.
    pub fn from_file(word: &str) -> Option<Self> {
        let word = text::fold(word);
        Self::from_word(&word).or(match word.as_str() {
            "membership" | "team" | "team maintainer" | "group membership" | "security group"
            | "distribution list" => Some(Self::Group),
            "license" | "subscription" => Some(Self::Licence),
            "login" | "user account" => Some(Self::Account),
            "role" | "right" | "privilege" | "scope" => Some(Self::Permission),
            other => other.contains("permission").then_some(Self::Permission),
        })
    }
}

/// What is recorded about an entitlement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EntitlementContent {
    /// The application that grants it.
    pub application: ApplicationId,
    /// Technical name; unique within the application without regard to case.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it lets a person do, in plain words.
    pub description: String,
    /// What kind of thing it is.
    pub kind: EntitlementKind,
    /// What may be done: read, write, approve …
    pub actions: Vec<String>,
    /// The type of thing it covers; empty when it covers none.
    pub resource_type: String,
    /// The single thing it covers; empty means all of the type.
    pub resource_id: String,
    /// How bad it is in wrong hands; none when nobody has said.
    pub risk: Option<Level>,
    /// Who answers for it; none means the application's owner does.
    pub owner: Option<IdentityId>,
    /// Whether people may ask for it.
    pub requestable: bool,
    /// Where it is in its life.
    pub status: Lifecycle,
    /// The source that brought it, and alone may end it; none when a person made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
}

/// An entitlement as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entitlement {
    /// Its id.
    pub id: EntitlementId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: EntitlementContent,
}

/// What a person types into the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EntitlementDraft {
    /// The application's technical name or id.
    pub application: String,
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it lets a person do.
    pub description: String,
    /// Word of an [`EntitlementKind`].
    pub kind: String,
    /// Actions separated by `;` or spaces.
    pub actions: String,
    /// Type of the resource.
    pub resource_type: String,
    /// Id of the resource.
    pub resource_id: String,
    /// Word of a [`Level`], or empty.
    pub risk: String,
    /// The owner's username or id.
    pub owner: String,
    /// Whether people may ask for it.
    pub requestable: bool,
}

impl EntitlementDraft {
    /// Checks everything that needs no database; application and owner are what the typed ones were resolved to.
    pub fn check(
        &self,
        before: Option<&EntitlementContent>,
        application: ApplicationId,
        owner: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> EntitlementContent {
        let display_name = errors.required("display_name", "The name", &self.display_name, 200);
        let name = technical_name(&self.name, errors);
        let kind = EntitlementKind::from_word(&self.kind).unwrap_or_else(|| {
            errors.add(
                "kind",
                "Choose what this is: account, group, permission, licence or feature.",
            );
            EntitlementKind::Permission
        });
        let resource_type = errors.line(
            "resource_type",
            "The resource type",
            &self.resource_type,
            100,
        );
        let resource_id = errors.line("resource_id", "The resource id", &self.resource_id, 200);
        if resource_type.is_empty() && !resource_id.is_empty() {
            errors.add(
                "resource_type",
                "A resource id needs its resource type. Enter the type, like invoice.",
            );
        }
        EntitlementContent {
            application,
            name,
            display_name,
            description: errors.text("description", "The description", &self.description, 2000),
            kind,
            actions: self.check_actions(errors),
            resource_type,
            resource_id,
            risk: optional_level("risk", &self.risk, errors),
            owner,
            requestable: self.requestable,
            status: before.map_or(Lifecycle::Active, |b| b.status),
            source: before.and_then(|b| b.source),
        }
    }

    fn check_actions(&self, errors: &mut FieldErrors) -> Vec<String> {
        let mut actions: Vec<String> = Vec::new();
        let parts = self
            .actions
            .split(|c: char| c == ';' || c == ',' || c.is_whitespace());
        for word in parts.filter(|word| !word.is_empty()) {
            if word.chars().count() > 60
                || word
                    .chars()
                    .any(|c| !(c.is_alphanumeric() || "_-.:".contains(c)))
            {
                errors.add(
                    "actions",
                    format!("“{word}” is no action. Use words like read; write; approve."),
                );
                break;
            }
            if !actions.iter().any(|known| known == word) {
                actions.push(word.to_owned());
            }
        }
        if actions.len() > 50 {
            errors.add(
                "actions",
                "More than 50 actions. Split this into several entitlements.",
            );
        }
        actions
    }
}
