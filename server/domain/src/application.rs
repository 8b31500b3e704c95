//! Business systems that grant things.

use serde::Serialize;

use crate::field::FieldErrors;
use crate::id::{ApplicationId, IdentityId, SourceId};
use crate::lifecycle::{Level, Lifecycle};
use crate::time::Instant;

/// The technical name of the built-in application whose entitlements are the rights in this console.
pub const CONSOLE: &str = "bailiwick";

/// What is recorded about an application.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ApplicationContent {
    /// Technical name, as in import files; unique without regard to case.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// Who answers for it.
    pub owner: Option<IdentityId>,
    /// How bad it is when it goes wrong; none when nobody has said.
    pub criticality: Option<Level>,
    /// Where it is in its life.
    pub status: Lifecycle,
    /// The built-in application of the console itself.
    pub built_in: bool,
    /// The source that brought it, and alone may end it; none when a person made it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceId>,
}

/// An application as it is, or was, recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Application {
    /// Its id.
    pub id: ApplicationId,
    /// When this version was recorded.
    pub recorded_from: Instant,
    /// What is recorded.
    pub content: ApplicationContent,
}

/// What a person types into the form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ApplicationDraft {
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it is for.
    pub description: String,
    /// The owner's username or id.
    pub owner: String,
    /// Word of a [`Level`], or empty.
    pub criticality: String,
}

impl ApplicationDraft {
    /// Checks everything that needs no database; `owner` is what the typed owner was resolved to.
    pub fn check(
        &self,
        before: Option<&ApplicationContent>,
        owner: Option<IdentityId>,
        errors: &mut FieldErrors,
    ) -> ApplicationContent {
        let display_name = errors.required("display_name", "The name", &self.display_name, 200);
        let name = technical_name(&self.name, errors);
        ApplicationContent {
            name,
            display_name,
            description: errors.text("description", "The description", &self.description, 2000),
            owner,
            criticality: optional_level("criticality", &self.criticality, errors),
            status: before.map_or(Lifecycle::Active, |b| b.status),
            built_in: before.is_some_and(|b| b.built_in),
            source: before.and_then(|b| b.source),
        }
    }
}

/// A name that files and the decision point use.
pub(crate) fn technical_name(text: &str, errors: &mut FieldErrors) -> String {
    let name = errors.required("name", "The technical name", text, 200);
    if name.starts_with("app_") || name.starts_with("ent_") {
        errors.add(
            "name",
            "The technical name must not begin like an id (app_, ent_). Choose another.",
        );
    }
    name
}

/// An optional choice of four steps.
pub(crate) fn optional_level(
    field: &'static str,
    word: &str,
    errors: &mut FieldErrors,
) -> Option<Level> {
    if word.is_empty() {
        return None;
    }
    let level = Level::from_word(word);
    if level.is_none() {
        errors.add(field, "Choose low, medium, high or critical.");
    }
    level
}
