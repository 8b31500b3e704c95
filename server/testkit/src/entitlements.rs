//! Contents of entitlements.

use domain::entitlement::{EntitlementContent, EntitlementKind};
use domain::id::{ApplicationId, IdentityId};
use domain::lifecycle::{Level, Lifecycle};
use domain::text;

/// An active, requestable permission of this name in an application; technical name as in
/// [`an_application`](crate::an_application).
pub fn an_entitlement(application: ApplicationId, name: &str) -> EntitlementBuilder {
    EntitlementBuilder(EntitlementContent {
        application,
        name: text::fold(name).replace(' ', "-"),
        display_name: name.to_owned(),
        description: String::new(),
        kind: EntitlementKind::Permission,
        actions: Vec::new(),
        resource_type: String::new(),
        resource_id: String::new(),
        risk: None,
        owner: None,
        requestable: true,
        source: None,
        status: Lifecycle::Active,
    })
}

/// An entitlement's content in the making.
#[derive(Debug, Clone)]
pub struct EntitlementBuilder(EntitlementContent);

impl EntitlementBuilder {
    /// Sets the technical name.
    #[must_use]
    pub fn name(mut self, name: &str) -> Self {
        name.clone_into(&mut self.0.name);
        self
    }

    /// Sets what it lets a person do.
    #[must_use]
    pub fn description(mut self, description: &str) -> Self {
        description.clone_into(&mut self.0.description);
        self
    }

    /// Sets what kind of thing it is.
    #[must_use]
    pub fn kind(mut self, kind: EntitlementKind) -> Self {
        self.0.kind = kind;
        self
    }

    /// Sets what may be done.
    #[must_use]
    pub fn actions(mut self, actions: &[&str]) -> Self {
        self.0.actions = actions.iter().map(|&action| action.to_owned()).collect();
        self
    }

    /// Sets the thing it covers.
    #[must_use]
    pub fn resource(mut self, kind: &str, id: &str) -> Self {
        kind.clone_into(&mut self.0.resource_type);
        id.clone_into(&mut self.0.resource_id);
        self
    }

    /// Sets how bad it is in wrong hands.
    #[must_use]
    pub fn risk(mut self, level: Level) -> Self {
        self.0.risk = Some(level);
        self
    }

    /// Sets who answers for it.
    #[must_use]
    pub fn owner(mut self, owner: IdentityId) -> Self {
        self.0.owner = Some(owner);
        self
    }

    /// Nobody may ask for it.
    #[must_use]
    pub fn not_requestable(mut self) -> Self {
        self.0.requestable = false;
        self
    }

    /// Sets where it is in its life.
    #[must_use]
    pub fn status(mut self, status: Lifecycle) -> Self {
        self.0.status = status;
        self
    }

    /// The content.
    pub fn build(self) -> EntitlementContent {
        self.0
    }
}
