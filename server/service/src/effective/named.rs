//! Names of what a derivation goes through.

use std::collections::{BTreeMap, BTreeSet};

use domain::id::{ApplicationId, EntitlementId, IdentityId, RoleId, RuleId, SourceId};
use domain::lifecycle::Level;
use domain::role::Grantable;
use storage::ReadTx;

use crate::Result;

/// An entitlement with its application, as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedEntitlement {
    /// Which.
    pub id: EntitlementId,
    /// Technical name.
    pub name: String,
    /// Name for people.
    pub display_name: String,
    /// What it lets a person do.
    pub description: String,
    /// How bad it is in wrong hands.
    pub risk: Option<Level>,
    /// The application that grants it.
    pub application: ApplicationId,
    /// Its technical name.
    pub application_name: String,
    /// Its name for people.
    pub application_display: String,
}

impl NamedEntitlement {
    /// Whether folded words are all in its names or in those of its application.
    pub fn has_words(&self, words: &[&str]) -> bool {
        words.is_empty() || {
            let names = [
                &self.display_name,
                &self.name,
                &self.application_display,
                &self.application_name,
            ];
            let text = names.map(|name| domain::text::fold(name)).join(" ");
            words.iter().all(|word| text.contains(word))
        }
    }

    /// Sorts by application and name; applications of the same name stay apart.
    pub(crate) fn order(&self) -> (String, ApplicationId, String, EntitlementId) {
        let fold = domain::text::fold;
        (
            fold(&self.application_display),
            self.application,
            fold(&self.display_name),
            self.id,
        )
    }
}

/// A role, as a derivation shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRole {
    /// Which.
    pub id: RoleId,
    /// Name for people.
    pub display_name: String,
}

/// Names by id.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) entitlements: BTreeMap<EntitlementId, NamedEntitlement>,
    pub(crate) roles: BTreeMap<RoleId, String>,
    pub(crate) rules: BTreeMap<RuleId, String>,
    pub(crate) people: BTreeMap<IdentityId, String>,
    pub(crate) sources: BTreeMap<SourceId, String>,
}

/// What is to be named.
#[derive(Debug, Default)]
pub(super) struct Wanted {
    pub(super) entitlements: BTreeSet<EntitlementId>,
    pub(super) roles: BTreeSet<RoleId>,
    pub(super) rules: BTreeSet<RuleId>,
    pub(super) people: BTreeSet<IdentityId>,
    pub(super) sources: BTreeSet<SourceId>,
}

impl Wanted {
    pub(super) fn add(&mut self, what: Grantable) {
        match what {
            Grantable::Entitlement(id) => {
                self.entitlements.insert(id);
            }
            Grantable::Role(id) => {
                self.roles.insert(id);
            }
        }
    }
}

impl Names {
    pub(super) async fn read(tx: &mut ReadTx, wanted: Wanted) -> Result<Self> {
        let mut names = Self::default();
        names
            .add_entitlements(tx, &list(wanted.entitlements))
            .await?;
        let roles = list(wanted.roles);
        if !roles.is_empty() {
            let roles = tx.roles_with(&roles).await?.into_iter();
            names.roles = roles
                .map(|role| (role.id, role.content.display_name))
                .collect();
        }
        for id in wanted.rules {
            let name = tx.rule(id).await?.map(|rule| (id, rule.content.name));
            names.rules.extend(name);
        }
        let people = list(wanted.people);
        if !people.is_empty() {
            let people = tx.identity_names(&people).await?.into_iter();
            names.people = people
                .map(|person| (person.id, person.display_name))
                .collect();
        }
        for id in wanted.sources {
            let name = tx.source(id).await?.map(|source| (id, source.content.name));
            names.sources.extend(name);
        }
        Ok(names)
    }

    /// Entitlements with their applications.
    pub(crate) async fn add_entitlements(
        &mut self,
        tx: &mut ReadTx,
        ids: &[EntitlementId],
    ) -> Result<()> {
        if ids.is_empty() {
            return Ok(());
        }
        let entitlements = tx.entitlements_with(ids).await?;
        let applications: BTreeSet<_> = entitlements
            .iter()
            .map(|found| found.content.application)
            .collect();
        let applications: BTreeMap<ApplicationId, (String, String)> = tx
            .applications_with(&list(applications))
            .await?
            .into_iter()
            .map(|found| (found.id, (found.content.name, found.content.display_name)))
            .collect();
        for found in entitlements {
            let content = found.content;
            let (application_name, application_display) = applications
                .get(&content.application)
                .cloned()
                .unwrap_or_default();
            let named = NamedEntitlement {
                id: found.id,
                name: content.name,
                display_name: content.display_name,
                description: content.description,
                risk: content.risk,
                application: content.application,
                application_name,
                application_display,
            };
            self.entitlements.insert(found.id, named);
        }
        Ok(())
    }

    /// What something is called.
    pub(crate) fn of(&self, what: Grantable) -> String {
        match what {
            Grantable::Entitlement(id) => self
                .entitlements
                .get(&id)
                .map_or_else(|| id.to_string(), |named| named.display_name.clone()),
            Grantable::Role(id) => self.role(id),
        }
    }

    pub(super) fn role(&self, id: RoleId) -> String {
        self.roles
            .get(&id)
            .cloned()
            .unwrap_or_else(|| id.to_string())
    }
}

/// Entitlements by id, with names.
pub(crate) async fn names_of(
    tx: &mut ReadTx,
    ids: &[EntitlementId],
) -> Result<BTreeMap<EntitlementId, NamedEntitlement>> {
    let mut names = Names::default();
    names.add_entitlements(tx, ids).await?;
    Ok(names.entitlements)
}

fn list<T>(set: BTreeSet<T>) -> Vec<T> {
    set.into_iter().collect()
}
