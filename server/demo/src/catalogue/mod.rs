//! The applications and what they grant, as lists.

mod corporate;
mod finance;
pub(crate) mod given;
pub(crate) mod model;
mod operations;
pub(crate) mod requests;
mod retired;
pub(crate) mod roles;
pub(crate) mod rules;
mod technology;
pub(crate) mod users;

/// An application.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) name: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) description: &'static str,
    /// Title of the lead or head who owns it; empty: nobody has said.
    pub(crate) owner: &'static str,
    /// Word of a level, or empty.
    pub(crate) criticality: &'static str,
    pub(crate) grants: &'static [Grant],
}

/// One thing an application grants.
#[derive(Debug)]
pub(crate) struct Grant {
    pub(crate) name: &'static str,
    pub(crate) display_name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) kind: &'static str,
    pub(crate) actions: &'static str,
    pub(crate) resource_type: &'static str,
    pub(crate) risk: &'static str,
    /// Title of the lead who owns it; empty: the application's owner does.
    pub(crate) owner: &'static str,
    pub(crate) requestable: bool,
}

impl Grant {
    /// People may ask for it.
    const fn ask(self) -> Self {
        Self {
            requestable: true,
            ..self
        }
    }

    /// Owned by whoever has this title.
    const fn owned(self, owner: &'static str) -> Self {
        Self { owner, ..self }
    }
}

const fn grant(
    kind: &'static str,
    name: &'static str,
    display_name: &'static str,
    description: &'static str,
    risk: &'static str,
) -> Grant {
    Grant {
        name,
        display_name,
        description,
        kind,
        actions: "",
        resource_type: "",
        risk,
        owner: "",
        requestable: false,
    }
}

/// An account to sign in with.
const fn account(
    name: &'static str,
    display_name: &'static str,
    description: &'static str,
    risk: &'static str,
) -> Grant {
    grant("account", name, display_name, description, risk)
}

/// Membership of a group.
const fn group(
    name: &'static str,
    display_name: &'static str,
    description: &'static str,
    risk: &'static str,
) -> Grant {
    grant("group", name, display_name, description, risk)
}

/// A licence.
const fn licence(
    name: &'static str,
    display_name: &'static str,
    description: &'static str,
) -> Grant {
    Grant {
        requestable: true,
        ..grant("licence", name, display_name, description, "low")
    }
}

/// A permission: `(actions, resource type)`.
const fn permission(
    name: &'static str,
    display_name: &'static str,
    description: &'static str,
    (actions, resource_type): (&'static str, &'static str),
    risk: &'static str,
) -> Grant {
    Grant {
        actions,
        resource_type,
        ..grant("permission", name, display_name, description, risk)
    }
}

/// Applications in use.
pub(crate) const LIVE: &[&App] = &[
    &finance::ERP,
    &finance::TREASURY,
    &finance::PAYROLL,
    &operations::CUSTOMER_HUB,
    &operations::WAREHOUSE,
    &operations::TRANSPORT,
    &operations::WEB_SHOP,
    &corporate::PEOPLE_RECORDS,
    &corporate::DIRECTORY,
    &technology::SERVICE_DESK,
    &technology::DATA_PLATFORM,
    &technology::SOURCE,
];

/// Applications that are switched off in the course of the history.
pub(crate) const RETIRED: &[&App] = &[&retired::CONTACT_BASE, &retired::SHARED_DRIVES];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::company::departments::DEPARTMENTS;

    #[test]
    fn names_are_unique_and_owners_exist() {
        let titles: BTreeSet<&str> = DEPARTMENTS
            .iter()
            .flat_map(|d| d.teams.iter().map(|t| t.lead).chain([d.head]))
            .chain([""])
            .collect();
        let all: Vec<&App> = LIVE.iter().chain(RETIRED).copied().collect();
        assert_eq!(
            all.iter()
                .map(|app| app.name)
                .collect::<BTreeSet<_>>()
                .len(),
            all.len()
        );
        for app in all {
            assert!(titles.contains(app.owner), "{}: {}", app.name, app.owner);
            assert_eq!(
                app.grants
                    .iter()
                    .map(|g| g.name)
                    .collect::<BTreeSet<_>>()
                    .len(),
                app.grants.len(),
                "{}",
                app.name
            );
            for grant in app.grants {
                assert!(
                    titles.contains(grant.owner),
                    "{}: {}",
                    grant.name,
                    grant.owner
                );
            }
        }
    }
}
