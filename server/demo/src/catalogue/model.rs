//! Words that roles, rules and grants of the catalogue share, and whether what they speak of is there.

/// What comes into a role and what is taken out of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Filling {
    pub(crate) adds: &'static [&'static str],
    pub(crate) drops: &'static [&'static str],
    pub(crate) reason: &'static str,
}

/// Everything the access model speaks of: `APPLICATION/ENTITLEMENT` or `role:NAME`.
pub(crate) fn spoken_of() -> impl Iterator<Item = &'static str> {
    let parts = super::roles::ROLES.iter().flat_map(|role| role.parts);
    let refills = super::roles::REFILLS.iter();
    let adds = refills.flat_map(|(_, _, filling)| filling.adds);
    let rules = super::rules::RULES.iter().map(|rule| rule.what);
    let given = super::given::GIVEN.iter().map(|given| given.what);
    let excluded = super::given::EXCLUDED.iter().map(|excluded| excluded.what);
    parts
        .chain(adds)
        .copied()
        .chain(rules)
        .chain(given)
        .chain(excluded)
        .chain(super::requests::asked_for())
}

/// Whether the access model or a request speaks of an entitlement, so that it must be recorded before the model is.
pub(crate) fn needs(application: &str, entitlement: &str) -> bool {
    spoken_of().any(|what| what.split_once('/') == Some((application, entitlement)))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use crate::catalogue::LIVE;
    use crate::catalogue::roles::{REFILLS, ROLES};
    use crate::catalogue::rules::RULES;
    use crate::company::departments::DEPARTMENTS;

    use super::*;

    #[test]
    fn everything_it_speaks_of_is_there() {
        for what in spoken_of() {
            let there = match what.strip_prefix("role:") {
                Some(name) => ROLES.iter().any(|role| role.name == name),
                None => LIVE
                    .iter()
                    .flat_map(|app| app.grants.iter().map(move |grant| (app, grant)))
                    .any(|(app, grant)| what == format!("{}/{}", app.name, grant.name)),
            };
            assert!(there, "{what}");
        }
        for (name, _, filling) in REFILLS {
            assert!(ROLES.iter().any(|role| role.name == *name), "{name}");
            assert!(
                filling
                    .drops
                    .iter()
                    .all(|drop| spoken_of().any(|what| what == *drop))
            );
        }
        let titles: BTreeSet<&str> = DEPARTMENTS
            .iter()
            .flat_map(|d| d.teams.iter().map(|t| t.lead).chain([d.head]))
            .chain([""])
            .collect();
        let owners = ROLES.iter().map(|role| role.owner);
        for owner in owners.chain(RULES.iter().map(|rule| rule.owner)) {
            assert!(titles.contains(owner), "{owner}");
        }
    }

    #[test]
    fn roles_stand_on_three_levels_and_two_have_no_owner() {
        let mut levels: BTreeMap<&str, usize> = BTreeMap::new();
        for role in ROLES {
            let inner = role
                .parts
                .iter()
                .filter_map(|part| part.strip_prefix("role:"));
            // What is in another comes before it: a role that is not known yet is a panic here.
            let level = inner.map(|name| levels[name]).max().unwrap_or_default() + 1;
            assert_eq!(levels.insert(role.name, level), None, "{}", role.name);
        }
        let found: BTreeSet<usize> = levels.into_values().collect();
        assert_eq!(found, BTreeSet::from([1, 2, 3]));
        assert_eq!(ROLES.iter().filter(|role| role.owner.is_empty()).count(), 2);
    }
}
