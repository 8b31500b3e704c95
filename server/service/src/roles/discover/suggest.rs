//! What a found role could be called: what at least four fifths of its members share, else what is in it.

use std::collections::{BTreeMap, HashMap, HashSet};

use domain::discovery::{Proposal, Proposed};
use domain::id::EntitlementId;
use domain::text;

use super::gather::{Gathered, Places};
use crate::effective::NamedEntitlement;

/// Letters of a suggested name, below what a role's name may have.
const LONGEST: usize = 160;

/// A name for each role, no two the same without regard to case.
pub(super) fn names(
    proposal: &Proposal,
    places: &Places,
    entitlements: &BTreeMap<EntitlementId, NamedEntitlement>,
) -> Vec<String> {
    let holders = holders(proposal);
    let mut used = HashSet::new();
    let mut all = Vec::with_capacity(proposal.roles.len());
    for role in &proposal.roles {
        let what = content(role, entitlements, &holders);
        let who = shared(role, places);
        let mut wanted = Vec::new();
        wanted.extend(who.clone());
        wanted.push(match who {
            Some(who) => format!("{who} · {what}"),
            None => what,
        });
        all.push(free(&wanted, &mut used));
    }
    all
}

/// A technical name: lower case, with hyphens for everything that is no letter or digit.
pub(super) fn technical(name: &str) -> String {
    let folded = text::fold(name);
    let parts = folded.split(|letter: char| !letter.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "role".to_owned()
    } else {
        parts.join("-")
    }
}

/// The first name that is not used yet, with a number when all are.
fn free(wanted: &[String], used: &mut HashSet<String>) -> String {
    let cut = |name: &str| name.chars().take(LONGEST).collect::<String>();
    for name in wanted {
        let name = cut(name);
        if used.insert(text::key(&name)) {
            return name;
        }
    }
    let last = cut(wanted.last().map_or("Role", String::as_str));
    let mut number = 2_u64;
    loop {
        let name = format!("{last} {number}");
        if used.insert(text::key(&name)) {
            return name;
        }
        number += 1;
    }
}

/// `Clerk, Finance`, or one of the two: what at least four fifths of the members share.
fn shared(role: &Proposed, places: &Places) -> Option<String> {
    let mut departments: HashMap<u32, usize> = HashMap::new();
    let mut titles: HashMap<u32, usize> = HashMap::new();
    for (department, title) in role.users.iter().filter_map(|user| places.of(*user)) {
        *departments.entry(department).or_default() += 1;
        *titles.entry(title).or_default() += 1;
    }
    let most = |counts: &HashMap<u32, usize>| {
        let (number, count) = counts
            .iter()
            .max_by_key(|(number, count)| (**count, **number))?;
        let enough = *count * 5 >= role.users.len() * 4;
        let text = places.text(*number);
        (enough && !text.is_empty()).then(|| text.to_owned())
    };
    match (most(&titles), most(&departments)) {
        (Some(title), Some(department)) => Some(format!("{title}, {department}")),
        (title, department) => title.or(department),
    }
}

/// How many of the members of all roles hold each entitlement, roughly: who holds two roles with it counts twice.
fn holders(proposal: &Proposal) -> HashMap<u32, usize> {
    let mut holders: HashMap<u32, usize> = HashMap::new();
    for role in &proposal.roles {
        for permission in &role.permissions {
            *holders.entry(*permission).or_default() += role.users.len();
        }
    }
    holders
}

/// `SAP: Post invoices`: the application of which the most is in it, and of that the entitlement that the fewest people
/// have, which tells the most.
fn content(
    role: &Proposed,
    entitlements: &BTreeMap<EntitlementId, NamedEntitlement>,
    holders: &HashMap<u32, usize>,
) -> String {
    let mut by_application: BTreeMap<_, Vec<(usize, &NamedEntitlement)>> = BTreeMap::new();
    for permission in &role.permissions {
        if let Some(named) = entitlements.get(&EntitlementId::from_raw(i64::from(*permission))) {
            let held = holders.get(permission).copied().unwrap_or(0);
            let some = by_application.entry(named.application).or_default();
            some.push((held, named));
        }
    }
    let largest = by_application
        .values()
        .max_by_key(|some| some.len())
        .and_then(|some| some.iter().min_by_key(|(held, named)| (*held, named.id)));
    match largest {
        Some((_, named)) => format!("{}: {}", named.application_display, named.display_name),
        None => "Role".to_owned(),
    }
}

impl Gathered {
    /// A name for each role of a proposal that was found in this.
    pub(super) fn suggest(&self, proposal: &Proposal) -> Vec<String> {
        names(proposal, &self.places, &self.names)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn technical_names_have_no_blanks_and_no_capitals() {
        assert_eq!(
            technical("Clerk, Finance · SAP: Post"),
            "clerk-finance-sap-post"
        );
        assert_eq!(technical("Müller & Söhne"), "muller-sohne");
        assert_eq!(technical("…"), "role");
    }

    #[test]
    fn no_two_names_are_the_same() {
        let mut used = HashSet::new();
        let wanted = ["Finance".to_owned(), "Finance · SAP: Post".to_owned()];
        let names: Vec<String> = (0..4).map(|_| free(&wanted, &mut used)).collect();
        assert_eq!(
            names,
            [
                "Finance",
                "Finance · SAP: Post",
                "Finance · SAP: Post 2",
                "Finance · SAP: Post 3"
            ]
        );
    }
}
