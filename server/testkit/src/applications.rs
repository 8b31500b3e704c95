//! Contents of applications.

use domain::application::ApplicationContent;
use domain::id::IdentityId;
use domain::lifecycle::{Level, Lifecycle};
use domain::text;

/// An active application of this name, with the technical name `cash-desk` for `Cash Desk`.
pub fn an_application(name: &str) -> ApplicationBuilder {
    ApplicationBuilder(ApplicationContent {
        name: text::fold(name).replace(' ', "-"),
        display_name: name.to_owned(),
        description: String::new(),
        owner: None,
        criticality: None,
        status: Lifecycle::Active,
        built_in: false,
        source: None,
    })
}

/// An application's content in the making.
#[derive(Debug, Clone)]
pub struct ApplicationBuilder(ApplicationContent);

impl ApplicationBuilder {
    /// Sets the technical name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.0.name);
        self
    }

    /// Sets what it is for.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        description.clone_into(&mut self.0.description);
        self
    }

    /// Sets who answers for it.
    #[must_use]
    pub fn owner(mut self, owner: IdentityId) -> Self {
        self.0.owner = Some(owner);
        self
    }

    /// Sets how bad it is when it goes wrong.
    #[must_use]
    pub fn criticality(mut self, level: Level) -> Self {
        self.0.criticality = Some(level);
        self
    }

    /// Sets where it is in its life.
    #[must_use]
    pub fn status(mut self, status: Lifecycle) -> Self {
        self.0.status = status;
        self
    }

    /// Makes it the console's own.
    #[must_use]
    pub fn built_in(mut self) -> Self {
        self.0.built_in = true;
        self
    }

    /// The content.
    pub fn build(self) -> ApplicationContent {
        self.0
    }
}
